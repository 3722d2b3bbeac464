"""Which times are shown for bookings that cannot stay, and which is suggested to each (PRODUCT C12)."""

from datetime import datetime, timedelta

from services.booking.model.absences.rescheduling import Place, choices, places
from tests.builders.booking.bookings import HOUR, a_booking
from tests.builders.booking.world import START

DAY = timedelta(days=1)


def a_place(start: datetime, practitioner: str = "anna") -> Place:
    """Return a free hour."""
    return Place(start, start + HOUR, practitioner)


def hours(first: datetime, count: int, practitioner: str = "anna") -> list[Place]:
    """Return so many free hours in a row."""
    return [a_place(first + number * HOUR, practitioner) for number in range(count)]


def test_c12_the_nearest_later_times_come_first_those_of_the_own_practitioner_apart_from_others() -> None:
    free = [*hours(START + DAY, 4), *hours(START, 4, "bo"), *hours(START - DAY, 4)]
    (choice,) = choices([(a_booking(), free)])
    assert [place.start for place in choice.same] == [START + DAY + number * HOUR for number in range(3)]
    assert [(place.start, place.practitioner) for place in choice.others] == [
        (START + number * HOUR, "bo") for number in range(3)
    ]
    assert choice.suggested == choice.same[0], "nobody is handed to somebody else unasked where that need not be"


def test_c12_an_earlier_time_is_suggested_only_where_there_is_no_later_one() -> None:
    earlier, later = a_place(START - HOUR), a_place(START + 9 * DAY)
    (choice,) = choices([(a_booking(), [earlier, later])])
    assert choice.suggested == later
    (choice,) = choices([(a_booking(), [earlier])])
    assert choice.suggested == earlier


def test_c12_no_two_bookings_are_suggested_the_same_time() -> None:
    bookings = [a_booking(reference=f"BOOKING00{number}") for number in range(4)]
    free = [*hours(START + DAY, 2), *hours(START, 1, "bo")]
    found = choices([(booking, free) for booking in bookings])
    suggested = [choice.suggested for choice in found]
    assert suggested == [*hours(START + DAY, 2), a_place(START, "bo"), None]


def test_c12_buffers_keep_suggestions_apart() -> None:
    wide = a_booking(busy_to=START + HOUR + timedelta(minutes=10))
    free = hours(START + DAY, 3)
    first, second = choices([(wide, free), (wide, free)])
    assert (first.suggested, second.suggested) == (free[0], free[2])


def test_times_of_one_practitioner_within_half_an_hour_are_one_choice() -> None:
    quarters = [a_place(START + DAY + number * timedelta(minutes=15)) for number in range(12)]
    (choice,) = choices([(a_booking(), quarters)])
    assert [place.start - START - DAY for place in choice.same] == [timedelta(minutes=30 * n) for n in range(3)]


def test_what_is_suggested_is_among_what_is_shown() -> None:
    bookings = [a_booking(reference=f"BOOKING00{number}") for number in range(6)]
    for choice in choices([(booking, hours(START + DAY, 6)) for booking in bookings]):
        assert choice.suggested in choice.same


def test_s2_nobody_is_moved_unasked_into_time_that_staff_keep_for_something_else() -> None:
    slot = {"start": START.isoformat(), "end": (START + HOUR).isoformat(), "practitioners": ["anna", "bo"]}
    assert [place.practitioner for place in places([slot])] == ["anna", "bo"]
    assert [place.practitioner for place in places([{**slot, "outside_online": ["anna"]}])] == ["bo"]
