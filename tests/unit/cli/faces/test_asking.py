"""Pages and the clinic's clock, as commands ask for them (PRODUCT C5, S16)."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest

from cli.faces.asking import day_at, moment_at
from cli.faces.options import DAY, MOMENT, Day
from tests.builders.commands import ZONE, FakeInstallation, frontdesk

STOCKHOLM = ZoneInfo(ZONE)


def test_a_list_is_bounded_and_all_of_it_is_one_document(installation: FakeInstallation) -> None:
    installation.answers["patient.find"] = lambda _clinic, **asked: {
        "patients": [{"id": asked.get("cursor", "first")}],
        "next": {None: "second", "second": "third"}.get(asked.get("cursor")),
    }
    some = frontdesk("patients", "find", "solna", "ek", "--json")
    assert json.loads(some.stdout) == {"patients": [{"id": "first"}], "next": "second"}
    whole = frontdesk("patients", "find", "solna", "ek", "--json", "--all")
    found = json.loads(whole.stdout)
    assert ([each["id"] for each in found["patients"]], found["next"]) == (["first", "second", "third"], None)
    assert [asked["limit"] for asked in installation.fields_of("patient.find")] == [50, 200, 200, 200]
    assert frontdesk("patients", "find", "solna", "--limit", "201").exit_code == 2


def test_days_are_those_of_the_clinic_s_clock() -> None:
    far = ZoneInfo("Pacific/Kiritimati")
    for zone in (STOCKHOLM, far):
        today = datetime.now(UTC).astimezone(zone).date()
        assert day_at(Day(None, 1), zone) in {str(today + timedelta(days=each)) for each in (1, 2)}, "unless it struck"
    assert day_at(None, far) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("today", Day(None)), ("tomorrow", Day(None, 1)), ("+7", Day(None, 7)), ("-29", Day(None, -29))],
)
def test_days_have_words(written: str, meant: Day) -> None:
    assert DAY.convert(written, None, None) == meant


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01", "+x", "+99999", "24.12.2026"])
def test_what_is_no_day_is_said(written: str) -> None:
    with pytest.raises(click.BadParameter, match="is no day; write 2026-12-24"):
        DAY.convert(written, None, None)


@pytest.mark.parametrize("written", ["", "2026-12-24", "9:30", "2026-12-24T25:00"])
def test_what_is_no_moment_is_said(written: str) -> None:
    with pytest.raises(click.BadParameter, match="is no moment; write 2026-12-24T09:30"):
        MOMENT.convert(written, None, None)


def test_s16_a_time_is_the_clinic_s_and_one_that_is_not_or_twice_is_refused() -> None:
    def told(written: str) -> str:
        return moment_at(MOMENT.convert(written, None, None), STOCKHOLM, "--start")

    assert told("2026-12-01T09:30") == "2026-12-01T09:30:00+01:00"
    assert told("2026-07-01T09:30") == "2026-07-01T09:30:00+02:00"
    assert told("2026-12-01T09:30+00:00") == "2026-12-01T09:30:00+00:00"
    with pytest.raises(click.BadParameter, match=r"02:30 is left out that night by the clocks\."):
        told("2026-03-29T02:30")
    with pytest.raises(click.BadParameter, match=r"is there twice .*02:30:00\+02:00 or .*02:30:00\+01:00"):
        told("2026-10-25T02:30")
    assert told("2026-10-25T02:30+01:00") == "2026-10-25T02:30:00+01:00"
