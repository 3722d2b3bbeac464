"""Staff send a message again: the same one, once per click, and only what is still true (PRODUCT N6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.notification.channels import NotSent
from services.notification.handlers.calling import send_code
from services.notification.handlers.reading import message, messages
from services.notification.handlers.resending import ONCE_PER, resend
from services.notification.store import messages as messages_table
from shared.actor import Actor
from shared.contracts.errors import Invalid, NotFound
from tests.builders.clock import FakeClock
from tests.builders.notification import mailroom
from tests.builders.notification.mailroom import FakeChannel, Work, listed, published, tell
from tests.builders.notification.messages import (
    HOUSE,
    NOW,
    FakeDocuments,
    a_desk,
    a_document,
    a_recall,
    an_event,
    previously,
)

DOCUMENTS: Any = FakeDocuments(solna=a_document(channels={"practitioner": []}))
STAFF = Actor(kind="staff", id="ann@solna.example", role="administrator", clinic="solna")
LATER = NOW + timedelta(hours=1)


def send(work: Work, channel: FakeChannel, now: datetime = NOW) -> None:
    mailroom.send(work, channel, FakeClock(now))


def refusing() -> FakeChannel:
    """Return a way out that refuses the first message for good."""
    return FakeChannel(NotSent("wrong_address", final=True))


def again(work: Work, id: str, now: Any = LATER, clinic: str = "solna") -> dict[str, Any]:
    return resend(a_desk(work, now=now), clinic, id)


def a_message(work: Work, provider: FakeChannel) -> str:
    """Write a confirmation by SMS, let the provider have it, and return its id."""
    tell(a_desk(work, DOCUMENTS), an_event(person={"email": None}))
    send(work, provider)
    return str(listed(work)[0]["id"])


@pytest.mark.parametrize("provider", [FakeChannel, refusing])
def test_n6_what_failed_and_what_went_out_is_sent_again_as_it_was(
    work: Work, provider: Callable[[], FakeChannel]
) -> None:
    first = a_message(work, provider())
    new = again(work, first)
    assert (new["state"], new["event"], new["booking"]) == ("planned", "booked", "7K3M9PQR2T")
    assert new["id"] != first
    channel = FakeChannel()
    send(work, channel, LATER)
    assert [sent.content.text for sent in channel.sent] == [message(a_desk(work), "solna", first)["text"]]
    assert message(a_desk(work), "solna", new["id"])["state"] == "sent"


def test_n6_a_second_click_sends_nothing_more(work: Work) -> None:
    first = a_message(work, refusing())
    again(work, first)
    with pytest.raises(Invalid, match="being sent again"):
        again(work, first, LATER + 2 * ONCE_PER)  # it still waits
    send(work, FakeChannel(), LATER)
    with pytest.raises(Invalid, match="being sent again"):
        again(work, first, LATER + ONCE_PER / 2)
    again(work, first, LATER + 2 * ONCE_PER)
    assert len(listed(work)) == 3


def test_n6_what_waits_or_is_no_longer_true_is_not_sent_again(work: Work) -> None:
    tell(a_desk(work, DOCUMENTS), an_event(person={"email": None}))
    first = str(listed(work)[0]["id"])
    with pytest.raises(Invalid, match="not gone out yet"):
        again(work, first)
    send(work, FakeChannel())
    moved = an_event("BookingMoved", 2, person={"email": None}, previous=previously(minutes=30))
    tell(a_desk(work, DOCUMENTS), moved)
    with pytest.raises(Invalid, match="no longer true"):
        again(work, first)


def test_what_went_to_an_address_that_nobody_has_confirmed_is_not_sent_there_again(work: Work) -> None:
    """ADR 15: version 0.1.0 told of staff's bookings wherever the record said; it has said since what is doubted."""
    first = a_message(work, FakeChannel())
    person = {"email": None, "unconfirmed": ["mobile"]}
    tell(a_desk(work, DOCUMENTS), an_event("BookingChanged", 2, person=person, previous=previously()))
    with pytest.raises(Invalid, match="Nobody has confirmed"):
        again(work, first)
    confirmed = an_event("BookingChanged", 3, person={"email": None, "unconfirmed": []}, previous=previously())
    tell(a_desk(work, DOCUMENTS), confirmed)
    assert again(work, first)["state"] == "planned"


