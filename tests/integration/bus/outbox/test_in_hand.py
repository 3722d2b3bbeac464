"""What a process has just committed its relay publishes without reading it again (ADR 22)."""

from datetime import timedelta

import pytest

from shared.bus.events.outbox import CLAIM
from shared.bus.events.relay import IN_HAND, Relay
from shared.bus.events.signatures import SIGNATURE
from shared.bus.wires.link import BusLost
from shared.storage.database import Database
from tests.builders.clock import FakeClock
from tests.integration.bus.outbox.relays import NOW, SIGNATURES, FakeLink, a_relay, commit, unpublished
from tests.integration.statements import statements


def test_what_is_handed_over_goes_out_without_a_look_at_the_outbox_and_is_marked_together(
    database: Database, relay: Relay, link: FakeLink
) -> None:
    told = [commit(database, count, NOW + CLAIM) for count in (3, 1, 300)]
    with statements(database) as sent:
        for events in told:
            relay.take(events, NOW + CLAIM)
            relay.publish_in_hand()
    assert (sent, link.delivered) == ([], [event.id for events in told for event in events])
    SIGNATURES.check("teller", "Told", link.messages[0].body, link.messages[0].headers[SIGNATURE])
    assert relay.publish_all() == 0, "they are claimed"
    with statements(database) as sent:
        relay.mark_published()
    assert (len(sent), unpublished(database)) == (1, 0)


def test_what_was_committed_and_handed_to_nobody_goes_out_when_its_claim_is_over(
    database: Database, link: FakeLink
) -> None:
    """A process that ends in between."""
    events, clock = commit(database, 2, NOW + CLAIM), FakeClock(NOW)
    relay = a_relay(database, link, clock)
    assert relay.publish_all() == 0
    clock.moment = NOW + CLAIM + timedelta(seconds=1)
    assert relay.publish_all() == 2
    assert link.delivered == [event.id for event in events]


def test_what_lay_in_hand_for_too_long_is_left_to_whoever_sweeps(database: Database, link: FakeLink) -> None:
    clock = FakeClock(NOW)
    relay, events = a_relay(database, link, clock), commit(database, 1, NOW + CLAIM)
    relay.take(events, NOW + CLAIM)
    clock.moment = NOW + CLAIM - timedelta(seconds=5)
    relay.publish_in_hand()
    assert link.delivered == []
    assert unpublished(database) == 1


def test_what_is_in_hand_when_the_broker_is_lost_is_anybody_s_at_once(database: Database, link: FakeLink) -> None:
    relay, other_link = a_relay(database, link), FakeLink()
    events = commit(database, 300, NOW + CLAIM)
    relay.take(events, NOW + CLAIM)
    link.trouble = BusLost("gone")
    with pytest.raises(BusLost):
        relay.publish_in_hand()
    a_relay(database, other_link).publish_all()
    assert other_link.delivered == [event.id for event in events]
    relay.publish_in_hand()
    assert link.delivered == []


def test_more_than_a_relay_keeps_in_hand_is_not_lost(database: Database, link: FakeLink) -> None:
    clock = FakeClock(NOW)
    relay, told = a_relay(database, link, clock), [commit(database, IN_HAND, NOW + CLAIM) for _ in range(2)]
    for events in told:
        relay.take(events, NOW + CLAIM)
    relay.publish_in_hand()
    relay.mark_published()
    assert len(link.delivered) == IN_HAND
    clock.moment = NOW + CLAIM + timedelta(seconds=1)
    assert relay.publish_all() == IN_HAND
