"""How the pages of the first set-up are drawn."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.here import Here
from gateway.console.new_clinic.answers import LIKE, MOST_TYPES, Answers, Begun
from gateway.console.new_clinic.checking import problems_before
from gateway.console.new_clinic.countries import countries_for
from gateway.console.new_clinic.document import document_of, field_of
from gateway.console.new_clinic.examples import EXAMPLES
from gateway.console.new_clinic.kinds import KINDS
from gateway.console.new_clinic.seeing import coming_days, offered
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_
from shared.identity.numbers import SCHEMES
from shared.texts.language import LANGUAGES, first_weekday, own_name, weekday_names
from shared.texts.territories import territories

TITLES: Mapping[str, str] = {
    "begin": N_("A new clinic"),
    "clinic": N_("What the clinic is called"),
    "people": N_("Who treats, and when"),
    "types": N_("What can be booked"),
    "check": N_("Look at it, and make the clinic"),
}

Errors = Mapping[str, str]


def first(here: Here, answers: Answers, errors: Errors | None = None, *, warning: str | None = None) -> Response:
    """Show the first question; below it, what was begun and not finished."""
    named = dict(territories(here.language))
    examples = [(f"{LIKE}{key}", f"{named[country]} – {here.say(text)}") for key, (country, text) in EXAMPLES.items()]
    return _show(
        here, "begin", answers, errors, warning=warning, countries=countries_for(here.language),
        kinds=[(kind, here.say(text)) for kind, text in KINDS.items()], examples=examples,
        begun=[] if answers.id else Begun(here).listed()[::-1],
    )  # fmt: skip


def questions(here: Here, step: str, answers: Answers, errors: Errors | None = None) -> Response:
    """Show a page of questions."""
    return _show(here, step, answers, errors, **(_follows(here, answers) if step == "clinic" else {}))


def check(here: Here, answers: Answers, errors: Errors | None = None, *, warning: str | None = None) -> Response:
    """Show what the clinic will be, and ask what is left: its address and who administers it."""
    errors, elsewhere = dict(errors or {}), problems_before(here, answers)
    seen: dict[str, Any] = {"offered": [], "days": []}
    if not elsewhere:
        document = document_of(answers, here.language)
        elsewhere = _judged(here, answers, document, errors)
        if not elsewhere:
            seen = {"offered": list(offered(here, document)), "days": list(coming_days(here, document))}
    public_url = here.services.settings.public_url
    is_refused = bool(errors or elsewhere) and here.request.method == "POST"
    return _show(
        here, "check", answers, errors, status=422 if is_refused else 200, warning=warning, public_url=public_url,
        elsewhere=elsewhere, **seen,
    )  # fmt: skip


def _judged(here: Here, answers: Answers, document: Mapping[str, Any], errors: dict[str, str]) -> list[tuple[str, str]]:
    """Return what availability finds wrong on other pages, each with its page; what is wrong here goes to `errors`."""
    availability, words = here.services.availability.with_timeout(LONG_CALL_SECONDS), DocumentWords(here.language)
    elsewhere = []
    for each in availability.check_document(document["clinic"], document=document)["errors"]:
        step, field = field_of(each["path"], answers)
        message = words.mistake(each["message"])
        if step == "check":
            errors.setdefault(field, message)
        else:
            elsewhere.append((step, message))
    return elsewhere


def _follows(here: Here, answers: Answers) -> dict[str, Any]:
    """Return what followed from the country, in words and to be changed."""
    words, language = DocumentWords(here.language), answers["language"]
    first_day = (first_weekday(language) - first_weekday(here.language)) % 7
    return {
        "country": dict(territories(here.language)).get(answers["country"], ""),
        "languages": [(each, own_name(each)) for each in LANGUAGES],
        "identities": [(each, words.choice("identity", each)) for each in SCHEMES],
        "language_name": own_name(language),
        "identity_name": words.choice("identity", answers["identity"]),
        "week_start": weekday_names(here.language)[first_day][1],
    }


def _show(
    here: Here, step: str, answers: Answers, errors: Errors | None, *, status: int | None = None, **context: Any
) -> Response:
    steps = ["begin", *answers.steps]
    place = {"number": steps.index(step) + 1, "of": len(steps)}
    return here.show(
        f"console/new_clinic/{step}.html", status=status or (422 if errors else 200), typed=answers.typed,
        errors=errors, answers=answers, step=step, title=TITLES[step], place=place, rows=range(MOST_TYPES),
        **{"warning": None, **context},
    )  # fmt: skip
