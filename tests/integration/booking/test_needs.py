"""Types controlled by needs: who may book them, with whom, for how long, until when (PRODUCT B9, B10)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.booking.model.needs import Need
from services.booking.store import BookingStore
from shared.bus.unit_of_work import UnitOfWork
from shared.contracts.errors import (
    Invalid,
    LoginRequired,
    NeedExpired,
    NewPatientsRefused,
    NoOpenNeed,
    SlotNotOffered,
    SlotTaken,
    UnderAge,
)
from shared.database import Database
from tests.integration.booking.calls import Calls
from tests.unit.booking.world import (
    CLINIC,
    MAJA,
    NOW,
    PATIENT,
    PUBLIC,
    STAFF,
    START,
    TOOL,
    FakeMethod,
    World,
    a_need,
    by_recall,
    logged_in,
)

FIRST, SECOND, THIRD = ("1" * 32, "2" * 32, "3" * 32)
CHILD = "b" * 32
HALF_HOUR = timedelta(minutes=30)
NUMBER, OTHER_NUMBER = "191212121212", "201001012390"


def controlled(**needs: Any) -> dict[str, Any]:
    """Return the type of visits, controlled by needs."""
    return {"key": "visit", "name": "B", "length": "30m", "needs": {"controlled": True, **needs}}


@pytest.fixture
def calls(calls: Calls) -> Calls:
    """Return the calls of a clinic whose visits are controlled by needs."""
    calls.world.change_document(types=[controlled()])
    return calls


class Blind(BookingStore):
    """Does not see that a need is used."""

    def open_need(self, clinic: str, id: str) -> Need | None:
        """Return the need as if nothing used it."""
        return self.need(clinic, id)


def numbered(calls: Calls, **changes: Any) -> None:
    """Let the clinic ask for Swedish numbers."""
    calls.world.change_document(identity="se.personnummer", types=[controlled()], **changes)


def person_with(number: str | None, **changes: Any) -> dict[str, Any]:
    """Return what a need knows of a patient with this number."""
    return {"identity": number and {"scheme": "se.personnummer", "number": number}, **changes}


def typed(number: str = NUMBER, **changes: Any) -> dict[str, Any]:
    """Return what the patient with this number types."""
    return {**PATIENT, "birth_date": None, "national_id": number, **changes}


# Length and practitioner


def test_the_need_says_how_long_it_takes(calls: Calls) -> None:
    """B9: in days, times, hold and booking, whatever the type's length is."""
    calls.hear(a_need(minutes=50))
    patient = logged_in()
    assert calls.slots_for_need(patient)["slots"][0]["end"] == "2026-12-01T09:50:00+01:00"
    assert calls.days_for_need(patient)["days"] == [{"date": "2026-12-01", "level": "many", "free": 16}]
    assert [call["minutes"] for call in calls.world.availability.days.calls] == [50]
    held = calls.hold(patient)
    assert held["end"] == "2026-12-01T14:50:00+01:00"
    assert calls.book(patient, hold=held["hold"])["end"] == "2026-12-01T14:50:00+01:00"


def test_a_hold_of_another_length_than_the_need_s_is_not_taken_as_it_is(calls: Calls) -> None:
    calls.hear(a_need(FIRST, minutes=50))
    held = calls.hold(logged_in())
    calls.hear(a_need(FIRST, version=2, state="closed"))
    calls.hear(a_need(SECOND, minutes=20))
    assert calls.book(logged_in(), hold=held["hold"])["end"] == "2026-12-01T14:20:00+01:00"


def test_a_hold_with_another_practitioner_than_the_need_s_is_not_taken_as_it_is(calls: Calls) -> None:
    """Held with anybody for one need, booked with another need, which names somebody."""
    calls.hear(a_need(FIRST))
    held = calls.hold(logged_in())
    assert held["practitioner"] == "anna"
    calls.hear(a_need(SECOND, practitioner="bo"))
    assert calls.book(logged_in(), hold=held["hold"], need=SECOND)["practitioner"] == "bo"


