"""The bus inside the process forgets with it; the outbox remembers (DESIGN, embedded default)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.bus.events.dead_letters import DeadLetterFile
from shared.contracts.envelope import new_event
from tests.contract.bus.house import eventually
from tests.integration.bus.conftest import NewHouse

ADDRESS = "memory://forgetful"


def test_an_event_that_went_down_with_its_process_has_its_effect_after_the_next_start(
    new_house: NewHouse, tmp_path: Path
) -> None:
    house = new_house(ADDRESS).start()
    event_id = house.tell(kills_once=str(tmp_path / "now"))
    (tmp_path / "now").touch()
    house.gone()
    house.start()
    eventually(lambda: house.effects(event_id) == 1)


def test_what_had_its_effect_has_it_once_over_any_number_of_starts(new_house: NewHouse) -> None:
    house = new_house(ADDRESS).start()
    event_id = house.tell()
    eventually(lambda: house.effects(event_id) == 1)
    house.end()
    house.start()
    eventually(lambda: len(house.attempts(event_id)) == 1)
    assert house.effects(event_id) == 1


def test_dead_letters_outlive_the_process_and_are_replayed_by_the_next(new_house: NewHouse) -> None:
    house = new_house(ADDRESS)
    event = new_event(
        house.teller, "Told", clinic="solna", subject="A", version=1, data={}, now=datetime.now(UTC),
        actor={"kind": "tool", "id": None}, correlation_id="c",
    )  # fmt: skip
    letters, queue = DeadLetterFile(house.folder), house.subscription().queue_name
    letters.add(queue, json.dumps(event.to_json()).encode(), {}, {"message_id": event.id})
    assert [each.id for each in letters.replay({queue}, {event.id})] == [event.id]
    house.start()
    eventually(lambda: house.effects(event.id) == 1)
    assert letters.to_replay() == []


@pytest.mark.parametrize(("callers", "least"), [(1, 30), (8, 100)])
def test_calls_inside_one_process_wait_for_no_poll(new_house: NewHouse, callers: int, least: int) -> None:
    """Ten times as many go through an idle machine; at ten polls a second it were no more than ten of each caller."""
    house = new_house(ADDRESS, services=("teller", "driver")).start()
    rates = [house.do("rate", service=house.teller, count=100, callers=callers)["result"] for _ in range(3)]
    assert max(rates) > least
