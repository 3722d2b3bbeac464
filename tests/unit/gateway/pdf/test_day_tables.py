"""A day's bookings as a table for spreadsheet programs (PRODUCT C11, C16)."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from gateway.pdf.day_lists import lines_of
from gateway.pdf.day_tables import table_of
from services.availability.document import check
from shared.texts.csv_text import csv_text
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import DOCUMENT

DAY = date(2026, 12, 1)


def rows_of(language: str, *bookings: dict[str, Any]) -> list[list[str]]:
    """Return what a spreadsheet reads of a day's table."""
    document = check(DOCUMENT).document
    text = csv_text(table_of(lines_of(bookings, document, language), document["country"], DAY, language))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_c16_it_holds_what_it_takes_to_call_somebody_back() -> None:
    came = a_booking(arrived_at="2026-12-01T13:58:00+01:00", message="Two lines,\nof text; and signs")
    head, row = rows_of("en", came)
    assert head == [
        "Date", "From", "Until", "Practitioner", "Patient", "Telephone", "Type", "Room", "Status", "Message",
        "Reference",
    ]  # fmt: skip
    assert row[:3] == ["2026-12-01", "14:00", "14:45"]
    assert row[4:6] == ["Maja Ek", "070-174 06 05"]
    assert row[8:] == ["Arrived", "Two lines,\nof text; and signs", "7K3M9QX2VT"]


def test_c16_it_is_in_the_reader_s_language_with_its_calendar_and_digits() -> None:
    head, row = rows_of("fa", a_booking())
    assert (head[0], row[0], row[1]) == ("تاریخ", "۱۴۰۵-۰۹-۱۰", "۱۴:۰۰")


def test_what_was_cancelled_is_left_out_and_an_empty_day_has_its_columns() -> None:
    assert len(rows_of("sv", a_booking(status="cancelled"))) == 1


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_c16_no_cell_is_a_formula(text: str) -> None:
    _, row = rows_of("en", a_booking(message=text, patient={"first_name": text, "last_name": "", "mobile": None}))
    assert (row[4], row[9]) == (f"'{text}", f"'{text}")


def test_without_the_mark_it_is_for_programs() -> None:
    assert csv_text([["a", "b"]], marked=False) == "a;b\r\n"
