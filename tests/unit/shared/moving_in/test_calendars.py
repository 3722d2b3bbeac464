"""Calendars as tables, and all those that two libraries test themselves with (PRODUCT C14, issue 14)."""

import zipfile
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from shared.moving_in.calendars import COLUMNS
from shared.moving_in.file import read_file
from shared.moving_in.table import Table
from shared.moving_in.unreadable import Unreadable

TODAY = date(2026, 11, 29)
ICAL = Path(__file__).parent / "third_party/ical-14.1.1-testdata.zip"


def calendar(*events: str) -> bytes:
    """Return a calendar of events, each given by its lines."""
    each = ("".join(f"{line}\r\n" for line in event.split("\n")) for event in events)
    body = "".join(f"BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n" for lines in each)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


def table(*events: str) -> Table:
    return read_file(calendar(*events), TODAY).table


def column(found: Table, name: str) -> list[str]:
    return [row.cells[found.columns.index(name)] for row in found.rows]


def calendars_of_others() -> Iterator[tuple[str, bytes]]:
    for path in sorted(Path(str(files("icalendar") / "tests")).rglob("*.ics")):
        yield f"icalendar/{path.name}", path.read_bytes()
    with zipfile.ZipFile(ICAL) as archive:
        for name in archive.namelist():
            yield f"ical/{name}", archive.read(name)


def test_c14_every_calendar_that_others_test_themselves_with_is_read_or_refused_with_a_sentence() -> None:
    read, looked_at = 0, 0
    refusals: dict[str, str] = {}
    for name, content in calendars_of_others():
        looked_at += 1
        try:
            read += bool(read_file(content, TODAY).table.rows)
        except Unreadable as refused:
            refusals[name] = str(refused)
    assert looked_at >= 163 + 88
    assert read > 90
    assert [name for name, sentence in refusals.items() if not sentence.endswith(".")] == []


def test_c14_times_keep_their_zone_and_floating_ones_have_none() -> None:
    found = table(
        "UID:a\nDTSTART;TZID=Europe/Stockholm:20261201T140000\nDTEND;TZID=Europe/Stockholm:20261201T143000",
        "UID:b\nDTSTART:20261202T140000\nDURATION:PT45M",
        "UID:c\nDTSTART:20261203T140000Z",
        "UID:d\nDTSTART;VALUE=DATE:20261204",
    )
    assert column(found, "Start") == [
        "2026-12-01T14:00:00+01:00", "2026-12-02T14:00:00", "2026-12-03T14:00:00+00:00", "2026-12-04",
    ]  # fmt: skip
    assert column(found, "End") == ["2026-12-01T14:30:00+01:00", "2026-12-02T14:45:00", "", ""]


def test_c14_series_are_expanded_with_what_was_changed_and_left_out() -> None:
    found = table(
        "UID:s\nDTSTART;TZID=Europe/Oslo:20261201T100000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        "EXDATE;TZID=Europe/Oslo:20261208T100000\nSUMMARY:Kari Nordmann",
        "UID:s\nRECURRENCE-ID;TZID=Europe/Oslo:20261215T100000\nDTSTART;TZID=Europe/Oslo:20261215T130000",
        "UID:s\nRECURRENCE-ID;TZID=Europe/Oslo:20261222T100000\nSTATUS:CANCELLED\n"
        "DTSTART;TZID=Europe/Oslo:20261222T100000",
    )
    assert column(found, "Start") == ["2026-12-01T10:00:00+01:00", "2026-12-15T13:00:00+01:00"]
    assert column(found, "UID") == ["s 2026-12-01T10:00:00+01:00", "s 2026-12-15T10:00:00+01:00"]


def test_c14_an_endless_series_ends_a_year_ahead_and_keeps_its_hour_over_the_change_of_clocks() -> None:
    starts = column(table("UID:s\nDTSTART;TZID=Europe/Paris:20261130T090000\nRRULE:FREQ=WEEKLY"), "Start")
    assert len(starts) == 53
    assert {start[11:16] for start in starts} == {"09:00"}
    assert {start[19:] for start in starts} == {"+01:00", "+02:00"}


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=SOMETIMES"])
def test_c14_what_repeats_all_day_is_left_out_and_said(rule: str) -> None:
    found = table(f"UID:s\nDTSTART:20261201T100000\nRRULE:{rule}", "UID:a\nDTSTART:20261202T140000")
    assert column(found, "UID") == ["a"]
    assert found.notes == ("Some series repeat too often or cannot be read. They are left out.",)


def test_c14_more_than_is_taken_is_refused_before_it_is_made() -> None:
    series = (f"UID:{number}\nDTSTART:20261201T100000\nRRULE:FREQ=DAILY" for number in range(60))
    with pytest.raises(Unreadable, match="more appointments"):
        table(*series)
    with pytest.raises(Unreadable, match="more appointments"):
        read_file(calendar(*["UID:a\nDTSTART:20261202T140000"] * 3), TODAY, most_events=2)


def test_c14_cancelled_events_are_left_out_and_of_two_states_the_later_holds() -> None:
    found = table(
        "UID:a\nDTSTART:20261201T100000\nSTATUS:CANCELLED",
        "UID:b\nDTSTART:20261202T100000\nSEQUENCE:0",
        "UID:b\nDTSTART:20261202T110000\nSEQUENCE:2",
    )
    assert column(found, "Start") == ["2026-12-02T11:00:00"]


def test_c14_the_parts_of_a_summary_and_the_guest_are_columns_by_themselves() -> None:
    found = table(
        "UID:a\nDTSTART:20261201T100000\nSUMMARY:Anna Berg - Undersökning\n"
        "ORGANIZER;CN=Dr. Lund:mailto:lund@x.example\n"
        "ATTENDEE:mailto:lund@x.example\nATTENDEE;CN=Anna Berg:mailto:anna@x.example\nCATEGORIES:Exam,New",
        "UID:b\nDTSTART:20261202T100000\nSUMMARY:Lunch",
    )
    assert [each for each in found.columns if each not in COLUMNS] == ["Summary, part 1", "Summary, part 2"]
    assert column(found, "Summary, part 1") == ["Anna Berg", "Lunch"]
    assert column(found, "Summary, part 2") == ["Undersökning", ""]
    assert (column(found, "Attendee")[0], column(found, "Attendee email")[0]) == ("Anna Berg", "anna@x.example")
    assert (column(found, "Organizer")[0], column(found, "Categories")[0]) == ("Dr. Lund", "Exam, New")


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\n" * 5000,
        b"BEGIN:VCALENDAR\r\nX:" + b"a" * 10_000_000 + b"\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        calendar("UID:a\nSUMMARY:Nothing else"),
    ],
    ids=["nested", "line", "empty", "card", "without time"],
)
def test_c14_hostile_and_empty_calendars_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        read_file(content, TODAY)