def test_what_a_practitioner_was_told_is_sent_again_whatever_is_doubted_of_the_patient(work: Work) -> None:
    documents: Any = FakeDocuments(solna=a_document())
    tell(a_desk(work, documents), an_event(person={"unconfirmed": ["mobile", "email"]}))
    send(work, FakeChannel())
    told = {each["audience"]: str(each["id"]) for each in listed(work)}
    assert set(told) == {"practitioner", "clinic"}
    assert again(work, told["practitioner"])["state"] == "planned"


def test_n6_what_was_withdrawn_is_not_sent_again(work: Work) -> None:
    first = a_message(work, FakeChannel())
    with work() as store:
        store.connection.execute(update(messages_table).values(state="withdrawn"))
    with pytest.raises(Invalid, match="no longer true"):
        again(work, first)


def test_r2_a_recall_that_was_issued_again_is_not_sent_again_in_its_old_words(work: Work) -> None:
    tell(a_desk(work, DOCUMENTS), a_recall(1, send=["sms"]))
    send(work, FakeChannel())
    first = str(listed(work)[0]["id"])
    tell(a_desk(work, DOCUMENTS), a_recall(2, send=["sms"]))
    with pytest.raises(Invalid, match="no longer true"):
        again(work, first)


def test_b14_a_login_code_is_never_sent_again(work: Work) -> None:
    fields = {"mobile": "+46701740699", "code": "471108", "language": "en"}
    send_code(a_desk(work, DOCUMENTS, HOUSE), "solna", fields)
    with work.reading() as store:
        id = store.connection.scalar(select(messages_table.c.id))
    with pytest.raises(NotFound):
        again(work, str(id))


@pytest.mark.parametrize(("id", "clinic"), [("0" * 32, "solna"), ("x", "solna"), (None, "lund")])
def test_what_is_no_message_of_the_clinic_is_not_found(work: Work, id: str | None, clinic: str) -> None:
    first = a_message(work, FakeChannel())
    with pytest.raises(NotFound):
        again(work, id or first, clinic=clinic)


def test_n6_the_history_hears_who_sent_it_again(work: Work) -> None:
    again(work, a_message(work, FakeChannel()))
    send(work, FakeChannel(), LATER)
    told = published(work)
    assert [event["actor"]["id"] for event in told] == ["notification", "ann@solna.example"]
    assert {event["data"]["booking"] for event in told} == {"7K3M9PQR2T"}


def test_n6_what_failed_for_good_stands_on_top_until_it_is_sent_again(work: Work) -> None:
    failed = a_message(work, refusing())
    for number in range(3):
        event = an_event(reference=f"REF{number}", person={"email": None})
        tell(a_desk(work, DOCUMENTS, now=NOW + timedelta(minutes=number + 1)), event)
    assert [each["booking"] for each in listed(work)] == ["7K3M9PQR2T", "REF2", "REF1", "REF0"]
    pages, cursor = [], None
    for _ in range(4):
        fields = {"booking": None, "state": None, "limit": 1, "cursor": cursor}
        page = messages(a_desk(work), "solna", fields)
        pages.append(page["messages"][0]["booking"])
        cursor = page["next"]
    assert (pages, cursor) == (["7K3M9PQR2T", "REF2", "REF1", "REF0"], None)
    again(work, failed, LATER)
    assert [each["booking"] for each in listed(work)] == ["7K3M9PQR2T", "REF2", "REF1", "REF0", "7K3M9PQR2T"]
    assert [each["state"] for each in listed(work, state="failed")] == ["failed"]
