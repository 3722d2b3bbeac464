"""Of messages about an erased patient it is left that they were (PRODUCT A3, ADR 53)."""

import pytest

from services.notification.handlers.calling import send_code
from services.notification.handlers.resending import resend
from services.notification.handlers.rights.erasing import forget_patients
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid
from tests.builders.clock import FakeClock
from tests.builders.notification.erased import EVA, erased, everything
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import (
    NEED,
    NOW,
    PERSON,
    a_booked_recall,
    a_desk,
    a_recall,
    an_event,
)


def test_a3_nothing_of_the_person_is_left_and_nothing_that_waits_goes_out(work: Work) -> None:
    tell(a_desk(work), an_event())
    send(work, FakeChannel(), FakeClock(NOW))
    with work() as store:
        store.note_patients({an_event().subject: EVA})
    texts = {each["to"] for each in listed(work) if each["audience"] == "patient"}
    assert texts
    assert all(text in everything(work) for text in texts)
    desk = a_desk(work)
    for _ in range(2):
        take_in(work, forget_patients(desk, [erased()]), "forget_patient", NOW)
    left = everything(work)
    assert [text for text in texts if text in left] == []
    assert left.count("'MessagesErased'") >= 1
    assert {(each["to"], each["text"]) for each in listed(work)} == {("", "")}
    assert "planned" not in {each["state"] for each in listed(work)}
    tell(desk, an_event())
    assert {each["to"] for each in listed(work)} == {""}, "what comes late tells nobody"


def test_a3_login_codes_that_went_to_the_same_telephone_are_emptied_and_no_others(work: Work) -> None:
    desk = a_desk(work)
    tell(desk, an_event())
    for mobile in (PERSON["mobile"], "+46701740605"):
        send_code(desk, "solna", {"mobile": mobile, "code": "123456", "language": "en"})
    send(work, FakeChannel(), FakeClock(NOW))
    take_in(work, forget_patients(desk, [erased()]), "forget_patient", NOW)
    left = everything(work)
    assert (PERSON["mobile"] in left, left.count("123456")) == (False, 1)
    assert left.count("+46701740605") == 1, "in the message alone: no event says whose code it was"


@pytest.mark.parametrize("late", [a_recall(), a_booked_recall()], ids=["to a need", "to a booked time"])
def test_a3_a_recall_that_comes_late_calls_nobody(work: Work, late: Event) -> None:
    """Its queue is another than that of the erasure, and may be behind."""
    desk = a_desk(work)
    for _ in range(2):
        take_in(work, forget_patients(desk, [erased(NEED)]), "forget_patient", NOW)
    tell(desk, late)
    assert listed(work) == []


def test_a3_what_was_erased_cannot_be_sent_again(work: Work) -> None:
    desk = a_desk(work)
    tell(desk, a_recall(send=["email"]))
    send(work, FakeChannel(), FakeClock(NOW))
    take_in(work, forget_patients(desk, [erased(NEED)]), "forget_patient", NOW)
    (sent,) = listed(work)
    with pytest.raises(Invalid):
        resend(desk, "solna", sent["id"])
