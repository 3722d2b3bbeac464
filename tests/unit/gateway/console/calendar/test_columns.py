"""The calendar's columns from what the services answer (PRODUCT C6)."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from gateway.console.calendar.clinic import CalendarClinic, calendar_clinic
from gateway.console.calendar.columns import Column, columns_of_people, columns_of_rooms, hours_of
from gateway.console.calendar.places import Span
from gateway.console.calendar.said import sentence_of
from tests.builders.gateway.calendars import a_booking, a_calendar, a_clinic

ZONE = ZoneInfo("Europe/Stockholm")


def names(language: str = "en") -> CalendarClinic:
    return calendar_clinic(a_clinic(), language)


def columns(*bookings: dict[str, Any], wanted: tuple[str, ...] = ("anna", "erik")) -> list[Column]:
    return columns_of_people(a_calendar(*bookings), names(), ZONE, wanted, "Absent")


def test_c6_a_practitioners_column_holds_plan_absences_and_bookings_at_their_times() -> None:
    anna, erik = columns(a_booking(), a_booking("B", practitioner="erik", start="09:00", end="09:45"))
    assert [(each.name, each.place, each.look, each.online) for each in anna.blocks] == [
        ("Undersökning", "h8 d4", "k0", True), ("Lunch", "h12 d1", "k1", False),
    ]  # fmt: skip
    assert [(each.name, each.place) for each in anna.absences] == [("Kurs", "h15 d2")]
    assert [(card.reference, card.place, card.patient) for card in anna.cards] == [("A", "h14 m6 e6", "Eva Lind")]
    assert [(card.reference, card.place) for card in erik.cards] == [("B", "h9 e9")]
    assert hours_of([anna, erik], whole_day=False) == Span(8 * 60, 15 * 60)


def test_only_the_wanted_are_shown() -> None:
    assert [each.named.key for each in columns(wanted=("erik",))] == ["erik"]


def test_free_places_stand_between_bookings_and_outside_absences_in_order_of_time() -> None:
    anna, _ = columns(a_booking())
    entries = anna.entries(Span(14 * 60, 16 * 60))
    assert [(f"{each.start:%H:%M}", each.is_free) for each in entries] == [
        ("14:00", True),
        ("14:15", True),
        ("14:30", False),
    ]
    assert entries[0].start.isoformat() == "2026-12-01T14:00:00+01:00"
    assert anna.offset == "+01:00"


def test_an_absence_can_be_read_where_bookings_stand_in_it() -> None:
    anna, _ = columns(a_booking("A", "15:00", "15:30"), a_booking("B", "16:00", "16:45"))
    assert [each.place for each in anna.away] == ["h15 m6 e6", "h16 m9 e3"]
    covered, _ = columns(a_booking("A", "15:00", "17:00"))
    assert [each.place for each in covered.away] == ["h15 d2"]


def test_c6_a_booking_bears_its_marks_what_came_of_it_first() -> None:
    arrived = a_booking(arrived_at="2026-12-01T14:25:00+01:00", message="Ring på", has_note=True, failed_message=True)
    (card,) = columns(arrived)[0].cards
    assert card.marks == ("arrived", "failed", "message", "note", "web")
    (missed,) = columns(a_booking(status="missed", origin="recall", not_told=True))[0].cards
    assert missed.marks == ("missed", "not_told", "recall")


def test_c6_a_screen_reader_hears_when_who_what_and_how() -> None:
    (card,) = columns(a_booking())[0].cards
    assert sentence_of(card, "en", str) == "Tuesday 1 December, 14:30, Eva Lind, Examination, booked on the web"


def test_s12_a_room_has_the_bookings_that_use_it_and_nobody_books_it_alone() -> None:
    answer = a_calendar(a_booking(resources=["room-2"]))
    one, two = columns_of_rooms(answer, names(), ZONE, "Absent")
    assert (one.named.name, one.cards, two.cards[0].reference) == ("Rum 1", [], "A")
    assert [each.name for each in one.absences] == ["Absent"]
    assert all(not each.is_free for each in two.entries(Span(480, 1020)))
    assert one.day == date(2026, 12, 1)


def test_what_the_document_has_no_more_is_shown_by_its_key() -> None:
    (card,) = columns(a_booking(type="gone"))[0].cards
    assert card.type.name == "gone"


def test_the_clinics_colours_are_a_sheet_of_classes() -> None:
    assert names().colours == ".p0{--own:#2f7d5b}\n.t0{--own:#aa0000}\n.k0{--own:#dff0e6}\n.k1{--own:#e2efd9}\n"
    assert (names().practitioners["anna"].look, names().practitioners["erik"].look) == ("p0", "")