def test_the_need_says_with_whom(calls: Calls) -> None:
    """B9: searches show their times only, and nobody else can be held or booked."""
    calls.hear(a_need(practitioner="bo"))
    patient = logged_in()
    for asked in ({}, {"practitioner": "anna"}):
        assert {*calls.slots_for_need(patient, **asked)["slots"][0]["practitioners"]} == {"bo"}
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotNotOffered) as refused:
            attempt(patient, practitioner="anna")
        assert {key for slot in refused.value.extra["alternatives"] for key in slot["practitioners"]} == {"bo"}
    assert calls.hold(patient)["practitioner"] == "bo"
    calls.world.now += timedelta(minutes=11)
    assert calls.book(patient)["practitioner"] == "bo"


def test_a_clinic_may_let_the_patient_choose_all_the_same(calls: Calls) -> None:
    """B9: `choose_practitioner`; the length stays the need's."""
    calls.world.change_document(types=[controlled(choose_practitioner=True)])
    calls.hear(a_need(practitioner="bo"))
    patient = logged_in()
    assert calls.slots_for_need(patient)["slots"][0]["practitioners"] == ["anna", "bo"]
    assert calls.slots_for_need(patient, practitioner="anna")["slots"][0]["practitioners"] == ["anna"]
    booked = calls.book(patient, practitioner="anna")
    assert (booked["practitioner"], booked["end"]) == ("anna", "2026-12-01T14:50:00+01:00")


def test_a_need_that_names_nobody_is_for_all_who_take_the_type(calls: Calls) -> None:
    calls.hear(a_need(practitioner=None))
    assert calls.slots_for_need(logged_in())["slots"][0]["practitioners"] == ["anna", "bo"]
    assert calls.book(logged_in(), practitioner="bo")["practitioner"] == "bo"


def test_a_need_with_who_has_left_the_clinic_offers_nothing(calls: Calls) -> None:
    calls.hear(a_need(practitioner="cecilia"))
    assert calls.slots_for_need(logged_in()) == {"slots": []}
    assert calls.days_for_need(logged_in()) == {"days": []}
    for attempt in (calls.hold, calls.book):
        with pytest.raises(SlotNotOffered):
            attempt(logged_in())


def test_a_practitioner_without_new_patients_takes_whoever_is_called_to_them(calls: Calls) -> None:
    """S13: who has a need is a patient of the clinic, and nobody is asked."""
    refuses = [{"key": "anna", "name": "A", "new_patients": False}, {"key": "bo", "name": "B"}]
    calls.world.change_document(practitioners=refuses, types=[controlled()], booking={"new_patients": False})
    calls.hear(a_need(practitioner="anna"))
    held = calls.hold(logged_in())
    assert calls.book(logged_in(), hold=held["hold"])["practitioner"] == "anna"
    assert calls.world.patients.identify.calls == []


# Who


def test_only_who_has_proven_whose_need_it_is_sees_or_takes_times(calls: Calls) -> None:
    calls.hear(a_need())
    for nobody in (PUBLIC, logged_in(clinic="other"), by_recall(FIRST, clinic="other")):
        for attempt in (calls.days_for_need, calls.slots_for_need, calls.hold, calls.book):
            with pytest.raises(LoginRequired):
                attempt(nobody)


def test_a_login_sealed_with_a_key_that_is_gone_is_none(calls: Calls) -> None:
    calls.hear(a_need())
    gone = logged_in()
    with pytest.raises(LoginRequired):
        calls.book(type(gone)(kind="patient", clinic=CLINIC, login=f"k9.{str(gone.login).partition('.')[2]}"))


@pytest.mark.parametrize("known", [[], [CHILD]])
def test_another_s_need_opens_nothing(calls: Calls, known: list[str]) -> None:
    """B9: neither by a login without it, nor by naming it."""
    calls.world.patients.of_mobile = {"+46709999999": known}
    calls.hear(a_need())
    for named in ({}, {"need": FIRST}):
        for attempt in (calls.days_for_need, calls.slots_for_need, calls.hold, calls.book):
            with pytest.raises(NoOpenNeed) as refused:
                attempt(logged_in("+46709999999"), **named)
            assert refused.value.extra["phone"] == "+46 8 123 45 67"


