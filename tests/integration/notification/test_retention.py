"""Texts and addresses of messages go when they are older than the clinic keeps them (PRODUCT A3, ADR 58)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.handlers.desk import Desk
from services.notification.handlers.resending import resend
from services.notification.handlers.rights import retention
from services.notification.handlers.rights.erasing import forget_patients
from services.notification.store.tables import booked_patients
from shared.bus.events.effects import take_in
from shared.contracts.envelope import new_event
from shared.contracts.errors import Invalid
from shared.incoming.fields import RetentionSchema, checked
from tests.builders.clock import FakeClock
from tests.builders.notification.erased import EVA, everything
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import NOW, STAFF, FakeDocuments, a_desk, a_document, an_event
from tests.builders.retention import first_look

pytestmark = pytest.mark.both_databases

LAST_DAY = datetime.fromisoformat("2026-12-22T23:59:00+01:00")
"""Of 30 days after NOW's."""


def keeping(work: Work, now: datetime, **periods: str) -> Desk:
    """Return the desk at a moment, at a clinic that keeps things so long."""
    return a_desk(work, now=now, documents=FakeDocuments(solna=a_document(retention=periods)))


def delete_old(desk: Desk) -> None:
    """Delete what is over, as the timer does; the clinic was first looked at on the day before."""
    first_look(desk.work, "solna", desk.now)
    retention.delete_old(desk, {"clinics": [{"clinic": "solna"}]}, int)


def counted(desk: Desk, **periods: str) -> tuple[Any, Any]:
    """Return how many messages a period would empty, and how many were emptied last."""
    (told,) = retention.retention(desk, "solna", checked(RetentionSchema(), periods))["retention"]
    return told["over"], told["deleted"]


def addresses(work: Work) -> set[str]:
    """Return where messages went, as lists show it."""
    return {each["to"] for each in listed(work)}


def test_a3_old_messages_are_emptied_and_what_became_of_them_stays(work: Work) -> None:
    tell(a_desk(work), an_event())
    send(work, FakeChannel(), FakeClock(NOW))
    before = listed(work)
    sent = [each for each in before if each["state"] == "sent"]
    assert sent
    delete_old(keeping(work, LAST_DAY, messages="30d"))
    assert listed(work) == before, "on the last day they are there"
    desk = keeping(work, LAST_DAY + timedelta(minutes=1), messages="30d")
    assert counted(desk) == (len(sent), 0)
    delete_old(desk)
    assert counted(desk) == (0, len(sent)), "what was counted has gone"
    left = {each["id"]: each for each in listed(work)}
    assert [(left[each["id"]]["to"], left[each["id"]]["text"], left[each["id"]]["state"]) for each in sent] == [
        ("", "", "sent")
    ] * len(sent)
    with pytest.raises(Invalid, match="no longer kept"):
        resend(desk, "solna", sent[0]["id"])


def test_a3_what_waits_stays_however_old_and_so_does_all_where_nothing_is_said(work: Work) -> None:
    tell(a_desk(work), an_event())
    before = listed(work)
    assert {each["state"] for each in before} == {"planned"}
    delete_old(keeping(work, NOW + timedelta(days=900), messages="30d"))
    send(work, FakeChannel(), FakeClock(NOW))
    delete_old(keeping(work, NOW + timedelta(days=900)))
    assert addresses(work) == {each["to"] for each in before}


def test_a3_a_clinic_that_lets_persons_go_hears_nothing_of_others_bookings_of_the_patient(work: Work) -> None:
    """Booking tells of old bookings by the clinic, not by the patient: whose other bookings are theirs still."""
    tell(a_desk(work), an_event())
    with work() as store:
        store.note_patients({an_event().subject: EVA, "OTHER": EVA})
    gone = new_event(
        "booking", "BookingsErased", clinic="solna", subject="solna", version=2,
        data={"references": [an_event().subject], "needs": []}, now=NOW, actor=STAFF.brief(), correlation_id="c",
    )  # fmt: skip
    take_in(work, forget_patients(a_desk(work), [gone]), "forget_patient", NOW)
    with work.reading() as store:
        assert list(store.connection.scalars(select(booked_patients.c.booking))) == ["OTHER"]
    assert addresses(work) == {""}
    assert "eva@example.org" not in everything(work)
