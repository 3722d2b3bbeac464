"""Whose bookings are, and which needs they use, is compared with what booking says."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from services.patient.handlers.following import create_or_fill, note_uses
from services.patient.handlers.reconciling import PATIENT, USE, need_states, reconcile, reconcile_unknown
from shared.bus.events.effects import take_in as let_happen
from shared.contracts.envelope import Event
from shared.contracts.reconciling import NOT_THERE
from tests.builders.patient.bookings import a_booking, published, records, take_in
from tests.builders.patient.desks import BOOKING, NOW, Work, a_desk
from tests.builders.patient.needs import give, shown
from tests.builders.retold import ASKED, REPAIR, FakeBookings, differing
from tests.integration.statements import statements

BROKEN = {
    "not noted": ("DELETE FROM need_bookings",),
    "not shown": ("UPDATE needs SET booking = NULL",),
    "of another version": ("UPDATE need_bookings SET version = 9, stands = false", "UPDATE needs SET booking = NULL"),
    "of another booking": ("UPDATE needs SET booking = 'SOMEBODY01'",),
}


def a_made_booking(need: str | None = None, **changes: Any) -> Event:
    """Return BookingCreated of a booking that may use a need."""
    event = a_booking(**changes)
    state = {"need": need, "status": "booked", "created_at": NOW.isoformat()}
    return replace(event, data={**event.data, **state})


def differs(work: Work, bookings: FakeBookings, asked: dict[str, Any] = ASKED) -> dict[str, list[str]]:
    """Return what is found to differ."""
    return differing(reconcile(a_desk(work, BOOKING), bookings, "solna", asked))


def patients(work: Work) -> list[str]:
    """Return the ids of all records."""
    return [row.id for row in records(work)]


def test_a_booking_whose_patient_is_known_does_not_differ(work: Work) -> None:
    made = a_made_booking()
    take_in(work, [made])
    bookings = FakeBookings(*patients(work))
    bookings.know(made)
    assert differs(work, bookings) == differs(work, bookings, REPAIR) == {}
    assert len(published(work)) == 1


def test_a_booking_without_a_patient_gets_one_and_its_event_makes_none_any_more(work: Work) -> None:
    made, bookings = a_made_booking(), FakeBookings()
    bookings.know(made)
    assert differs(work, bookings) == {made.subject: [PATIENT]}
    assert patients(work) == []
    assert differs(work, bookings, REPAIR) == {made.subject: [PATIENT]}
    (patient,) = patients(work)
    assert [(each["type"], each["data"]["booking"]) for each in published(work)] == [("PatientCreated", made.subject)]
    let_happen(work, create_or_fill(a_desk(work, BOOKING), [made]), "create_or_fill", NOW)
    assert len(published(work)) == 1
    bookings.patient = patient
    assert differs(work, bookings) == {}


def test_a_booking_that_did_not_hear_of_its_patient_is_told_once_more(work: Work) -> None:
    made, bookings = a_made_booking(), FakeBookings()
    bookings.know(made)
    take_in(work, [made])
    differs(work, bookings, REPAIR)
    assert len(patients(work)) == 1
    assert [each["data"]["booking"] for each in published(work)] == [made.subject, made.subject]


def test_a_patient_whom_only_booking_knows_is_made_anew_under_the_id_that_it_knows(work: Work) -> None:
    made, bookings = a_made_booking(), FakeBookings("5" * 32)
    bookings.know(made)
    assert differs(work, bookings, REPAIR) == {made.subject: [PATIENT]}
    assert patients(work) == ["5" * 32]
    assert differs(work, bookings) == {}


@pytest.mark.both_databases
@pytest.mark.parametrize("broken", BROKEN)
def test_a_need_that_is_not_noted_as_used_is_found_and_noted(work: Work, broken: str) -> None:
    take_in(work, [a_booking()])
    need = give(work)["id"]
    made = a_made_booking(need)
    bookings = FakeBookings(*patients(work))
    bookings.know(made)
    let_happen(work, note_uses([made]), None, NOW)
    assert differs(work, bookings) == {}
    with work() as store:
        for statement in BROKEN[broken]:
            store.connection.execute(text(statement))
    assert differs(work, bookings) == {made.subject: [USE]}
    assert differs(work, bookings, REPAIR) == {made.subject: [USE]}
    assert differs(work, bookings) == {}


@pytest.mark.both_databases
def test_a_need_that_a_booking_uses_which_booking_does_not_have_is_open_again(work: Work) -> None:
    def unknown(asked: dict[str, Any]) -> dict[str, list[str]]:
        return differing(reconcile_unknown(a_desk(work, BOOKING), bookings, "solna", asked))

    take_in(work, [a_booking()])
    need = give(work)["id"]
    made, bookings = a_made_booking(need), FakeBookings()
    bookings.know(made)
    let_happen(work, note_uses([made]), None, NOW)
    assert unknown(REPAIR) == {}
    bookings.forget()
    assert unknown(ASKED) == unknown(REPAIR) == {made.subject: [NOT_THERE]}
    assert unknown(ASKED) == {}
    assert (shown(work, need)["state"], shown(work, need)["booking"]) == ("open", None)


def test_needs_are_told_again_as_they_were_told(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.patient.handlers.reconciling.AT_ONCE", 2)
    take_in(work, [a_booking()])
    given = sorted(give(work)["id"] for _ in range(3))
    page = need_states(a_desk(work, BOOKING), "solna", ASKED)
    rest = need_states(a_desk(work, BOOKING), "solna", {**ASKED, "cursor": page["next"]})
    again = [*page["needs"], *rest["needs"]]
    assert ([each["subject"] for each in again], rest["next"]) == (given, None)
    told = {each["subject"]: each for each in published(work) if each["type"] == "NeedAdded"}
    for each in again:
        same = ("type", "clinic", "subject", "subject_version")
        assert {name: each[name] for name in same} == {name: told[each["subject"]][name] for name in same}
        assert {**each["data"], "person": ""} == {**told[each["subject"]]["data"], "person": ""}


@pytest.mark.both_databases
def test_a_page_costs_three_statements_however_many_bookings_it_holds(work: Work) -> None:
    """The third asks which of those without a patient were of somebody who was erased."""
    bookings = FakeBookings()
    bookings.know(*(a_made_booking("1" * 32) for _ in range(20)))
    with statements(work.database) as sent:
        differs(work, bookings)
    assert len(sent) == 3