def test_a_recall_s_link_opens_its_own_need_only(calls: Calls) -> None:
    calls.hear(a_need(FIRST, minutes=50))
    calls.hear(a_need(SECOND, minutes=20, week="2026-W40"))
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST), need=SECOND)
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(THIRD))
    assert calls.book(by_recall(FIRST))["end"] == "2026-12-01T14:50:00+01:00"
    assert calls.world.patients.of_login.calls == []


def test_a_recall_s_link_opens_nothing_at_another_clinic(calls: Calls) -> None:
    calls.hear(a_need(clinic="other"))
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))


def test_the_earliest_week_is_used_first_and_any_may_be_named(calls: Calls) -> None:
    calls.hear(a_need(SECOND, minutes=20, week="2026-W48"))
    calls.hear(a_need(FIRST, minutes=50, week="2026-W49"))
    calls.hear(a_need(THIRD, minutes=40, week="2026-W49"))
    ends = [calls.book(logged_in(), start=(START + n * HALF_HOUR * 2).isoformat(), **named)["end"][11:16]
            for n, named in enumerate(({"need": THIRD}, {}, {}))]  # fmt: skip
    assert ends == ["14:40", "15:20", "16:50"]
    assert [event.data["need"] for event in calls.events("BookingCreated")] == [THIRD, SECOND, FIRST]


def test_a_need_of_another_type_does_not_count(calls: Calls) -> None:
    calls.hear(a_need(type="cleaning"))
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))


def test_a_type_that_is_not_controlled_is_booked_with_a_need_where_one_is_named(calls: Calls) -> None:
    """R1: a need can be of any type; without naming it nothing but the type decides."""
    calls.world.change_document()
    calls.hear(a_need(minutes=50))
    assert calls.book()["end"] == "2026-12-01T14:30:00+01:00"
    with pytest.raises(LoginRequired):
        calls.book(need=FIRST)
    assert calls.book(by_recall(FIRST), need=FIRST)["end"] == "2026-12-01T14:50:00+01:00"
    calls.world.change_document(booking={"without_login": False, "active": True})
    assert calls.slots_for_need(PUBLIC)["slots"][0]["end"] == "2026-12-01T09:30:00+01:00", "looking wants no login"


# Whose number


def test_where_the_clinic_has_numbers_the_typed_one_must_be_the_patient_s(calls: Calls) -> None:
    numbered(calls)
    calls.hear(a_need(person=person_with(NUMBER)))
    for actor in (logged_in(), by_recall(FIRST)):
        with pytest.raises(NoOpenNeed):
            calls.book(actor, patient=typed(OTHER_NUMBER))
    booked = calls.book(by_recall(FIRST), patient=typed("19121212-1212"))
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA


def test_a_parent_books_the_need_of_the_child_whose_number_they_type(calls: Calls) -> None:
    """Two patients on one telephone: the number tells whose need it is."""
    numbered(calls)
    calls.world.patients.of_mobile = {"+46701234567": [MAJA, CHILD]}
    calls.hear(a_need(FIRST, person=person_with(NUMBER), week="2026-W40"))
    calls.hear(a_need(SECOND, patient=CHILD, person=person_with(OTHER_NUMBER), minutes=20))
    booked = calls.book(logged_in(), patient=typed(OTHER_NUMBER))
    assert booked["end"] == "2026-12-01T14:20:00+01:00"
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == CHILD


def test_without_numbers_the_booking_is_the_need_s_patient_s(calls: Calls) -> None:
    """B18: whoever types the form; the event names the record, so that none is made anew."""
    calls.hear(a_need())
    booked = calls.book(by_recall(FIRST), patient={**PATIENT, "first_name": "Maya"})
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA
    (event,) = calls.events("BookingCreated")
    assert calls.world.desk().open_person(event.data["person"])["patient"] == MAJA


def test_a_patient_whose_number_is_not_known_is_told_by_the_link(calls: Calls) -> None:
    numbered(calls)
    calls.hear(a_need(person=person_with(None)))
    booked = calls.book(by_recall(FIRST), patient=typed())
    assert calls.get(booked["reference"], STAFF)["patient"]["id"] == MAJA


# Until when (B10)

