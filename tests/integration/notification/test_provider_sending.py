"""Sending by the real libraries to a local server that plays Twilio and SendGrid, faults included (PRODUCT N5, N6)."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.notification.channels import Channel, Channels, Outgoing, ways_out
from services.notification.handlers.sending import Sender
from services.notification.model.delivery import DOUBT, LEASE, RETRY_AFTER, WITH_PROVIDER
from shared.settings import from_environment
from tests.builders.clock import FakeClock
from tests.builders.lying_open import lying_open
from tests.builders.notification.mailroom import Work, listed, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event
from tests.integration.notification.store_contract.messages import noted, put_off, settled, taken
from tests.servers.providers import Fault, Providers, running_providers

DOCUMENT = a_document(channels={"booked": ["sms", "email"], "practitioner": []})
BUSY = Fault(status=429, body=b'{"code": 20429, "message": "busy", "status": 429}')
BROKEN = Fault(status=500, body=b'{"code": 20500, "message": "+46701740699", "status": 500}')
REFUSED = Fault(status=400, body=b'{"code": 21211, "message": "+46701740699 is no number", "status": 400}')


@pytest.fixture
def providers() -> Iterator[Providers]:
    """Return both providers, fresh."""
    with running_providers() as providers:
        yield providers


class House:
    """An installation that sends by the providers; its clock stands until `pass_time`."""

    def __init__(self, work: Work, channels: Channels, clock: FakeClock) -> None:
        self.work, self.channels, self.clock = work, channels, clock

    def write(self, **changes: Any) -> None:
        """Write a booking's confirmations by SMS and email."""
        documents: Any = FakeDocuments(solna=DOCUMENT)
        tell(a_desk(self.work, documents, now=self.clock.now()), an_event(**changes))

    def send(self, *channels: str) -> None:
        """Send what is due."""
        Sender(self.work, self.channels, KEYS.people, self.clock).send_due(*channels)

    def send_after(self, time: timedelta, *channels: str) -> None:
        """Let time pass, and send what is due then."""
        self.clock.moment += time
        self.send(*channels)

    def states(self, channel: str) -> list[tuple[str, str | None]]:
        """Return state and reason of each message of a channel."""
        found = listed(self.work, channel=channel)
        return [(row["state"], row["reason"] and row["reason"]["code"]) for row in found]


@pytest.fixture
def clock() -> FakeClock:
    """Return the time at which this test begins: Twilio's list is looked through by time."""
    return FakeClock(datetime.now(NOW.tzinfo))


@pytest.fixture
def house(work: Work, providers: Providers, clock: FakeClock, tmp_path: Path) -> House:
    """Return an installation whose SMS and emails go to the local providers."""
    environment = {"DATA_DIR": str(tmp_path), "PUBLIC_URL": "https://booking.example", **providers.settings()}
    return House(work, ways_out(from_environment(environment)), clock)


def test_n5_an_sms_goes_to_twilio_and_an_email_to_sendgrid_each_with_our_id(house: House, providers: Providers) -> None:
    house.write(message="ÅÄÖ سلام")
    house.send()
    (sms,), (email,) = providers.sms, providers.emails
    assert (sms.to, email.to) == ("+46701740699", "eva@example.org")
    assert sms.fields["From"] == "+46700000000"
    assert sms.fields["StatusCallback"].startswith("https://booking.example/v1/webhooks/twilio/status?message=")
    assert email.fields["from"] == {"email": "booking@frontdesk.example", "name": "Solna Tandvård"}
    assert email.fields["reply_to"]["email"] == "info@solna.example"
    assert [each["type"] for each in email.fields["content"]] == ["text/plain", "text/html"]
    assert [each["type"] for each in email.fields["attachments"]] == ["text/calendar; method=REQUEST"]
    assert set(email.fields["custom_args"]) == {"frontdesk_message"}
    assert email.fields["tracking_settings"]["click_tracking"]["enable"] is False, "personal links stay ours"
    assert house.states("sms") == house.states("email") == [("sent", None)]


def test_n5_a_provider_that_wants_to_be_left_alone_is(house: House, providers: Providers) -> None:
    wait = Fault(status=429, body=BUSY.body, headers=(("Retry-After", "600"),))
    for channel in ("sms", "email"):
        providers.fail(channel, wait)
    house.write()
    house.send()
    assert house.states("sms") == house.states("email") == [("planned", "busy")]
    house.send_after(timedelta(seconds=599))
    assert len(providers.sms) == len(providers.emails) == 0
    house.send_after(timedelta(seconds=1))
    assert len(providers.sms) == len(providers.emails) == 1


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("fault", [BUSY, BROKEN, Fault(status=503, body=b"<html>down</html>")])
def test_n6_what_fails_twice_is_sent_the_third_time(
    house: House, providers: Providers, channel: str, fault: Fault
) -> None:
    providers.fail(channel, fault, fault)
    house.write()
    house.send(channel)
    for wait in RETRY_AFTER[:2]:
        assert house.states(channel)[0][0] == "planned"
        house.send_after(wait, channel)
    assert house.states(channel) == [("sent", None)]
    assert len(providers.sms) + len(providers.emails) == 1


