"""What is due is sent once, whoever sends and whatever fails (PRODUCT N5, N6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.notification.channels import NotSent, Unclear, local_channels
from services.notification.handlers.sending import Sender
from services.notification.model.delivery import LEASE, RETRY_AFTER, STUMBLED
from services.notification.store import messages as messages_table
from shared.sealed import Sealer
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, published, send, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event, previously
from tests.integration.notification.store_contract.messages import noted, settled, taken

EARLIER = NOW - timedelta(minutes=1)
ONLY_SMS = a_document(channels={"booked": ["sms"], "moved": ["sms"], "practitioner": []})


def write(work: Work, document: dict[str, Any] = ONLY_SMS, **changes: Any) -> None:
    tell(a_desk(work, FakeDocuments(solna=document)), an_event(**changes))


def states(work: Work) -> list[str]:
    return [each["state"] for each in listed(work)]


def test_n5_without_providers_a_message_is_sent_by_lying_in_the_outbox(work: Work) -> None:
    write(work, a_document())
    sent = Sender(work, local_channels(), KEYS.people, FakeClock(NOW)).send_due()
    assert sent == 4
    assert states(work) == ["sent"] * 4


def test_a_sent_message_is_told_to_everybody_without_saying_to_whom(work: Work) -> None:
    write(work)
    send(work, FakeChannel(), FakeClock(NOW))
    (event,) = published(work)
    assert (event["type"], event["source"], event["clinic"]) == ("MessageSent", "notification", "solna")
    assert event["correlation_id"] == "c0ffee"
    assert event["data"] == {
        "message": event["subject"],
        "event": "booked",
        "channel": "sms",
        "booking": "7K3M9PQR2T",
        "state": "sent",
        "booking_version": 1,
        "person": event["data"]["person"],
    }
    assert KEYS.people.open(event["data"]["person"]) == {"to": "+46701740699"}


@pytest.mark.both_databases
def test_n6_senders_that_run_at_once_send_each_message_once(work: Work) -> None:
    for number in range(30):
        write(work, reference=f"REF{number}")
    channel = FakeChannel()
    with ThreadPoolExecutor(4) as pool:
        attempts = list(pool.map(lambda _: send(work, channel, FakeClock(NOW)), range(4)))
    assert sum(attempts) == 30
    assert len({message.id for message in channel.attempts}) == len(channel.attempts) == 30
    assert len(published(work)) == 30


def test_n6_a_message_that_was_sent_is_not_sent_again(work: Work) -> None:
    write(work)
    channel, clock = FakeChannel(), FakeClock(NOW)
    send(work, channel, clock)
    clock.moment += timedelta(days=30)
    assert send(work, channel, clock) == 0
    assert len(channel.attempts) == 1


@pytest.mark.parametrize("trouble", [NotSent("busy"), Unclear("no_answer"), ConnectionError("+46701740699")])
def test_n6_what_was_not_sent_is_tried_again_later_with_the_same_id(
    work: Work, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    write(work)
    channel, clock = FakeChannel(trouble), FakeClock(NOW)
    send(work, channel, clock)
    assert states(work) == ["planned"]
    assert send(work, channel, clock) == 0
    clock.moment += RETRY_AFTER[0]
    assert send(work, channel, clock) == 1
    assert states(work) == ["sent"]
    assert len({message.id for message in channel.attempts}) == 1
    assert "+46701740699" not in caplog.text


def test_n6_a_message_fails_for_good_after_the_last_attempt(work: Work) -> None:
    write(work)
    channel, clock = FakeChannel(*[NotSent("busy")] * 20), FakeClock(NOW)
    for wait in (*RETRY_AFTER, timedelta(days=1)):
        send(work, channel, clock)
        clock.moment += wait
    assert states(work) == ["failed"]
    assert len(channel.attempts) == len(RETRY_AFTER) + 1
    assert [event["type"] for event in published(work)] == ["MessageFailed"]
    assert sum(RETRY_AFTER, timedelta()) > timedelta(days=1)


def test_n6_what_a_provider_refuses_for_good_is_not_tried_again(work: Work) -> None:
    write(work)
    send(work, FakeChannel(NotSent("no such number", final=True)), FakeClock(NOW))
    assert states(work) == ["failed"]


def test_n6_a_message_in_the_hands_of_a_process_that_died_is_taken_up_after_its_lease(work: Work) -> None:
    write(work)
    clock = FakeClock(NOW)
    with work() as store:
        lost = taken(store, "sms", NOW, NOW + LEASE).message
    channel = FakeChannel()
    assert send(work, channel, clock) == 0
    clock.moment += LEASE
    assert send(work, channel, clock) == 1
    with work() as store:
        assert not settled(store, lost, state="failed"), "who lost the claim no longer decides"
    assert states(work) == ["sent"]


def test_a_message_whose_key_is_not_there_waits_for_it_and_holds_up_no_other(work: Work) -> None:
    lost = Sealer("k2:" + "B" * 43 + "=")
    write(work)
    with work() as store:
        store.connection.execute(update(messages_table).values(content=lost.seal({}), due_at=EARLIER))
    write(work, reference="8K3M9PQR2T")
    channel, clock = FakeChannel(), FakeClock(NOW)
    send(work, channel, clock)
    assert len(channel.attempts) == 1
    with work.reading() as store:
        found = select(messages_table.c.state, messages_table.c.attempts).order_by(messages_table.c.state)
        assert store.connection.execute(found).all() == [("planned", 0), ("sent", 1)]


class StumblingSealer(Sealer):
    """Fails to seal once: what a database that goes away in the middle of a note looks like."""

    stumbles = True

    def seal(self, value: Any) -> str:
        if self.stumbles:
            self.stumbles = False
            raise ConnectionError
        return super().seal(value)


def test_n6_a_message_that_was_taken_but_could_not_be_noted_is_not_sent_again(work: Work) -> None:
    write(work)
    channel, clock = FakeChannel(has=["id-1"]), FakeClock(NOW)
    people = StumblingSealer("k1:" + "A" * 43 + "=")
    stumbling = Sender(work, {"sms": channel}, people, clock)
    stumbling.send_due()
    assert states(work) == ["planned"]
    clock.moment += STUMBLED
    stumbling.send_due()
    assert (states(work), len(channel.attempts)) == (["sent"], 1)


def test_what_waits_for_another_attempt_is_withdrawn_when_the_booking_changes(work: Work) -> None:
    write(work)
    channel, clock = FakeChannel(NotSent("busy")), FakeClock(NOW)
    send(work, channel, clock)
    moved = an_event("BookingMoved", 2, previous=previously(practitioner="bo"))
    tell(a_desk(work, FakeDocuments(solna=ONLY_SMS)), moved)
    clock.moment += timedelta(days=1)
    send(work, channel, clock)
    assert sorted(states(work)) == ["sent", "withdrawn"]
    assert "has been changed" in channel.attempts[-1].content.text


def test_what_a_dead_process_left_behind_is_withdrawn_if_it_is_no_longer_true(work: Work) -> None:
    write(work)
    with work() as store:
        taken(store, "sms", NOW, NOW + LEASE)
        noted(store, "7K3M9PQR2T", 2, "anna", NOW)
    channel = FakeChannel()
    send(work, channel, FakeClock(NOW + LEASE))
    assert (channel.attempts, states(work)) == ([], ["withdrawn"])