NEW_YEAR = [
    # week, days after it, the last day; 2026 has 53 weeks, and the last of them ends in 2027
    ("2026-W53", 0, "2027-01-03"),
    ("2026-W53", 100, "2027-04-13"),
    ("2027-W01", 0, "2027-01-10"),
    ("2026-W52", 7, "2027-01-03"),
    ("2026-W49", 1, "2026-12-07"),
]


@pytest.mark.parametrize(("week", "days", "last"), NEW_YEAR)
def test_a_need_is_used_until_so_many_days_after_its_week_to_the_clinic_s_midnight(
    calls: Calls, week: str, days: int, last: str
) -> None:
    """B10, over the new year."""
    calls.world.change_document(types=[controlled(days_after_week=days)])
    calls.hear(a_need(week=week))
    midnight = datetime.fromisoformat(f"{last}T00:00").replace(tzinfo=ZoneInfo("Europe/Stockholm")) + timedelta(days=1)
    start = (midnight + timedelta(days=2)).isoformat()
    calls.world.now = midnight
    for attempt in (calls.book, calls.hold, calls.days_for_need, calls.slots_for_need):
        with pytest.raises(NeedExpired) as refused:
            attempt(logged_in(), **({"start": start} if attempt in (calls.book, calls.hold) else {}))
        assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.world.now = midnight - timedelta(seconds=1)
    assert calls.book(logged_in(), start=start)["status"] == "booked", "the day on which one books counts"


def test_a_need_without_a_limit_is_good_for_ever_and_one_for_later_at_once(calls: Calls) -> None:
    calls.hear(a_need(FIRST, week="2020-W10"))
    assert calls.book(logged_in())["status"] == "booked"
    calls.world.change_document(types=[controlled(days_after_week=3)])
    calls.hear(a_need(SECOND, week="2029-W10"))
    assert calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())["status"] == "booked"


def test_an_expired_need_does_not_hide_one_that_can_be_used(calls: Calls) -> None:
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.hear(a_need(FIRST, week="2026-W40", minutes=20))
    with pytest.raises(NeedExpired):
        calls.book(logged_in())
    calls.hear(a_need(SECOND, minutes=50))
    with pytest.raises(NeedExpired):
        calls.book(logged_in(), need=FIRST)
    assert calls.book(logged_in())["end"] == "2026-12-01T14:50:00+01:00"


# Once


def test_a_need_is_used_once_and_cancelling_opens_it_again(database: Database) -> None:
    calls = Calls(World(database, types=[controlled()]))
    calls.hear(a_need())
    booked = calls.book(logged_in())
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())
    calls.cancel(booked["manage_token"])
    (cancelled,) = calls.events("BookingCancelled")
    assert (cancelled.data["need"], cancelled.data["status"]) == (FIRST, "cancelled")
    assert calls.book(logged_in())["status"] == "booked"


def test_cancelling_after_the_last_day_leaves_the_need_expired(calls: Calls) -> None:
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.hear(a_need(week="2026-W45"))
    token = calls.book(logged_in())["manage_token"]
    calls.world.now = NOW + timedelta(days=8)
    calls.cancel(token)
    with pytest.raises(NeedExpired):
        calls.book(logged_in())


def test_a_missed_appointment_keeps_its_need_used(calls: Calls) -> None:
    calls.hear(a_need())
    calls.book(logged_in())
    (event,) = calls.events("BookingCreated")
    calls.world.now = START + HALF_HOUR
    calls.mark_no_show(event.subject)
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in(), start=(START + 99 * HALF_HOUR).isoformat())


def test_the_database_lets_one_standing_booking_use_a_need(database: Database) -> None:
    """CONTRACTS 1: a second one finds it taken, though nobody looked, and leaves nothing."""
    calls = Calls(World(database, types=[controlled()]))
    calls.hear(a_need())
    calls.book(by_recall(FIRST))
    calls.world.work = UnitOfWork(database, Blind, lambda: None)  # type: ignore[assignment]
    with pytest.raises(Exception, match="too busy"):
        calls.book(by_recall(FIRST), start=(START + 4 * HALF_HOUR).isoformat())
    assert len(calls.events("BookingCreated")) == len({row[1] for row in calls.occupied()}) == 1


