"""Holidays are named for whoever reads, out of what is kept for all (PRODUCT S9)."""

from typing import Any

import orjson
import pytest

from gateway.clients.holidays import days_for, holiday_name, named_for
from shared.texts.language import LANGUAGES

CHRISTMAS = {"en": "Christmas Day", "sv": "Juldagen"}


def a_day(holiday: str | None = None, **holidays: str) -> dict[str, Any]:
    """Return a day as availability answers it."""
    row = {"date": "2026-12-25", "level": "none", "free": 0, "holiday": holiday}
    return {**row, "holidays": holidays} if holidays else row


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("sv", "Juldagen"), ("en", "Christmas Day"), ("nb", "Første juledag"), ("da", "Juledag"), ("fr", "Noël"),
        ("fa", "کریسمس"),
    ],
)  # fmt: skip
def test_s9_a_reader_of_each_language_reads_their_own_name(language: str, name: str) -> None:
    assert holiday_name(a_day("Juldagen", **CHRISTMAS), language) == name


def test_the_countrys_own_name_goes_before_a_translation() -> None:
    assert holiday_name(a_day("Annandag jul", en="Second Day of Christmas", sv="Annandagen"), "sv") == "Annandagen"


@pytest.mark.parametrize("name", ["Labor Day", "May Day"])
@pytest.mark.parametrize(("on", "told"), [("2026-05-01", "Första maj"), ("2026-05-04", None), ("2026-09-07", None)])
def test_a_day_of_work_on_another_date_is_not_called_the_first_of_may(name: str, on: str, told: str | None) -> None:
    """It is in September in the United States, and the first Monday of May in the United Kingdom."""
    assert holiday_name({**a_day(name, en=name), "date": on}, "sv") == (told or name)


def test_two_holidays_of_one_date_are_named_each() -> None:
    both = a_day("جشن نوروز; عید سعید فطر", en="Eid al-Fitr; Nowruz", fa="جشن نوروز; عید سعید فطر")
    assert holiday_name(both, "fr") == "Aïd el-Fitr; Norouz"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_translates_has_its_english_name_and_what_has_none_its_own(language: str) -> None:
    assert holiday_name(a_day("Knabenschiessen", en="Knabenschiessen"), language) == "Knabenschiessen"
    assert holiday_name(a_day("Juldagen"), language) == "Juldagen", "a service of version 0.1.0 tells one name"
    assert holiday_name(a_day(), language) is None


def test_answers_hold_one_name_and_stay_as_they_are_without_holidays() -> None:
    ordinary = orjson.dumps({"days": [a_day()]})
    assert named_for(ordinary, "fr") is ordinary
    named = orjson.loads(named_for(orjson.dumps({"days": [a_day(), a_day("Juldagen", **CHRISTMAS)]}), "fr"))
    assert named == {"days": [a_day(), a_day("Noël")]}
    assert days_for([a_day("Juldagen", **CHRISTMAS)], "en") == [a_day("Christmas Day")]
