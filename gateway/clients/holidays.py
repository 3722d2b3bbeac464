"""Public holidays as the reader calls them: answers hold their names in the languages that are known (PRODUCT S9).

What availability works out is kept for readers of all languages; each is told one name, here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from gateway.http.wording import LOCALES, N_
from shared.texts.language import translations

Row = Mapping[str, Any]

_MARK = b'"holidays":'
_BETWEEN = "; "
"""What stands between two holidays of one date."""

KNOWN = (
    N_("New Year's Day"), N_("Epiphany"), N_("Maundy Thursday"), N_("Good Friday"), N_("Easter Sunday"),
    N_("Easter Monday"), N_("May Day"), N_("Labor Day"), N_("Ascension Day"), N_("Pentecost"), N_("Pentecost Monday"),
    N_("National Day"), N_("Constitution Day"), N_("Midsummer Day"), N_("Assumption Day"), N_("All Saints' Day"),
    N_("Christmas Eve"), N_("Christmas Day"), N_("Second Day of Christmas"), N_("Saint Stephen's Day"),
    N_("Nowruz"), N_("Nowruz Holiday"), N_("Eid al-Fitr"), N_("Eid al-Fitr Holiday"), N_("Eid al-Adha"), N_("Ashura"),
)  # fmt: skip
"""The English names of holidays which the catalogues translate, for readers of a language that the country has not."""

_OF_MAY_FIRST = frozenset({"May Day", "Labor Day"})
"""Those that the catalogues call by this date; some countries have them on another."""


def named_for(body: bytes, language: str | None) -> bytes:
    """Return the answer `{"days": […]}` with each holiday under the name that `language` has for it.

    Where the reader has not said a language (None), it is the name at the clinic.
    """
    if _MARK not in body:
        return body
    return orjson.dumps({"days": days_for(orjson.loads(body)["days"], language)})


def days_for(rows: Iterable[Row], language: str | None) -> list[dict[str, Any]]:
    """Return the days, each holiday under its one name for the reader."""
    return [
        {**{key: value for key, value in row.items() if key != "holidays"}, "holiday": holiday_name(row, language)}
        for row in rows
    ]


def holiday_name(row: Row, language: str | None) -> str | None:
    """Return what the holiday on a day is called in a language: as its country says it there, else translated.

    Where that is not known it has its English name; None on any other day.
    """
    names: Mapping[str, str] = row.get("holidays") or {}
    if language is None or language in names or "en" not in names:
        return names.get(language or "") or row["holiday"]
    known = translations(LOCALES, language).gettext

    def say(name: str) -> str:
        return name if name in _OF_MAY_FIRST and not row["date"].endswith("-05-01") else known(name)

    return _BETWEEN.join(say(part) for part in names["en"].split(_BETWEEN))
