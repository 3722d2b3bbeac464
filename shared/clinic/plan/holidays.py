"""Public holidays by name, from the `holidays` package (PRODUCT S9)."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

PACKAGE_CODES = {"en": "en", "sv": "sv", "nb": "no", "da": "da", "fr": "fr", "fa": "fa"}
"""Each of our languages (CONTRACTS 2), with what the package calls it."""


class Holiday(NamedTuple):
    """What its country calls a holiday, and what it is called in those of our languages that the package has."""

    own_name: str
    names: Mapping[str, str]


class PublicHolidays:
    """The public holidays of a country (and region), worked out year by year when first asked for."""

    def __init__(self, country: str | None, region: str | None = None, language: str | None = None) -> None:
        self._country = country
        self._region = region
        self._language = language

    def get(self, day: date) -> str | None:
        """Return the name of the holiday on `day`, or None.

        Names are in the language asked for where the package has it, else in the country's own. A country or
        region that the package does not know has no holidays.
        """
        found = self._found(day)
        return None if found is None else found.names.get(self._language or "", found.own_name)

    def names(self, day: date) -> Mapping[str, str]:
        """Return the name of the holiday on `day` by language, in those that the package has; empty for none."""
        found = self._found(day)
        return {} if found is None else found.names

    def _found(self, day: date) -> Holiday | None:
        return None if self._country is None else _of_year(self._country, self._region, day.year).get(day)


@lru_cache(maxsize=256)
def _of_year(country: str, region: str | None, year: int) -> Mapping[date, Holiday]:
    from holidays import country_holidays  # here, so that a clinic without a country never pays for loading it

    def in_language(code: str | None) -> dict[date, str]:
        calendar = country_holidays(country, subdiv=region, years=year, language=code)
        doubts = list(_doubts(calendar))
        return {day: _without(doubts, name) for day, name in calendar.items()}

    try:
        known = country_holidays(country, subdiv=region)
    except NotImplementedError:
        return {}
    named = {language: in_language(code) for language, code in _spoken(known.supported_languages)}
    own = in_language(known.default_language)
    return {
        day: Holiday(name, {language: names[day] for language, names in named.items()}) for day, name in own.items()
    }


def _spoken(codes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield those of our languages that are among the package's, each with what the package calls it."""
    for language, wanted in PACKAGE_CODES.items():
        if code := next((code for code in codes if code.split("_")[0] == wanted), None):
            yield language, code


def _doubts(calendar: Any) -> Iterator[str]:
    """Yield what the package puts behind the name where it has worked a date out: `(estimated)`, in that language."""
    for label in ("estimated_label", "observed_estimated_label"):
        if written := getattr(calendar, label, None):
            yield str(calendar.tr(written)).partition("%s")[2]


def _without(doubts: list[str], name: str) -> str:
    for doubt in filter(None, doubts):
        name = name.replace(doubt, "")
    return name
