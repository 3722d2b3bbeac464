"""Events as released versions sent them are read by today's contracts, and nothing that they told is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.contracts import CONTRACTS
from shared.contracts.plain import plain, read

BASELINES = Path(__file__).parents[3] / "upgrade/baseline"
EVENTS: dict[tuple[str, str], Any] = {
    (contract.SERVICE, type): kind for contract in CONTRACTS for type, kind in contract.EVENTS.items()
}
RELEASED: dict[str, dict[str, Any]] = {
    f"{path.parent.name} {message['body']['type']} {number}": message["body"]
    for path in sorted(BASELINES.glob("*/events.json"))
    for number, message in enumerate(json.loads(path.read_bytes()))
}
"""The body of each message that a baseline keeps."""
TOLD_OTHERWISE = {"0.1.0 ScheduleChanged"}
"""What held something else by the same name: the clinic's whole document. Who hears of it reads none of that."""


def lost(told: Any, again: Any, at: str = "data") -> Iterator[str]:
    """Yield where something that was told is gone or another; fields that are new are no loss."""
    if isinstance(told, dict) and isinstance(again, dict):
        for name, value in told.items():
            yield from lost(value, again[name], f"{at}.{name}") if name in again else [f"{at}.{name}"]
    elif isinstance(told, list) and isinstance(again, list) and len(told) == len(again):
        for number, (one, other) in enumerate(zip(told, again, strict=True)):
            yield from lost(one, other, f"{at}[{number}]")
    elif told != again:
        yield at


@pytest.mark.parametrize("name", [name for name in RELEASED if name.rpartition(" ")[0] not in TOLD_OTHERWISE])
def test_an_event_of_then_is_read_and_would_be_told_as_it_was(name: str) -> None:
    """A field that it lacks has got a default since: without one, to read it fails."""
    body = RELEASED[name]
    again = plain(read(EVENTS[body["source"], body["type"]], body["data"]))
    assert [*lost(body["data"], again)] == []


def test_the_baselines_keep_every_kind_of_event_of_their_time() -> None:
    assert len({(body["source"], body["type"]) for body in RELEASED.values()}) >= 16


def test_what_is_lost_of_an_event_is_found() -> None:
    told = {"start": "10:00", "rooms": [{"key": "1"}, {"key": "2"}], "hold": None}
    again = {"start": "11:00", "rooms": [{"key": "1", "floor": 2}, {"number": "2"}], "new": 1}
    assert [*lost(told, again)] == ["data.start", "data.rooms[1].key", "data.hold"]
    assert [*lost(told, {**told, "rooms": []})] == ["data.rooms"]
