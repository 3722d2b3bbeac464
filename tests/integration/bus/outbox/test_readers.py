"""Readers outside get their part of an event as it is published, at no statement and no message more (ADR 57)."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from shared.bus.events.outbox import CLAIM
from shared.bus.events.readers import Readers
from shared.bus.events.republishing import publish_anew
from shared.bus.events.signatures import SIGNATURE
from shared.contracts.envelope import Event
from shared.sealed import Sealer
from shared.settings import new_seal_key
from shared.storage.database import Database
from tests.builders.readers import ONE, TWO, a_reader, opened_by
from tests.contract.bus.services import Store
from tests.integration.bus.outbox.relays import NOW, SIGNATURES, FakeLink, a_relay, an_event, write
from tests.integration.statements import statements

HOUSE = Sealer(new_seal_key())
LETTERS = Readers({"letters": a_reader(fields=("first_name",))}, HOUSE)
NOBODY = Readers({}, HOUSE)


@pytest.fixture
def told(database: Database) -> Event:
    """Return an event about Maja, which waits in the outbox."""
    event = an_event("BookingCreated", person=HOUSE.seal({"first_name": "Maja", "last_name": "Lind"}))
    with database.transaction() as connection:
        write(connection, event)
    return event


def published(database: Database, readers: Readers) -> Any:
    """Publish what waits, for these readers, and return the body of the one event of it."""
    link = FakeLink()
    a_relay(database, link, readers=readers).publish_all()
    [message] = link.messages
    SIGNATURES.check("teller", "BookingCreated", message.body, message.headers[SIGNATURE])
    return orjson.loads(message.body)


def publish_again(database: Database) -> None:
    """Let what was published go out once more."""
    assert publish_anew(database, Store.outbox, NOW - timedelta(days=1), NOW) == 1


def read(body: Any, reader: str = "letters", key: bytes = ONE) -> Any:
    """Return the person that a reader finds in an event."""
    [text] = body["readers"][reader]
    return opened_by(key, text)[1]["person"]


def test_a3_a_reader_reads_its_fields_of_what_is_published(database: Database, told: Event) -> None:
    body = published(database, LETTERS)
    assert read(body) == {"first_name": "Maja"}
    assert body["id"] == told.id


def test_where_nobody_reads_an_event_is_byte_for_byte_what_it_was(database: Database, told: Event) -> None:
    link = FakeLink()
    relay = a_relay(database, link, readers=NOBODY)
    relay.take([told], NOW + CLAIM)
    relay.publish_in_hand()
    assert [message.body for message in link.messages] == [orjson.dumps(told.to_json())]


@pytest.mark.usefixtures("told")
def test_readers_cost_no_statement_and_no_message(database: Database) -> None:
    sent = []
    for readers in (NOBODY, LETTERS):
        link = FakeLink()
        with statements(database) as these:
            a_relay(database, link, readers=readers).publish_all()
        sent.append(([statement for statement, _ in these], len(link.messages)))
        publish_again(database)
    assert sent[0] == sent[1]


@pytest.mark.usefixtures("told")
def test_a_new_reader_is_told_of_what_is_published_anew_and_one_that_was_taken_out_is_not(database: Database) -> None:
    assert "readers" not in published(database, NOBODY)
    publish_again(database)
    assert read(published(database, LETTERS)) == {"first_name": "Maja"}
    publish_again(database)
    others = Readers({"others": a_reader(TWO, fields=("last_name",))}, HOUSE)
    body = published(database, others)
    assert body["readers"].keys() == {"others"}
    assert read(body, "others", TWO) == {"last_name": "Lind"}


def test_a3_what_is_published_anew_of_an_erased_patient_names_nobody_to_readers(
    database: Database, told: Event
) -> None:
    """ADR 53: outboxes are emptied of the person; readers get what is left."""
    assert read(published(database, LETTERS)) == {"first_name": "Maja"}
    nobody = HOUSE.seal({"first_name": None, "last_name": None})
    with database.transaction() as connection:
        Store(connection).blank_persons([told.subject], lambda _type: nobody)
    publish_again(database)
    assert read(published(database, LETTERS)) == {"first_name": None}
