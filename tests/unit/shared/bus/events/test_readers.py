"""What each reader outside gets of an event: its own part, by its own key (PRODUCT A3, C5; ADR 57)."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.errors import DecodeError

from shared.bus.events.readers import Readers
from shared.contracts.envelope import new_event
from shared.environment.event_readers import EventReader
from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.readers import ONE, TWO, a_reader, opened_by

HOUSE = Sealer(new_seal_key())
PERSON = {"first_name": "Åsa", "last_name": "Berg", "mobile": "+46701740605", "message": "Hej"}


def an_event(type: str = "BookingCreated", clinic: str = "solna", **data: Any) -> dict[str, Any]:
    """Return the body of an event about a person."""
    return new_event(
        "booking", type, clinic=clinic, subject="A", version=1, data={"person": HOUSE.seal(PERSON), **data},
        now=datetime(2026, 12, 1, tzinfo=UTC), actor={"kind": "patient", "id": None}, correlation_id="c",
    ).to_json()  # fmt: skip


def reader(
    *keys: bytes, fields: Sequence[str] = tuple(PERSON), events: Sequence[str] = ("BookingCreated",), **clinic: str
) -> EventReader:
    """Return a reader of all fields of the person, where no others are named."""
    return a_reader(*keys, fields=tuple(fields), events=tuple(events), **clinic)


def read(text: str, key: bytes) -> Any:
    """Return what a text holds."""
    return opened_by(key, text)[1]


def test_a_reader_opens_its_fields_with_its_key_alone() -> None:
    event = an_event()
    readers = Readers({"crm": reader(fields=("first_name", "mobile"))}, HOUSE)
    told = readers.completed(event)
    [text] = told["readers"]["crm"]
    assert read(text, ONE) == {"event": event["id"], "person": {"first_name": "Åsa", "mobile": "+46701740605"}}
    assert {**told, "readers": None} == {**event, "readers": None}
    with pytest.raises(DecodeError):
        read(text, TWO)


def test_each_reader_has_a_text_of_its_own() -> None:
    told = Readers({"crm": reader(ONE), "bi": reader(TWO, fields=("mobile",))}, HOUSE).completed(an_event())
    assert read(told["readers"]["crm"][0], ONE)["person"] == PERSON
    assert read(told["readers"]["bi"][0], TWO)["person"] == {"mobile": "+46701740605"}


def test_while_a_key_is_replaced_the_old_and_the_new_one_open_alike() -> None:
    told = Readers({"crm": reader(ONE, TWO)}, HOUSE).completed(an_event())
    first, second = told["readers"]["crm"]
    assert read(first, ONE) == read(second, TWO)


@pytest.mark.parametrize(
    "event",
    [an_event(clinic="lund"), an_event(clinic="*"), an_event("BookingMoved"), an_event("SlotHeld", person=None)],
    ids=["another clinic's", "no clinic's", "another kind", "nobody's"],
)
def test_of_what_is_not_theirs_readers_get_nothing_and_the_event_is_as_it_was(event: dict[str, Any]) -> None:
    theirs = reader(events=("BookingCreated", "SlotHeld"))
    assert Readers({"crm": theirs}, HOUSE).completed(event) is event


def test_where_nobody_reads_nothing_is_opened() -> None:
    event = an_event(person="nothing that opens")
    assert Readers({}, HOUSE).completed(event) is event


def test_who_was_taken_out_opens_nothing_more() -> None:
    told = Readers({"bi": reader(TWO)}, HOUSE).completed(an_event())
    assert told["readers"].keys() == {"bi"}


def test_the_same_event_is_another_text_each_time() -> None:
    """A nonce is never used twice, however often an event is published."""
    event, readers = an_event(), Readers({"crm": reader()}, HOUSE)
    first, second = (readers.completed(event)["readers"]["crm"][0] for _ in range(2))
    assert first != second
    assert read(first, ONE) == read(second, ONE)


def test_a_text_says_by_which_key_it_opens_and_nothing_else() -> None:
    [text] = Readers({"crm": reader()}, HOUSE).completed(an_event())["readers"]["crm"]
    header, _ = opened_by(ONE, text)
    assert header == {"alg": "dir", "enc": "A256GCM", "kid": "72cd6e84"}  # SHA-256 of 32 bytes 01 begins so


def test_a_person_that_no_key_opens_here_holds_up_nobody_and_alarms(caplog: pytest.LogCaptureFixture) -> None:
    event = an_event(person=Sealer(new_seal_key()).seal(PERSON))
    with caplog.at_level(logging.ERROR):
        assert Readers({"crm": reader()}, HOUSE).completed(event) is event
    assert f"ALARM: the person of event {event['id']} is not told to crm" in caplog.text
