"""Therapists see and send again what is about their own bookings, and nothing else (PRODUCT C1)."""

import pytest

from services.notification.handlers.reading import message, messages
from services.notification.handlers.resending import resend
from shared.actor import Actor
from shared.contracts.errors import Forbidden
from tests.builders.notification.mailroom import Work, listed, tell
from tests.builders.notification.messages import a_desk, an_event

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


def test_c1_a_therapist_neither_opens_nor_sends_again_what_is_a_colleague_s(work: Work) -> None:
    tell(a_desk(work), an_event())
    id = next(each["id"] for each in listed(work) if each["audience"] == "patient")
    assert message(by(work, "anna"), "solna", id)["id"] == id  # type: ignore[arg-type]
    for call in (message, resend):
        with pytest.raises(Forbidden):
            call(by(work, "bo"), "solna", id)  # type: ignore[arg-type]
