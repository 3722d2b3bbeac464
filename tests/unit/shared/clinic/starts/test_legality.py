"""Whether one time is legal, and who could take it with which resources (PRODUCT S, CONTRACTS 1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.clinic.plan.reading import clinic_plan
from shared.clinic.starts.asked import AskedStart
from shared.clinic.starts.candidates import Candidate
from shared.clinic.starts.legality import check
from shared.contracts.errors import SlotNotOffered
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_resource, a_type, an_absence
from tests.builders.clinics.moments import NOW, a_move, moment

MORNING = a_block("08:00", "10:00")
LUNCH = a_block("12:00", "13:00", "lunch")


def candidates(document: dict[str, Any], start: str, **asked: Any) -> list[Candidate]:
    now = asked.pop("now", NOW)
    return check(clinic_plan(document), AskedStart(type="visit", start=moment(document, start), **asked), now)


def takers(document: dict[str, Any], start: str, **asked: Any) -> list[str]:
    """Return who may take the time; nobody where it is refused."""
    try:
        return [candidate.practitioner for candidate in candidates(document, start, **asked)]
    except SlotNotOffered:
        return []


def a_clinic(*blocks: dict[str, Any], **kind: Any) -> dict[str, Any]:
    rooms = [a_resource("room-1"), a_resource("room-2")]
    people = [a_practitioner("anna"), a_practitioner("bo", new_patients=False)]
    return a_document(*(blocks or (MORNING,)), practitioners=people, resources=rooms, types=[a_type(**kind)])


def test_s12_a_candidate_says_all_that_a_booking_will_occupy() -> None:
    document = a_clinic(uses=["room"], buffer_before="10m", buffer_after="5m", lengths={"bo": "45m"})
    begins = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    rooms = (("room-1", "room-2"),)
    minute = timedelta(minutes=1)
    assert candidates(document, "08:00") == [
        Candidate("anna", begins, begins + 30 * minute, begins - 10 * minute, begins + 35 * minute, 30, True, rooms),
        Candidate("bo", begins, begins + 45 * minute, begins - 10 * minute, begins + 50 * minute, 45, False, rooms),
    ]


def test_s14_absent_resources_are_left_out_and_without_enough_of_them_nothing_is_legal() -> None:
    document = a_clinic(uses=["room"])
    document["absences"] = [an_absence("2026-12-01T08:00", "2026-12-01T09:00", resource="room-1")]
    assert [row.uses for row in candidates(document, "08:30", practitioner="anna")] == [(("room-2",),)]
    assert [row.uses for row in candidates(document, "09:00", practitioner="anna")] == [(("room-1", "room-2"),)]
    document["types"] = [a_type(uses=["room", "room"])]
    assert takers(document, "08:30") == []
    assert takers(document, "09:00") == ["anna", "bo"]


def test_s16_an_absence_on_a_date_that_never_was_takes_nothing_from_its_neighbours() -> None:
    document = a_clinic(a_block("08:00", "24:00"), uses=["room"], buffer_after="30m")
    document |= {"time_zone": "Pacific/Apia", "absences": [an_absence("2011-12-30", "2011-12-30", resource="room-1")]}
    (found,) = candidates(document, "2011-12-29T23:30", practitioner="anna", now=datetime(2011, 12, 1, tzinfo=UTC))
    assert found.uses == (("room-1", "room-2"),)


def test_s12_named_resources_come_in_document_order() -> None:
    document = a_clinic(uses=[["room-2", "room-1"]])
    assert candidates(document, "08:00")[0].uses == (("room-1", "room-2"),)


@pytest.mark.parametrize("wall", ["07:30", "08:05", "08:10", "10:00", "2026-12-01T08:00:30"])
def test_s4_a_time_that_is_no_start_is_refused(wall: str) -> None:
    assert takers(a_clinic(), wall) == []


def test_s10_s11_the_window_and_the_notice_bind() -> None:
    document = a_clinic()
    document["booking"] |= {"horizon": "5d", "notice": "24h"}
    now = moment(document, "2026-11-30T08:30")
    assert takers(document, "08:00", now=now) == []
    assert takers(document, "08:30", now=now) == ["anna", "bo"]
    assert takers(document, "2026-12-05T08:00", now=now) == ["anna", "bo"]
    assert takers(document, "2026-12-06T08:00", now=now) == []


def test_s6_in_spaced_mode_every_grid_start_where_the_length_fits_is_legal() -> None:
    document = a_clinic(slots={"mode": "spaced", "step": "30m"})
    assert takers(document, "08:05") == ["anna", "bo"]
    assert takers(document, "09:35") == []
    assert takers(document, "08:02") == []


def test_b9_a_need_says_how_many_minutes() -> None:
    document = a_clinic()
    found = candidates(document, "08:50", practitioner="anna", minutes=50)
    assert [(row.minutes, row.end - row.start) for row in found] == [(50, timedelta(minutes=50))]
    assert takers(document, "08:30", minutes=50) == []


@pytest.mark.parametrize("switch", ["active", "new"])
def test_b1_what_is_switched_off_is_not_accepted(switch: str) -> None:
    document = a_clinic()
    document["booking"][switch] = False
    assert takers(document, "08:00") == []
    assert takers(document, "08:00", staff=True) == ["anna", "bo"]


def test_m4_a_move_keeps_practitioner_and_length_and_ignores_the_block_filter() -> None:
    document = a_clinic(MORNING, a_block("14:00", "15:00", "acute"), blocks=["exam"])
    move = a_move(document, "2026-12-02T08:00", minutes=60, practitioner="bo")
    assert takers(document, "14:00") == []
    assert takers(document, "14:00", moving=move) == ["bo"]
    assert candidates(document, "14:00", moving=move)[0].minutes == 60
    assert takers(document, "14:00", moving=move, practitioner="anna") == []


def test_a_practitioner_that_the_clinic_does_not_have_can_take_nothing() -> None:
    assert takers(a_clinic(), "08:00", practitioner="nobody") == []
    assert takers(a_clinic(), "08:00", practitioner="nobody", staff=True) == []
    gone = a_move(a_document(), "2026-12-02T08:00", practitioner="gone")
    assert takers(a_clinic(), "08:00", moving=gone) == []


@pytest.mark.parametrize("wall", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_out_of_all_time_is_refused_like_any_other(wall: str) -> None:
    assert takers(a_clinic(), wall) == takers(a_clinic(), wall, staff=True) == []


class TestStaff:
    """PRODUCT S2, CONTRACTS 1: staff override every rule but overlap; outside any block they say so."""

    @pytest.mark.parametrize("wall", ["08:10", "08:02", "12:30", "2020-01-07T08:00", "2026-12-01T09:55"])
    def test_every_start_inside_a_block_of_any_kind_is_theirs(self, wall: str) -> None:
        document = a_clinic(MORNING, LUNCH)
        document["booking"] |= {"active": False, "horizon": "1d", "notice": "26h", "opens_at": "2027-01-01T00:00"}
        assert takers(document, wall) == []
        assert takers(document, wall, staff=True) == ["anna", "bo"]

    @pytest.mark.parametrize("wall", ["07:30", "10:00", "11:55", "13:00"])
    def test_outside_any_block_they_say_so(self, wall: str) -> None:
        document = a_clinic(MORNING, LUNCH)
        assert takers(document, wall, staff=True) == []
        assert takers(document, wall, outside_plan=True) == []
        assert takers(document, wall, staff=True, outside_plan=True) == ["anna", "bo"]

    def test_they_may_choose_who_is_not_of_the_type_not_online_or_absent(self) -> None:
        document = a_clinic(practitioners=["anna"], online=False)
        document["practitioners"].append(a_practitioner("cleo", online=False))
        document["absences"] = [an_absence("2026-12-01", "2026-12-01", "cleo")]
        assert takers(document, "08:00", staff=True, practitioner="cleo") == ["cleo"]
        assert takers(document, "08:00", staff=True) == ["anna"]

    def test_of_any_those_come_first_for_whom_nothing_is_overridden(self) -> None:
        document = a_clinic()
        document["absences"] = [an_absence("2026-12-01", "2026-12-01", "anna")]
        document["days"] = [{"practitioner": "bo", "date": "2026-12-02", "blocks": []}]
        assert takers(document, "08:00", staff=True) == ["bo", "anna"]
        assert takers(document, "2026-12-02T08:00", staff=True) == ["anna"]
        assert takers(document, "2026-12-02T08:00", staff=True, outside_plan=True) == ["anna", "bo"]

    def test_absent_rooms_come_last_instead_of_not_at_all(self) -> None:
        document = a_clinic(uses=["room"])
        document["absences"] = [an_absence("2026-12-01", "2026-12-01", resource="room-1")]
        assert candidates(document, "08:00", staff=True)[0].uses == (("room-2", "room-1"),)

    def test_they_say_how_many_minutes_or_a_move_keeps_its_own(self) -> None:
        document = a_clinic()
        move = a_move(document, "2026-12-02T08:00", minutes=70, practitioner="bo")
        asked = {"staff": True, "moving": move}
        found = [
            candidates(document, "08:00", **asked, **more)[0] for more in ({}, {"minutes": 20, "practitioner": "anna"})
        ]
        assert [(row.practitioner, row.minutes) for row in found] == [("bo", 70), ("anna", 20)]

    def test_a_holiday_does_not_stop_them(self) -> None:
        document = a_clinic()
        document["booking"]["holidays"] |= {"closed_dates": ["2026-12-01"]}
        assert takers(document, "08:00") == []
        assert takers(document, "08:00", staff=True) == ["anna", "bo"]