@pytest.mark.parametrize(("channel", "reason"), [("sms", "wrong_address"), ("email", "refused")])
def test_n6_what_a_provider_refuses_is_not_tried_again(
    house: House, providers: Providers, channel: str, reason: str
) -> None:
    providers.fail(channel, REFUSED)
    house.write()
    house.send(channel)
    assert house.states(channel) == [("failed", reason)]
    house.send_after(timedelta(days=2), channel)
    assert providers.requests == [channel]


def test_n6_a_provider_that_is_down_for_a_day_delays_and_loses_nothing(house: House, providers: Providers) -> None:
    providers.stop()
    house.write()
    house.send()
    for wait in RETRY_AFTER[:-1]:
        house.send_after(wait)
        assert house.states("sms") == house.states("email") == [("planned", "no_answer")]
    providers.start()
    house.send_after(RETRY_AFTER[-1])
    assert house.states("sms") == house.states("email") == [("sent", None)]


def test_n6_an_sms_whose_answer_was_lost_is_found_at_twilio_and_not_sent_again(
    house: House, providers: Providers
) -> None:
    providers.fail("sms", Fault(lost=True))
    house.write()
    house.send("sms")
    assert house.states("sms") == [("planned", "no_answer")]
    house.send_after(RETRY_AFTER[0], "sms")
    assert house.states("sms") == [("sent", None)]
    assert providers.requests == ["sms", "list"]
    assert len(providers.sms) == 1


@pytest.mark.parametrize("answer", [b"garbage", b"[]", b"", b'{"sid": null}'])
def test_n6_an_answer_that_is_none_of_twilios_is_asked_about(house: House, providers: Providers, answer: bytes) -> None:
    providers.fail("sms", Fault(body=answer))
    house.write()
    house.send("sms")
    house.send_after(RETRY_AFTER[0], "sms")
    assert (house.states("sms"), len(providers.sms)) == ([("sent", None)], 1)


def test_n6_while_twilio_cannot_be_asked_nothing_is_sent(house: House, providers: Providers) -> None:
    providers.fail("sms", Fault(lost=True))
    providers.fail("list", BROKEN, BUSY, Fault(body=b"garbage"), Fault(lost=True))
    house.write()
    house.send("sms")
    for wait in RETRY_AFTER[:4]:
        house.send_after(wait, "sms")
        assert house.states("sms")[0][0] == "planned"
    house.send_after(RETRY_AFTER[4], "sms")
    assert (house.states("sms"), len(providers.sms)) == ([("sent", None)], 1)


def test_n6_the_same_text_sent_before_or_for_another_message_is_not_taken_for_this_one(
    house: House, providers: Providers, clock: FakeClock
) -> None:
    house.write()
    house.send("sms")  # the same words to the same number, noted with its own message
    providers.sms.append(type(providers.sms[0])("SMold", "+46701740699", providers.sms[0].text, {}, _long_ago(clock)))
    providers.fail("sms", BROKEN)
    house.write()
    house.send("sms")
    house.send_after(RETRY_AFTER[0], "sms")
    assert house.states("sms") == [("sent", None)] * 2
    assert len(providers.sms) == 3


def _long_ago(clock: FakeClock) -> datetime:
    return clock.now() - timedelta(hours=1)


def test_n6_an_email_whose_answer_was_lost_is_left_to_people_when_no_event_comes(
    house: House, providers: Providers
) -> None:
    providers.fail("email", Fault(lost=True))
    house.write()
    house.send("email")
    house.send_after(RETRY_AFTER[0], "email")
    assert house.states("email") == [("planned", "no_answer")]
    house.send_after(DOUBT, "email")
    assert house.states("email") == [("failed", "unknown")]
    assert len(providers.emails) == 1


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_n6_a_dead_senders_message_is_not_sent_again_blindly(house: House, providers: Providers, channel: str) -> None:
    """The process died as it handed the message over."""
    house.write()
    with house.work() as store:
        claim = taken(store, channel, house.clock.now(), house.clock.now() + LEASE)
        assert claim is not None
        assert store.hand_over(claim.message, house.clock.now())
    house.send_after(LEASE, channel)
    assert house.states(channel) == [("planned", None)]
    house.send_after(WITH_PROVIDER, channel)
    house.send_after(DOUBT, channel)
    expected = {"sms": [("sent", None)], "email": [("failed", "unknown")]}
    assert house.states(channel) == expected[channel]


class Death(BaseException):
    """The end of a process, at which nobody notes anything any more."""


