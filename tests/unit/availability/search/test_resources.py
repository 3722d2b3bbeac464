"""Lengths, buffers, and rooms and devices that must be free together (PRODUCT S12, S14)."""

from tests.builders.availability.asking import slots, times
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_resource, a_type

MORNING = a_block("08:00", "10:00")
ROOMS = [a_resource("room-1"), a_resource("room-2"), a_resource("laser", None)]


def a_clinic(**kind):
    return a_document(MORNING, resources=ROOMS, types=[a_type(**kind)])


def busy(resource, start, end):
    return (f"resource:{resource}", start, end)


def test_s12_the_length_may_differ_with_the_practitioner() -> None:
    document = a_clinic(length="30m", lengths={"anna": "1h"})
    document["practitioners"] = [a_practitioner("anna"), a_practitioner("bo")]
    found = [(f"{slot.start:%H:%M}-{slot.end:%H:%M}", slot.practitioners) for slot in slots(document)]
    assert found == [
        ("08:00-08:30", ("bo",)),
        ("08:00-09:00", ("anna",)),
        ("08:30-09:00", ("bo",)),
        ("09:00-09:30", ("bo",)),
        ("09:00-10:00", ("anna",)),
        ("09:30-10:00", ("bo",)),
    ]


class TestBuffers:
    """S12, S14, and CONTRACTS 1 "Buffers"."""

    def test_the_time_before_and_after_must_be_free_too(self) -> None:
        document = a_clinic(buffer_before="10m", buffer_after="20m")
        around_nine = [("practitioner:anna", "09:00", "09:05")]
        assert times(document, busy=around_nine) == ["08:00", "09:30"]

    def test_buffers_that_touch_what_is_taken_are_no_obstacle(self) -> None:
        document = a_clinic(buffer_before="10m", buffer_after="20m")
        assert times(document, busy=[("practitioner:anna", "08:50", "09:20")]) == ["08:00", "09:30"]

    def test_they_may_lie_outside_the_plan(self) -> None:
        assert times(a_clinic(buffer_before="30m", buffer_after="30m")) == ["08:00", "08:30", "09:00", "09:30"]

    def test_they_may_lie_in_the_dates_before_and_after_but_not_in_a_booking_there(self) -> None:
        all_day = a_block("00:00", "24:00")
        document = a_document(all_day, types=[a_type(length="12h", buffer_before="10m", buffer_after="10m")])
        assert times(document) == ["00:00", "12:00"]
        late_before = ("practitioner:anna", "2026-11-30T23:00", "2026-11-30T23:55")
        early_after = ("practitioner:anna", "2026-12-02T00:05", "2026-12-02T01:00")
        assert times(document, busy=[late_before]) == ["12:00"]
        assert times(document, busy=[early_after]) == ["00:00"]

    def test_fixed_starts_do_not_count_them(self) -> None:
        assert times(a_clinic(buffer_after="15m"))[:3] == ["08:00", "08:30", "09:00"]

    def test_they_are_occupied_on_the_resources_too(self) -> None:
        document = a_clinic(uses=[["laser"]], buffer_before="10m")
        assert times(document, busy=[busy("laser", "08:25", "08:30")]) == ["09:00", "09:30"]


class TestPools:
    """S12, S14: each entry one free resource, all of them different."""

    def test_one_free_room_of_the_pool_will_do(self) -> None:
        document = a_clinic(uses=["room"])
        assert times(document, busy=[busy("room-1", "08:00", "10:00")]) == ["08:00", "08:30", "09:00", "09:30"]
        both = [busy("room-1", "08:00", "09:00"), busy("room-2", "08:30", "10:00")]
        assert times(document, busy=both) == ["08:00", "09:00", "09:30"]

    def test_the_room_must_be_free_for_the_whole_length_without_changing_rooms(self) -> None:
        document = a_clinic(uses=["room"], length="1h")
        relay = [busy("room-1", "08:30", "10:00"), busy("room-2", "08:00", "08:30")]
        assert times(document, busy=relay) == ["09:00"]

    def test_a_pool_named_twice_needs_two(self) -> None:
        document = a_clinic(uses=["room", "room"])
        assert times(document, busy=[busy("room-2", "08:30", "09:00")]) == ["08:00", "09:00", "09:30"]

    def test_a_room_that_one_entry_needs_is_not_there_for_another(self) -> None:
        document = a_clinic(uses=["room", ["room-1"]])
        assert times(document, busy=[busy("room-2", "08:00", "09:00")]) == ["09:00", "09:30"]

    def test_one_of_several_named_resources_will_do(self) -> None:
        document = a_clinic(uses=[["laser", "room-2"]])
        assert times(document, busy=[busy("laser", "08:00", "09:00"), busy("room-2", "08:30", "10:00")]) == [
            "08:00",
            "09:00",
            "09:30",
        ]

    def test_a_practitioner_who_is_free_without_a_room_is_not_offered(self) -> None:
        taken = [busy(room, "08:00", "09:30") for room in ("room-1", "room-2")]
        assert times(a_clinic(uses=["room"]), busy=taken) == ["09:30"]