@pytest.mark.parametrize("with_hold", [True, False])
def test_a_need_that_is_taken_back_while_its_patient_books_is_refused_in_the_transaction(
    calls: Calls, with_hold: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the lock: nothing is booked, and the hold stays the patient's."""
    calls.hear(a_need())
    held = {"hold": calls.hold(logged_in())["hold"]} if with_hold else {}
    transaction = calls.world._transaction

    def taken_back_first(attempt: Callable[[BookingStore], Any]) -> Any:
        calls.hear(a_need(version=2, state="closed"))
        return transaction(attempt)

    monkeypatch.setattr(calls.world, "_transaction", taken_back_first)
    with pytest.raises(NoOpenNeed) as refused:
        calls.book(logged_in(), **held)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"
    assert calls.events("BookingCreated") == []
    calls.world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund"}
    assert calls.book(STAFF, patient={"id": MAJA}, practitioner="bo")["status"] == "booked", "staff need none"


def test_moving_keeps_need_and_length(calls: Calls) -> None:
    calls.hear(a_need())
    token = calls.book(logged_in())["manage_token"]
    moved = calls.move(token, START + 4 * HALF_HOUR)
    assert moved["end"] == "2026-12-01T16:50:00+01:00"
    assert calls.events("BookingMoved")[0].data["need"] == FIRST
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())


def test_the_history_tells_which_need_is_used(calls: Calls) -> None:
    """A1."""
    calls.hear(a_need())
    booked = calls.book(logged_in())
    assert calls.history(STAFF, booked["reference"])["history"][0]["changes"]["need"] == [None, FIRST]


def test_a_repeated_submit_uses_one_need_and_gives_the_first_answer(calls: Calls) -> None:
    """B13."""
    for id in (FIRST, SECOND):
        calls.hear(a_need(id))
    answers = [calls.book(logged_in(), key="one form") for _ in range(2)]
    assert answers[0] == answers[1]
    assert calls.book(logged_in(), start=(START + 4 * HALF_HOUR).isoformat())["status"] == "booked"


def test_the_second_of_two_equal_submits_gets_the_first_s_answer_though_the_need_is_used(calls: Calls) -> None:
    """B13: a double click, the first booked while the second asks whose the login is."""
    calls.hear(a_need())
    first: list[dict[str, Any]] = []

    def overtaken(clinic: str, **login: Any) -> dict[str, Any]:
        calls.world.patients.of_login = whose
        first.append(calls.book(logged_in(), key="one form"))
        found: dict[str, Any] = whose(clinic, **login)
        return found

    whose, calls.world.patients.of_login = calls.world.patients.of_login, FakeMethod(overtaken)
    assert calls.book(logged_in(), key="one form") == first[0]
    assert len(calls.events("BookingCreated")) == 1


def test_a_loser_of_the_time_keeps_the_need_and_sees_times_of_its_length(calls: Calls) -> None:
    """B11."""
    calls.hear(a_need(practitioner="anna"))
    calls.book(STAFF, practitioner="anna")
    with pytest.raises(SlotTaken) as refused:
        calls.book(logged_in())
    first = refused.value.extra["alternatives"][0]
    assert datetime.fromisoformat(first["end"]) - datetime.fromisoformat(first["start"]) == timedelta(minutes=50)
    assert calls.book(logged_in(), start=first["start"])["status"] == "booked"


# The order of refusals (CONTRACTS 2)


def test_who_may_comes_in_the_contract_s_order(calls: Calls) -> None:
    calls.world.change_document(types=[{**controlled(), "min_age": 24}], booking={"new_patients": False})
    child = {**PATIENT, "birth_date": "2015-01-01"}
    with pytest.raises(NewPatientsRefused):
        calls.book(logged_in(), patient=child)
    calls.world.patients.known = {"Maja"}
    with pytest.raises(UnderAge):
        calls.book(logged_in(), patient=child)
    with pytest.raises(NoOpenNeed):
        calls.book(logged_in())
    calls.hear(a_need())
    with pytest.raises(UnderAge):
        calls.book(logged_in(), patient=child)