class LastWay:
    """A way out whose process dies as soon as the provider has the message."""

    def __init__(self, way: Channel) -> None:
        self.leaves_house, self.taken, self._way = way.leaves_house, way.taken, way

    def send(self, message: Outgoing) -> str | None:
        """Hand the message over, and die."""
        self._way.send(message)
        raise Death


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_n6_a_sender_that_dies_as_the_provider_has_the_message_leaves_word_of_it(
    house: House, providers: Providers, channel: str
) -> None:
    house.write()
    dying = House(house.work, {channel: LastWay(house.channels[channel])}, house.clock)
    with pytest.raises(Death):
        dying.send()
    house.send_after(LEASE + WITH_PROVIDER, channel)
    house.send_after(DOUBT, channel)
    assert house.states(channel) == [{"sms": ("sent", None), "email": ("failed", "unknown")}[channel]]
    assert len(providers.sms) + len(providers.emails) == 1


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_n6_a_message_whose_sender_died_before_handing_it_over_is_sent(
    house: House, providers: Providers, channel: str
) -> None:
    house.write()
    with house.work() as store:
        taken(store, channel, house.clock.now(), house.clock.now() + LEASE)
    house.send_after(LEASE, channel)
    assert (house.states(channel), len(providers.sms) + len(providers.emails)) == ([("sent", None)], 1)


def test_n6_a_sender_that_slept_over_its_lease_hands_nothing_over(house: House) -> None:
    house.write()
    with house.work() as store:
        slept = taken(store, "sms", house.clock.now(), house.clock.now() + LEASE)
    house.send_after(LEASE, "sms")
    assert slept is not None
    with house.work() as store:
        assert not store.hand_over(slept.message, house.clock.now())


class SlowWay:
    """A way out that takes its time to say what it has: until somebody else may have taken the message up."""

    def __init__(self, way: Channel, clock: FakeClock) -> None:
        self.leaves_house, self.send, self._way, self._clock = way.leaves_house, way.send, way, clock

    def taken(self, message: Outgoing, since: datetime) -> Any:
        """Say it late."""
        self._clock.moment += LEASE
        return self._way.taken(message, since)


def test_n6_a_sender_that_got_ready_too_late_hands_nothing_over_and_begins_anew(
    house: House, providers: Providers
) -> None:
    """It was in doubt whether Twilio had it, and Twilio took its time to say that it has not."""
    house.write()
    now = house.clock.now()
    with house.work() as store:
        claim = taken(store, "sms", now, now + LEASE)
        assert claim is not None
        settled(store, claim.message, handed_over_at=now)
    slow = House(house.work, {"sms": SlowWay(house.channels["sms"], house.clock)}, house.clock)
    assert Sender(slow.work, slow.channels, KEYS.people, slow.clock).send_due("sms") == 1
    assert house.states("sms") == [("planned", None)]
    assert len(providers.sms) == 0
    house.send("sms")
    assert (house.states("sms"), len(providers.sms)) == ([("sent", None)], 1)


def test_n6_what_has_become_untrue_since_it_was_taken_in_hand_is_not_handed_over(house: House) -> None:
    house.write()
    with house.work() as store:
        claim = taken(store, "sms", house.clock.now(), house.clock.now() + LEASE)
    with house.work() as store:
        noted(store, "7K3M9PQR2T", 2, "anna", NOW)
    assert claim is not None
    with house.work() as store:
        assert not store.hand_over(claim.message, house.clock.now())


def test_n6_a_claim_that_was_put_off_ends_nothing_of_the_next_one(house: House) -> None:
    """A claim that was put off counts as no attempt: only its lease tells it from the next."""
    house.write()
    now = house.clock.now()
    with house.work() as store:
        first = taken(store, "sms", now, now + LEASE)
        assert first is not None
        put_off(store, first.message, now)
        second = taken(store, "sms", now, now + 2 * LEASE)
        assert second is not None
        assert second.message.attempts == first.message.attempts
        assert not settled(store, first.message, state="failed")
        assert settled(store, second.message, state="sent")


@pytest.mark.both_databases
def test_n6_several_processes_send_each_message_once(house: House, providers: Providers) -> None:
    for number in range(12):
        house.write(reference=f"REF{number}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: house.send(), range(4)))
    sent = Counter(each.fields["StatusCallback"] for each in providers.sms)
    assert set(sent.values()) == {1}
    assert (len(sent), len(providers.emails)) == (12, 12)


def test_n5_one_channel_may_go_by_a_provider_while_the_other_stays_in_the_house(
    work: Work, providers: Providers, clock: FakeClock, tmp_path: Path
) -> None:
    only = {name: value for name, value in providers.settings().items() if name.startswith("TWILIO")}
    house = House(work, ways_out(from_environment({"DATA_DIR": str(tmp_path), **only})), clock)
    house.write()
    house.send()
    assert (len(providers.sms), len(providers.emails)) == (1, 0)
    assert house.states("email") == [("sent", None)]
    assert "StatusCallback" not in providers.sms[0].fields, "Twilio takes https addresses only"


@pytest.mark.both_databases
def test_what_providers_say_of_a_message_lies_nowhere_in_clear(house: House, providers: Providers) -> None:
    for channel in ("sms", "email"):
        providers.fail(channel, REFUSED)
    house.write()
    house.send()
    with house.work.reading() as store:
        rows = lying_open(store.connection.exec_driver_sql("SELECT * FROM messages").all(), KEYS.people)
    assert "46701740699" not in rows
