"""What is usual in a country, to begin a new clinic's set-up with: everything is the clinic's to change."""

import functools
from dataclasses import dataclass
from importlib import resources
from zoneinfo import available_timezones

from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from shared.texts.language import LANGUAGES

_ALSO = {"no": "nb"}
_OF_FRENCH_SPEAKERS = {"CH": "fr"}
"""Where several of our languages are official, or one of them is written here for a part of the country."""


@dataclass(frozen=True)
class Customs:
    """The first language of ours that is spoken there, None where none is; the time zone of most people; the money."""

    language: str | None
    zone: str | None
    currency: str | None


@functools.cache
def customs_of(country: str) -> Customs:
    """Return what is usual in a country (ISO 3166-1); what is not known of it is None."""
    spoken = (_ALSO.get(code, code) for code in get_official_languages(country, de_facto=True))
    language = _OF_FRENCH_SPEAKERS.get(country) or next((code for code in spoken if code in LANGUAGES), None)
    return Customs(language, _zones().get(country), next(iter(get_territory_currencies(country)), None))


@functools.cache
def _zones() -> dict[str, str]:
    """Return each country's most populous zone: the first of its rows in the time zone database's own table."""
    found: dict[str, str] = {}
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, zone)
    return {country: zone for country, zone in found.items() if zone in available_timezones()}
