"""Addresses of messages are hashed anew, and with them who wants no SMS (PRODUCT A3, N5, ADR 59)."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.channels import Answer
from services.notification.handlers.hearing import hear_answer
from services.notification.handlers.sending import Sender
from services.notification.lookups import LOOKUPS
from services.notification.store import metadata
from services.notification.store.tables import appointments, messages, stopped_numbers
from shared.lookups import Openers, named
from shared.sealed import Sealer
from shared.storage.keys.rehashing import HashedTable
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event
from tests.builders.notification.reminding_clinic import DAY, House

NUMBER = "+46701740699"
NEW = replace(KEYS, lookup="new key")
BOTH = named([NEW.lookup, KEYS.lookup])
NEWEST, OLD = BOTH


def hashed(work: Work) -> tuple[HashedTable, list[Any]]:
    """Return the messages as they are found, and all rows of them."""
    numbers = Sealer("n:" + "A" * 43 + "=")
    (found,) = (HashedTable(each, metadata, BOTH, Openers(KEYS.people, numbers)) for each in LOOKUPS)
    return found, [row for page in found.pages(work.database) for row in page]


def rehashed(work: Work) -> Counter[str]:
    table, rows = hashed(work)
    return table.rehash(work.database, table.to_rehash(rows))


def stopped(work: Work) -> set[str]:
    with work.reading() as store:
        return set(store.connection.scalars(select(stopped_numbers.c.recipient)))


def test_n5_who_said_stop_is_known_by_the_new_key_and_the_old_hash_goes_with_its_last_message(work: Work) -> None:
    """In the transaction in which the first message to them is hashed anew: no SMS slips through in between."""
    desk = a_desk(work, FakeDocuments(solna=a_document(channels={"booked": ["sms"], "practitioner": []})))
    for reference in ("REF1", "REF2"):
        tell(desk, an_event(reference=reference, person={"mobile": NUMBER}))
    hear_answer(desk, Answer(id="SM-1", sender=NUMBER, text="STOP", opt_out=""))
    old, new = ({replace(desk, keys=keys).recipient("sms", NUMBER)} for keys in (KEYS, NEW))
    table, rows = hashed(work)
    theirs = [row for row in rows if row.recipient in old]
    assert len(theirs) == 2
    assert table.rehash(work.database, [(theirs[0].id,)]) == {OLD: 1}
    assert stopped(work) == old | new
    assert table.rehash(work.database, [(theirs[1].id,)]) == {OLD: 1}
    assert stopped(work) == new
    assert rehashed(work).total() == len(rows) - 2
    channel = FakeChannel()
    channels: Any = {"sms": channel, "email": channel}
    Sender(work, channels, KEYS.people, FakeClock(NOW)).send_due("sms")
    assert channel.sent == []


@pytest.mark.both_databases
def test_n3_a_reminder_is_left_alone_while_its_booking_is_planned_anew(work: Work) -> None:
    """Whoever plans finds it by its hash, and would plan another beside it; on SQLite writers wait for each other."""
    house = House(work, DAY)
    house.take_in(an_event())
    if not work.database.is_sqlite:
        with work() as store:
            store.connection.execute(select(appointments).with_for_update())
            assert rehashed(work) == {}
    assert rehashed(work) == {OLD: 1}
    assert len(house.planned()) == 1


def test_a3_what_was_erased_is_found_by_nobody_and_stays(work: Work) -> None:
    """ADR 53: an erased message is known by its id."""
    tell(a_desk(work), an_event())
    with work() as store:
        store.connection.execute(messages.update().values(recipient=messages.c.id))
    table, rows = hashed(work)
    assert (table.found(rows), table.to_rehash(rows)) == ({}, [])
