"""What events hold, as dataclasses and as the plain JSON that travels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.contracts import all_kinds
from shared.contracts.plain import Excerpt, Seals, plain, read

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
OBJECTS = st.dictionaries(st.text(), st.integers() | st.lists(st.text()))


@dataclass(frozen=True)
class Room:
    key: str


@dataclass(frozen=True)
class Visit:
    """One of everything that contracts may hold."""

    start: datetime
    on: date | None
    state: Literal["open", "closed"]
    rooms: tuple[Room, ...]
    former: Room | None
    answers: Mapping[str, Any]
    person: Annotated[str, Seals(Room)]
    asked: bool = True


VISIT = Visit(NOON, date(2026, 12, 1), "open", (Room("1"), Room("2")), None, {"pain": [1]}, "k1.sealed")
WRITTEN = {
    "start": "2026-12-01T12:00:00+00:00",
    "on": "2026-12-01",
    "state": "open",
    "rooms": [{"key": "1"}, {"key": "2"}],
    "former": None,
    "answers": {"pain": [1]},
    "person": "k1.sealed",
    "asked": True,
}


def test_the_plain_form_is_json_with_moments_as_text() -> None:
    assert json.loads(json.dumps(plain(VISIT))) == WRITTEN


def test_what_was_written_is_read_as_it_was() -> None:
    assert read(Visit, WRITTEN) == VISIT


def test_what_a_newer_neighbour_says_besides_is_ignored() -> None:
    assert read(Visit, {**WRITTEN, "new": 1, "former": {"key": "3", "floor": 2}}).former == Room("3")


def test_what_an_older_neighbour_does_not_say_yet_has_its_default() -> None:
    assert read(Visit, {name: value for name, value in WRITTEN.items() if name != "asked"}).asked


def test_a_field_without_a_default_must_be_there() -> None:
    with pytest.raises(TypeError, match="start"):
        read(Visit, {name: value for name, value in WRITTEN.items() if name != "start"})


@dataclass(frozen=True)
class Times(Excerpt[Visit]):
    start: datetime


def test_an_excerpt_is_read_whatever_else_is_there() -> None:
    assert Times.read({"start": "2026-12-01T12:00:00+00:00", "on": "no date"}) == Times(NOON)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=15)
def test_everything_that_events_hold_comes_back_as_it_was_sent(kind: type, data: st.DataObject) -> None:
    objects = {name: OBJECTS for name, hint in get_type_hints(kind).items() if get_origin(hint) is Mapping}
    sent = data.draw(st.builds(kind, **objects))
    assert read(kind, json.loads(json.dumps(plain(sent)))) == sent
