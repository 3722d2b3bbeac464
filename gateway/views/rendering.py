"""Pages from templates: one environment per language, so that texts, dates and digits are the reader's."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from werkzeug.wrappers import Response

from gateway.http.headers import page_policy
from gateway.http.wording import LOCALES, N_
from gateway.views.fields import answer_text
from gateway.views.own_texts import OwnText, marked
from gateway.views.static_files import address_of
from shared.identity.numbers import readable_number
from shared.identity.telephones import readable_phone
from shared.texts import language as languages

_STATES: Mapping[str, str] = {
    "planned": N_("planned"),
    "sent": N_("sent"),
    "delivered": N_("delivered"),
    "failed": N_("failed"),
    "withdrawn": N_("withdrawn"),
}

_NAMELESS = N_("No name given")

_WINGS = Path(__file__).parents[1]


def page(
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    frame_ancestors: Sequence[str] = ("'none'",),
    images: Sequence[str] = (),
    frames: Sequence[str] = ("'none'",),
) -> Response:
    """Return the page that a template shows, named by its wing: `public/when.html`.

    `frame_ancestors` may show it inside theirs (B16); images come from `images` as well (B17); `frames` are what the
    page may show inside itself.
    """
    text = _environment(language).get_template(template).render(context)
    response = Response(text, status, mimetype="text/html")
    response.headers["Content-Language"] = language
    response.headers["Content-Security-Policy"] = page_policy(frame_ancestors, images, frames=frames)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


def moment(text: str, zone: ZoneInfo | None = None) -> datetime:
    """Return the moment that an RPC answer writes, in `zone` where one is given."""
    read = datetime.fromisoformat(text)
    return read.astimezone(zone) if zone else read


def _loader() -> PrefixLoader:
    """Return what finds templates where they lie: with their wing, in its folder `templates`."""
    return PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in _WINGS.glob("*/templates")})


@functools.cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=_loader(),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = languages.translations(LOCALES, language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    environment.filters |= _filters(language)

    def said(label: str) -> Any:
        """Return a label: of ours as translated, of a clinic's as it wrote it."""
        return marked(label, language) if isinstance(label, OwnText) else catalogue.gettext(label)

    def person(whose: Mapping[str, Any]) -> str:
        """Return a patient's name; a clinic need not ask for one."""
        name = " ".join(filter(None, (whose["first_name"], whose["last_name"])))
        return name or catalogue.gettext(_NAMELESS)

    environment.filters |= {"said": said, "person": person}
    environment.globals |= {
        "answer_text": functools.partial(answer_text, language=language, say=catalogue.gettext),
        "state_text": lambda state: catalogue.gettext(_STATES.get(state, state)),
        "static": address_of,
        "date_parts": functools.partial(languages.calendar_parts, language=language),
        "colon": languages.colon(language),
        "comma": languages.comma(language),
        "language": language,
        "direction": "rtl" if languages.is_right_to_left(language) else "ltr",
        "all_languages": [(code, languages.own_name(code)) for code in languages.LANGUAGES],
    }
    return environment


def _filters(language: str) -> dict[str, Any]:
    def full_date(day: date) -> str:
        return languages.format_date(day, language)

    def coming_day(moment: datetime) -> str:
        return languages.format_day(moment.date(), language)

    def short_date(day: date) -> str:
        return languages.format_short_date(day, language)

    def time_of_day(moment: datetime) -> str:
        return languages.format_time(moment, language)

    def full_moment(moment: datetime) -> str:
        return languages.format_moment(moment, language)

    def short_moment(moment: datetime) -> str:
        return languages.format_short_moment(moment, language)

    def birth_date(day: date) -> str:
        return languages.format_birth_date(day, language)

    def digits(value: object) -> str:
        return languages.format_number(str(value), language)

    return {
        "full_date": full_date,
        "coming_day": coming_day,
        "short_date": short_date,
        "birth_date": birth_date,
        "time_of_day": time_of_day,
        "full_moment": full_moment,
        "short_moment": short_moment,
        "digits": digits,
        "own": functools.partial(marked, language=language),
        "telephone": readable_phone,
        "identity": _identity,
        "pair": _pair,
        "ltr": _left_to_right,
    }


def _identity(identity: Mapping[str, str]) -> str:
    """Return a national number as it is printed on people's cards."""
    return readable_number(identity["scheme"], identity["number"])


def _pair(text: str) -> tuple[str, str]:
    """Return a choice as its value and its label."""
    return text, text


def _left_to_right(text: str) -> str:
    """Return a number or address isolated from the direction of the text around it (Unicode, LRI … PDI)."""
    return f"\u2066{text}\u2069"
