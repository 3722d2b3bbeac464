"""Records of version 0.1.0 are told of once more, with what nobody has confirmed (ADR 15)."""

from typing import Any

import pytest
from sqlalchemy import text

from services.patient.handlers.records import update
from services.patient.handlers.retelling import tell_doubts
from services.patient.schemas import UpdateSchema
from shared.actor import Actor
from shared.incoming.fields import checked
from tests.builders.patient.bookings import a_booking, published, records, take_in
from tests.builders.patient.desks import KEYS, Work, a_desk
from tests.builders.patient.needs import give, id_of

PATIENT = Actor(kind="service", id="patient")


def let_be_of_then(work: Work) -> None:
    """Let all records be as a process of version 0.1.0 has made them."""
    with work() as store:
        store.connection.execute(text("UPDATE patients SET doubts_told = NULL"))


def tell(work: Work) -> list[dict[str, Any]]:
    """Tell of all that are left, and return what was told."""
    before = len(published(work))
    while tell_doubts(a_desk(work, PATIENT)):
        pass
    return published(work)[before:]


@pytest.fixture
def of_then(work: Work) -> Work:
    """Return a database with what version 0.1.0 knew of Eva (by the web, with a need) and of Bo (by staff)."""
    take_in(work, [a_booking(), a_booking(origin="staff", identity=None, first_name="Bo")])
    give(work)
    let_be_of_then(work)
    return work


def test_needs_and_records_with_something_unconfirmed_are_told_of_once(of_then: Work) -> None:
    told = tell(of_then)
    assert [(each["type"], each["subject_version"], each["actor"]["kind"]) for each in told] == [
        ("PatientUpdated", 2, "service"),
        ("NeedAdded", 2, "service"),
    ]
    assert {tuple(KEYS.people.open(each["data"]["person"])["unconfirmed"]) for each in told} == {("mobile", "email")}
    assert tell(of_then) == [], "and never again"


def test_a_few_at_a_time_wherever_it_was_broken_off(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.patient.handlers.retelling.AT_ONCE", 2)
    take_in(work, [a_booking(identity=None, first_name=name) for name in ("Ann", "Bea", "Cia")])
    let_be_of_then(work)
    before = len(published(work))
    assert [tell_doubts(a_desk(work, PATIENT)) for _ in range(3)] == [2, 1, 0]
    assert len(published(work)) - before == len({each["subject"] for each in published(work)[before:]}) == 3


def test_what_was_filled_in_meanwhile_is_told_all_the_same(of_then: Work) -> None:
    """By the web nothing is confirmed, so that booking does not follow what that tells."""
    eva = id_of(of_then, "Eva")
    update(a_desk(of_then), "solna", eva, checked(UpdateSchema(), {"email": ""}))
    take_in(of_then, [a_booking(email="other@example.org")])
    assert [each["type"] for each in tell(of_then)] == ["PatientUpdated", "NeedAdded"]


def test_records_of_today_are_never_left_to_be_told(work: Work) -> None:
    take_in(work, [a_booking(), a_booking(origin="staff", identity=None, first_name="Bo")])
    assert [bool(row.doubts_told) for row in records(work)] == [True, True]
    assert tell(work) == []
