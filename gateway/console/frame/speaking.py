"""Which language the console speaks to somebody, and what it says of refusals."""

from typing import Any

from gateway.console.frame.typed import Typed
from gateway.http.answers import status_of
from gateway.http.request import Request
from gateway.http.wording import LOCALES, field_errors, reader_language, sentence_of
from shared.contracts.errors import Forbidden, LoginRequired, NotFound, Refusal, Timeout, Unavailable
from shared.texts.language import LANGUAGES, translations

LANGUAGE_COOKIE = "__Host-language"
"""The language that somebody has chosen on this machine; it says nothing else of them."""

_OF_THE_PAGE = (LoginRequired, Forbidden, NotFound, Unavailable, Timeout)
"""Refusals that are no answer to what was typed."""


def language_of(request: Request) -> str:
    """Return the language that the reader wants: of the address, chosen before, or the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    wanted = request.values.get("lang") or (chosen if chosen in LANGUAGES else None)
    return reader_language(request.headers.get("Accept-Language"), wanted)


def say_in(language: str, text: str, **values: object) -> str:
    """Return a text of ours in a language, with values in their places `{so}`."""
    said: str = translations(LOCALES, language).gettext(text)
    return said.format(**values) if values else said


def told(refused: Refusal, language: str, typed: Typed, also: tuple[type[Refusal], ...] = ()) -> dict[str, Any]:
    """Return how a form is shown again that was refused: its status, what was typed, and errors by field.

    What belongs to no field stands under "". Raise the refusal again where it is none of the form's, such as that
    somebody may not do this at all, unless it is one of those that are `also` told there.
    """
    if isinstance(refused, _OF_THE_PAGE) and not isinstance(refused, also):
        raise refused
    errors = {name: texts[0] for name, texts in field_errors(refused, language).items() if texts}
    return {"status": status_of(refused), "typed": typed, "errors": errors or {"": sentence_of(refused, language)}}
