"""Therapists see and send again what is about their own bookings, and nothing else (PRODUCT C1)."""

import pytest

from services.notification.channels import NotSent
from services.notification.handlers.reading import failed_count, message, messages, of_recalls
from services.notification.handlers.resending import resend
from shared.actor import Actor
from shared.contracts.errors import Forbidden
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import NOW, a_booked_recall, a_desk, an_event

EVERYTHING = {"booking": None, "state": None, "limit": 200, "cursor": None}


def by(work: Work, practitioner: str | None) -> object:
    """Return the surroundings of calls by a therapist with that calendar."""
    return a_desk(work, actor=Actor("staff", "somebody@solna.example", "therapist", "solna", practitioner))


def test_c1_a_therapist_sees_the_messages_of_their_own_bookings(work: Work) -> None:
    tell(a_desk(work), an_event())
    everything = {each["id"] for each in listed(work)}

    def seen(practitioner: str | None) -> set[str]:
        return {each["id"] for each in messages(by(work, practitioner), "solna", EVERYTHING)["messages"]}  # type: ignore[arg-type]

    assert seen("anna") == everything != set()
    assert seen("bo") == seen(None) == set()


def test_n6_c1_a_therapist_is_told_how_many_messages_of_their_own_bookings_have_failed(work: Work) -> None:
    tell(a_desk(work), an_event(person={"email": None}))
    send(work, FakeChannel(NotSent("wrong_address", final=True)), FakeClock(NOW))
    for practitioner, failed in (("anna", 1), ("bo", 0), (None, 0)):
        assert failed_count(by(work, practitioner), "solna") == {"failed": failed}  # type: ignore[arg-type]
    assert failed_count(a_desk(work), "solna") == {"failed": 1}
    assert failed_count(a_desk(work), "lund") == {"failed": 0}


def test_c1_a_therapist_learns_nothing_of_what_became_of_a_colleague_s_recall(work: Work) -> None:
    tell(a_desk(work), an_event(origin="recall"))
    tell(a_desk(work), a_booked_recall())
    reference = an_event().subject
    assert of_recalls(a_desk(work), "solna", [reference])["messages"]
    told = of_recalls(by(work, "anna"), "solna", [reference])["messages"]  # type: ignore[arg-type]
    assert {each["channel"] for each in told} == {"sms", "email"}
    for practitioner in ("bo", None):
        assert of_recalls(by(work, practitioner), "solna", [reference])["messages"] == []  # type: ignore[arg-type]


def test_c1_a_therapist_neither_opens_nor_sends_again_what_is_a_colleague_s(work: Work) -> None:
    tell(a_desk(work), an_event())
    id = next(each["id"] for each in listed(work) if each["audience"] == "patient")
    assert message(by(work, "anna"), "solna", id)["id"] == id  # type: ignore[arg-type]
    for call in (message, resend):
        with pytest.raises(Forbidden):
            call(by(work, "bo"), "solna", id)  # type: ignore[arg-type]