def test_searches_find_nothing_while_the_clinic_takes_no_bookings(calls: Calls) -> None:
    """B1: also without a login, since there is nothing to log in for."""
    for switch in ({"active": False}, {"new": False}):
        calls.world.change_document(types=[controlled()], booking={"active": True, **switch})
        assert calls.slots_for_need(PUBLIC) == {"slots": []}
        assert calls.days_for_need(PUBLIC) == {"days": []}


@pytest.mark.parametrize(
    "query",
    [{"type": "none"}, {"practitioner": "none"}, {"from": "x"}, {"to": "2026-11-30"}, {"to": "2027-01-01"},
     {"need": "x"}, {"other": 1}],
)  # fmt: skip
def test_a_search_that_makes_no_sense_is_invalid(calls: Calls, query: dict[str, Any]) -> None:
    calls.hear(a_need())
    with pytest.raises(Invalid):
        calls.slots_for_need(logged_in(), **query)


# Staff (R1)


@pytest.mark.parametrize("named", ["by id", "by what was typed"])
def test_staff_use_the_patient_s_earliest_need_by_themselves(calls: Calls, named: str) -> None:
    """Also one that has expired for its patient; the length is the need's unless staff say another."""
    calls.world.change_document(types=[controlled(days_after_week=0)])
    calls.world.patients.records[MAJA] = {"first_name": "Maja", "last_name": "Lund", "mobile": "+46701234567"}
    calls.world.patients.known, calls.world.patients.ids = {"Maja"}, {"Maja": MAJA}
    calls.hear(a_need(FIRST, week="2026-W30", practitioner="bo"))
    calls.hear(a_need(SECOND, week="2026-W49"))
    patient = {"id": MAJA} if named == "by id" else PATIENT
    booked = calls.book(STAFF, patient=patient, practitioner="anna")
    assert (booked["practitioner"], booked["end"]) == ("anna", "2026-12-01T14:50:00+01:00")
    later = calls.book(STAFF, patient=patient, start=(START + 4 * HALF_HOUR).isoformat(), minutes=10)
    assert later["end"] == "2026-12-01T16:10:00+01:00"
    assert [event.data["need"] for event in calls.events("BookingCreated")] == [FIRST, SECOND]


def test_staff_book_without_a_need_too(calls: Calls) -> None:
    for actor in (STAFF, TOOL):
        assert calls.book(actor)["end"] == "2026-12-01T14:30:00+01:00"


def test_staff_may_name_an_open_need_of_that_patient_and_type(calls: Calls) -> None:
    calls.world.patients.records[CHILD] = {"first_name": "Ann", "last_name": "Lund"}
    calls.hear(a_need(FIRST))
    for wrong in ({"need": SECOND}, {"need": FIRST, "patient": {"id": CHILD}}):
        with pytest.raises(NoOpenNeed):
            calls.book(STAFF, **wrong)
    assert calls.slots_for_need(STAFF, need=FIRST)["slots"][0]["end"] == "2026-12-01T09:50:00+01:00"
    calls.hear(a_need(THIRD, practitioner="bo", minutes=40))
    assert calls.slots_for_need(STAFF, need=THIRD)["slots"][0]["practitioners"] == ["bo"]
    held = calls.hold(STAFF, need=THIRD, practitioner="anna", start=(START + 4 * HALF_HOUR).isoformat())
    assert (held["practitioner"], held["end"]) == ("anna", "2026-12-01T16:40:00+01:00"), "staff override the need"
    calls.book(STAFF, need=FIRST)
    assert calls.events("BookingCreated")[0].data["need"] == FIRST
    with pytest.raises(NoOpenNeed):
        calls.slots_for_need(STAFF, need=FIRST)


# Patient's events


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 0, 1)])
def test_what_is_heard_of_a_need_may_come_in_any_order_and_repeat(database: Database, order: tuple[int, ...]) -> None:
    calls = Calls(World(database, types=[controlled()]))
    told = (a_need(), a_need(version=2, state="closed"))
    for number in order:
        calls.hear(told[number])
    with pytest.raises(NoOpenNeed):
        calls.book(by_recall(FIRST))
