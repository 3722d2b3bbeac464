"""Before a change staff see who would be told by what; and they tell a patient again (PRODUCT C10)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification.handlers.desk import Desk
from services.notification.handlers.previewing import addressees
from services.notification.handlers.resending import confirm_again
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, NotFound
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, published, send, tell
from tests.builders.notification.messages import NOW, START, FakeDocuments, a_desk, a_document, an_event

REFERENCE = "7K3M9PQR2T"
BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic="solna", practitioner="bo")
ANNA = replace(BO, id="anna@solna.example", practitioner="anna")


def told(desk: Desk, happened: str, practitioner: str | None = None) -> list[tuple[str, ...]]:
    found = addressees(desk, "solna", REFERENCE, practitioner)[happened]
    return [(each["audience"], each["name"], each["channel"]) for each in found]


def test_c10_who_would_be_told_of_a_move_or_cancellation(work: Work) -> None:
    tell(a_desk(work), an_event())
    everybody = [
        ("patient", "Eva Lind", "sms"),
        ("patient", "Eva Lind", "email"),
        ("practitioner", "Anna Berg", "email"),
        ("clinic", "Solna Tandvård", "email"),
    ]
    assert told(a_desk(work), "moved") == told(a_desk(work), "cancelled") == everybody
    assert told(a_desk(work), "moved", "bo")[2:] == [
        ("practitioner", "Bo Ek", "email"), ("practitioner", "Anna Berg", "email"), everybody[-1],
    ]  # fmt: skip


def test_c10_only_by_what_reaches_them(work: Work) -> None:
    """N5, B18a: who has replied STOP or has not consented, and what the clinic does not use, is not named."""
    tell(a_desk(work), an_event(person={"email_ok": False}))
    desk = a_desk(work)
    assert [each for each in told(desk, "moved") if each[0] == "patient"] == [("patient", "Eva Lind", "sms")]
    with work() as store:
        store.stop_sms(desk.recipients("sms", "+46701740699"), NOW)
    assert [each for each in told(desk, "moved") if each[0] == "patient"] == []
    quiet = FakeDocuments(solna=a_document(channels={"cancelled": [], "practitioner": []}))
    assert told(a_desk(work, documents=quiet), "cancelled") == []


def test_of_what_stands_no_more_nobody_is_told(work: Work) -> None:
    tell(a_desk(work), an_event())
    tell(a_desk(work), an_event("BookingCancelled", 2, status="cancelled"))
    assert addressees(a_desk(work), "solna", REFERENCE, None) == {"moved": [], "cancelled": []}
    with pytest.raises(Invalid):
        confirm_again(a_desk(work), "solna", REFERENCE)


def test_c1_therapists_ask_of_their_own_bookings_only(work: Work) -> None:
    tell(a_desk(work), an_event())
    assert told(a_desk(work, actor=ANNA), "moved")
    for ask in (lambda desk: told(desk, "moved"), lambda desk: confirm_again(desk, "solna", REFERENCE)):
        for when in (NOW, NOW + timedelta(hours=1)):
            with pytest.raises(Forbidden):
                ask(a_desk(work, actor=BO, now=when))
    tell(a_desk(work), an_event("BookingCancelled", 2, status="cancelled"))
    with pytest.raises(Forbidden):
        told(a_desk(work, actor=BO), "moved")


def test_what_was_never_heard_of_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        addressees(a_desk(work), "solna", REFERENCE, None)
    with pytest.raises(NotFound):
        confirm_again(a_desk(work), "solna", REFERENCE)


def test_c10_whom_nobody_told_is_sent_the_confirmation_as_it_is_now(work: Work) -> None:
    """In the name of who asked for it, and once for two clicks; so booking hears that somebody was told."""
    later = START + timedelta(hours=3)
    tell(a_desk(work), an_event(tell="none"))
    tell(a_desk(work), an_event("BookingMoved", 2, start=later, tell="none"))
    written: list[dict[str, Any]] = confirm_again(a_desk(work), "solna", REFERENCE)["messages"]
    assert {(each["event"], each["channel"], each["audience"]) for each in written} == {
        ("booked", "sms", "patient"), ("booked", "email", "patient"),
    }  # fmt: skip
    assert all("17:00" in each["text"] for each in written)
    with pytest.raises(Invalid):
        confirm_again(a_desk(work), "solna", REFERENCE)
    send(work, FakeChannel(), FakeClock(NOW))
    assert {each["state"] for each in listed(work)} == {"sent"}
    heard = [each for each in published(work) if each["type"] == "MessageSent"]
    assert {(each["data"]["booking_version"], each["actor"]["id"]) for each in heard} == {(2, "ann@solna.example")}


def test_who_cannot_be_told_is_said_to_be_so(work: Work) -> None:
    tell(a_desk(work), an_event(person={"sms_ok": False, "email_ok": False}))
    with pytest.raises(Invalid):
        confirm_again(a_desk(work), "solna", REFERENCE)
