"""`frontdesk_client` opens persons in events by its reader's key alone (A3, C5; ADR 57)."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from frontdesk_client.persons import NotOpened, Persons
from shared.bus.events.readers import Readers
from shared.contracts.envelope import new_event
from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.readers import ONE, TWO, a_reader

HOUSE = Sealer(new_seal_key())
MAJA = {"first_name": "Maja", "mobile": "+46701740605"}


def written(key: bytes) -> str:
    """Return a key as its team is given it."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def published(*keys: bytes, clinic: str = "solna") -> dict[str, Any]:
    """Return an event as `till`, a reader of Solna's bookings, gets it."""
    event = new_event(
        "booking", "BookingCreated", clinic=clinic, subject="A", version=1, data={"person": HOUSE.seal(MAJA)},
        now=datetime(2026, 12, 1, tzinfo=UTC), actor={"kind": "patient", "id": None}, correlation_id="c",
    )  # fmt: skip
    return dict(Readers({"till": a_reader(*keys, fields=tuple(MAJA))}, HOUSE).completed(event.to_json()))


@pytest.mark.parametrize("sealed", [(ONE,), (TWO,), (ONE, TWO), (TWO, ONE)])
def test_a3_while_keys_change_on_either_side_it_reads_on(sealed: tuple[bytes, ...]) -> None:
    assert Persons("till", written(ONE), written(TWO)).of(published(*sealed)) == MAJA


@pytest.mark.parametrize("key", [ONE, TWO])
def test_a3_either_key_is_enough_while_both_are_sealed_for(key: bytes) -> None:
    assert Persons("till", written(key)).of(published(ONE, TWO)) == MAJA


def test_a3_of_what_it_may_not_read_it_knows_nobody() -> None:
    till = Persons("till", written(ONE))
    assert till.of(published(clinic="lund")) is None
    assert Persons("bank", written(ONE)).of(published()) is None
    assert till.of({**published(), "readers": {}}) is None


def test_a3_another_key_opens_nothing_and_says_so() -> None:
    with pytest.raises(NotOpened, match="is sealed for till with other keys"):
        Persons("till", written(TWO)).of(published(ONE))


@pytest.mark.parametrize("keys", [("short",), ("kö" * 20,), (written(ONE), written(TWO)[:-1]), ("",)])
def test_a3_what_is_no_key_is_told_at_once_and_not_repeated(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="key is 32 bytes as base64url") as told:
        Persons("till", *keys)
    assert keys[-1] == "" or keys[-1] not in str(told.value)
    with pytest.raises(ValueError, match="Give the reader's key"):
        Persons("till")


def test_a3_what_was_changed_or_moved_to_another_event_is_not_believed() -> None:
    till, event = Persons("till", written(ONE)), published()
    [text] = event["readers"]["till"]
    header, none, nonce, sealed, tag = text.split(".")
    other = "A" if sealed[0] != "A" else "B"
    changed = ".".join((header, none, nonce, other + sealed[1:], tag))
    with pytest.raises(NotOpened, match="was changed on the way"):
        till.of({**event, "readers": {"till": [changed]}})
    with pytest.raises(NotOpened, match="belongs to another one"):
        till.of({**event, "id": "another"})
