"""What every bus must do, RabbitMQ and the one inside the process alike (DESIGN rules 3 to 5)."""

import time
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from shared.bus.events.dead_letters import DeadLetter, DeadLetters
from shared.contracts.errors import SlotTaken
from tests.contract.bus.house import DELAYS, WAITING, House, eventually


def set_aside(house: House, dead_letters: DeadLetters, **data: Any) -> DeadLetter:
    """Publish an event that cannot be handled and return its dead letter."""
    event_id = house.tell(**data)
    queue = house.subscription().queue_name
    (letter,) = eventually(lambda: dead_letters.waiting([queue], [event_id]))
    return cast("DeadLetter", letter)


def has_effect(house: House, event_id: str) -> bool:
    """Return whether the event had its effect."""
    return house.effects(event_id) == 1


@pytest.mark.parametrize(
    "value", [None, 0, "Åsa سلام", [1, {"a": [True, None]}], {"start": "2026-12-01T14:00:00+01:00"}]
)
def test_a_call_returns_what_the_other_service_answers(house: House, value: object) -> None:
    assert house.call(house.teller, "echo", value) == value


def test_a_refusal_arrives_as_what_it_was_with_all_that_goes_with_it(house: House) -> None:
    slot = {"start": "2026-12-01T14:00:00+01:00", "practitioners": ["anna"]}
    with pytest.raises(SlotTaken) as refused:
        house.call(house.teller, "refuse", "SlotTaken", {"alternatives": [slot]})
    assert refused.value.extra == {"alternatives": [slot]}


def test_a_defect_arrives_as_a_fault_that_tells_nothing_personal(house: House) -> None:
    answer = house.ask(house.teller, "fail")
    assert answer["error"] == "RemoteFault"
    assert "KeyError" in answer["text"]
    assert "Anna" not in answer["text"]


def test_an_answer_that_is_no_json_is_a_fault_and_the_service_lives_on(house: House) -> None:
    assert house.ask(house.teller, "shapeless")["error"] == "RemoteFault"
    assert house.call(house.teller, "echo", 1) == 1


def test_a_method_that_a_service_does_not_know_yet_is_unavailable(house: House) -> None:
    assert house.ask(house.teller, "juggle")["refusal"] == "Unavailable"


def test_fields_that_a_call_has_not_are_refused_by_name(house: House) -> None:
    answer = house.ask(house.teller, "echo", valeu=1)
    assert answer["refusal"] == "Invalid"
    assert set(answer["extra"]["errors"]) == {"value", "valeu"}


@pytest.mark.parametrize("value", [2**70, "\ud800"])
def test_values_that_json_cannot_carry_are_refused_as_malformed(house: House, value: object) -> None:
    assert house.ask(house.teller, "echo", value)["refusal"] == "Malformed"


def test_a_call_ends_at_its_time_limit(house: House) -> None:
    answer = house.ask(house.teller, "slow", 20, "late", timeout=0.5)
    assert answer["refusal"] == "Timeout"
    assert 0.4 < answer["seconds"] < 15


def test_a_service_that_does_not_exist_is_unavailable_at_once(house: House) -> None:
    answer = house.ask("nobody", "ping", timeout=20.0)
    assert answer["refusal"] == "Unavailable"
    assert answer["seconds"] < 10


def test_nothing_is_remembered_of_a_call_that_timed_out_or_was_abandoned(house: House) -> None:
    house.ask(house.teller, "slow", 1, "given up", timeout=0.1)
    house.do("abandon", service=house.teller, method="echo", args=[1])
    assert house.do("pending")["result"] == 0


def test_calls_go_out_side_by_side(house: House) -> None:
    assert house.call(house.teller, "side_by_side", "inn", 4) == [4, 4, 4, 4]


def test_a_worker_that_nobody_asked_acts_as_its_service(house: House) -> None:
    assert house.call(house.teller, "whoami")["kind"] == "service"


def test_the_token_that_came_in_is_passed_on_as_it_came(house: House) -> None:
    forged = house.ask(house.teller, "whoami_over_two", _context={"actor_token": "house.e30=.00"})
    assert forged["refusal"] == "Forbidden"
    honest = house.call(house.teller, "whoami_over_two")
    assert honest["id"] == f"driver{house.suffix}"


def test_one_correlation_id_follows_calls_and_events(house: House) -> None:
    assert house.call(house.teller, "whoami_over_two", _context={"correlation_id": "c-77"})["correlation_id"] == "c-77"
    event_id = house.tell(ask=True)
    told = eventually(lambda: house.call(house.listener, "told", event_id))
    assert told["mine"] == told["theirs"]["correlation_id"] == "c-1"


def test_a_consumer_acts_as_its_service(house: House) -> None:
    event_id = house.tell(ask=True)
    told = eventually(lambda: house.call(house.listener, "told", event_id))
    assert (told["theirs"]["kind"], told["theirs"]["id"]) == ("service", house.listener)


@pytest.mark.parametrize("type", ["Told", "Sung"])
def test_an_event_has_its_effect(house: House, type: str) -> None:
    event_id = house.tell(type)
    eventually(lambda: house.effects(event_id) == 1)


def test_an_event_that_comes_again_has_its_effect_once(house: House) -> None:
    event_id = house.tell()
    eventually(lambda: house.effects(event_id) == 1)
    house.call(house.teller, "repeat", event_id)
    eventually(lambda: len(house.attempts(event_id)) == 2)
    assert house.effects(event_id) == 1


def test_a_failed_event_is_tried_again_after_growing_delays(house: House) -> None:
    event_id = house.tell(failures=2)
    eventually(lambda: house.effects(event_id) == 1)
    first, second, third = house.attempts(event_id)
    assert second - first >= DELAYS[0] * 0.9
    assert third - second >= DELAYS[1] * 0.9


def test_an_event_that_fails_every_time_is_set_aside_with_its_story(house: House, dead_letters: DeadLetters) -> None:
    letter = set_aside(house, dead_letters, failures=99, patient="Anna Berg")
    assert letter.attempts == len(DELAYS) + 1 == len(house.attempts(letter.id))
    assert letter.first_error == letter.last_error == "ValueError: not yet"
    assert "in take" in letter.traceback
    assert "Anna" not in letter.traceback + letter.first_error + letter.last_error
    assert letter.id in letter.body


def test_a_permanent_failure_is_set_aside_at_once(house: House, dead_letters: DeadLetters) -> None:
    letter = set_aside(house, dead_letters, hopeless=True)
    assert letter.attempts == 1
    assert letter.first_error == "Permanent: no later attempt can help"


@pytest.mark.parametrize("without", ["Unavailable", "Timeout", "NotFound"])
def test_an_event_that_waits_for_somebody_else_is_tried_until_they_are_there(
    house: House, dead_letters: DeadLetters, tmp_path: Path, without: str
) -> None:
    """ADR 19: however often that takes."""
    needed, queue = tmp_path / "needed", house.subscription().queue_name
    event_id = house.tell(needs=str(needed), without=without)
    eventually(lambda: len(house.attempts(event_id)) > len(DELAYS) + 3)
    assert dead_letters.waiting([queue], [event_id]) == []
    needed.touch()
    eventually(lambda: house.effects(event_id) == 1)
    first, second, third, *_ = house.attempts(event_id)
    assert second - first >= WAITING[0] * 0.9
    assert third - second >= WAITING[1] * 0.9


def test_what_has_waited_and_then_fails_by_itself_has_all_its_attempts(
    house: House, dead_letters: DeadLetters, tmp_path: Path
) -> None:
    needed, queue = tmp_path / "needed", house.subscription().queue_name
    event_id = house.tell(needs=str(needed), failures=99)
    eventually(lambda: len(house.attempts(event_id)) > len(DELAYS) + 1)
    needed.touch()
    (letter,) = eventually(lambda: dead_letters.waiting([queue], [event_id]))
    assert letter.attempts == len(DELAYS) + 1
    assert letter.first_error == "ValueError: not yet"


def test_what_waits_is_listed_and_can_be_set_aside_and_replayed(
    house: House, dead_letters: DeadLetters, tmp_path: Path
) -> None:
    needed, queue = tmp_path / "needed", house.subscription().queue_name
    parked, waiting = (house.tell(needs=str(needed)) for _ in range(2))

    def waits() -> dict[str, str]:
        return {event.id: event.reason for event in dead_letters.held_up([queue])}

    for event_id in (parked, waiting):
        assert eventually(lambda event_id=event_id: waits().get(event_id)) == "Unavailable: It is not there."
    assert dead_letters.held_up(["evt-another"]) == []
    eventually(lambda: [event.id for event in dead_letters.park([queue], [parked])] == [parked])
    (letter,) = eventually(lambda: dead_letters.waiting([queue], [parked]))
    assert letter.attempts == 0
    assert letter.last_error.startswith("parked, having waited since 20")
    assert letter.last_error.endswith(": Unavailable: It is not there.")
    tried = len(house.attempts(waiting))
    eventually(lambda: len(house.attempts(waiting)) > tried + 1)
    needed.touch()
    eventually(lambda: house.effects(waiting) == 1)
    assert house.effects(parked) == 0
    assert [each.id for each in dead_letters.replay([queue], [parked])] == [parked]
    eventually(lambda: house.effects(parked) == 1)


def test_looking_at_dead_letters_leaves_them_there(house: House, dead_letters: DeadLetters) -> None:
    letter = set_aside(house, dead_letters, hopeless=True)
    queue = house.subscription().queue_name
    for _ in range(2):
        assert letter in dead_letters.waiting([queue])


def test_a_replayed_dead_letter_has_all_its_attempts_again(house: House, dead_letters: DeadLetters) -> None:
    letter = set_aside(house, dead_letters, failures=len(DELAYS) + 2)
    queue = house.subscription().queue_name
    assert [each.id for each in dead_letters.replay([queue], [letter.id])] == [letter.id]
    eventually(lambda: house.effects(letter.id) == 1)
    assert len(house.attempts(letter.id)) == len(DELAYS) + 3
    assert dead_letters.waiting([queue], [letter.id]) == []


def test_a_dropped_dead_letter_is_gone(house: House, dead_letters: DeadLetters) -> None:
    kept, dropped = (set_aside(house, dead_letters, hopeless=True) for _ in range(2))
    queue = house.subscription().queue_name
    assert dead_letters.drop([queue], [dropped.id]) == [dropped]
    assert kept in dead_letters.waiting([queue])
    assert dead_letters.waiting([queue], [dropped.id]) == []
    assert dead_letters.drop([queue], [dropped.id]) == []
    assert list(dead_letters.replay([queue], [dropped.id])) == []


def gathered(house: House, gate: Path, *told: dict[str, Any]) -> list[str]:
    """Publish events while the listener is busy with another, and let them go; return their ids."""
    held = house.tell(gate=str(gate))
    eventually(Path(f"{gate}.runs").exists)
    written = [house.tell(**data) for data in told]
    eventually(lambda: house.gathered() >= len(written))
    gate.touch()
    eventually(lambda: house.effects(held) == 1)
    return written


def test_what_gathers_while_its_consumer_is_busy_is_taken_in_together(house: House, tmp_path: Path) -> None:
    """ADR 22."""
    written = gathered(house, tmp_path / "gate", *[{}] * 20)
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    [batch] = house.call(house.listener, "taken_with", written[0])
    assert set(batch) >= set(written)
    assert [event_id for event_id in batch if event_id in written] == written, "in their order"


@pytest.mark.parametrize("flaw", [{"failures": 99}, {"unwritable": True}, {"hopeless": True}])
def test_of_fifty_events_that_gathered_the_one_that_fails_harms_no_other(
    house: House, dead_letters: DeadLetters, tmp_path: Path, flaw: dict[str, Any]
) -> None:
    """ADR 22: it alone is tried again, and set aside."""
    told: list[dict[str, Any]] = [{}] * 49
    written = gathered(house, tmp_path / "gate", *told[:20], flaw, *told[20:])
    poisonous = written.pop(20)
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    queue = house.subscription().queue_name
    (letter,) = eventually(lambda: dead_letters.waiting([queue], [poisonous]))
    assert letter.attempts == (1 if "hopeless" in flaw else len(DELAYS) + 1)
    assert dead_letters.waiting([queue], written) == []
    assert [house.effects(event_id) for event_id in [*written, poisonous]] == [1] * 49 + [0]


def test_of_fifty_events_that_gathered_the_one_that_waits_holds_up_no_other(
    house: House, dead_letters: DeadLetters, tmp_path: Path
) -> None:
    """ADR 19, ADR 22."""
    needed, told = tmp_path / "needed", [{}] * 49
    written = gathered(house, tmp_path / "gate", *told[:20], {"needs": str(needed)}, *told[20:])
    waiting = written.pop(20)
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in written))
    eventually(lambda: len(house.attempts(waiting)) > 2)
    batches = house.call(house.listener, "taken_with", waiting)
    assert all(batch == [waiting] for batch in batches[1:]), "what has waited waits alone"
    needed.touch()
    eventually(lambda: house.effects(waiting) == 1)
    assert dead_letters.waiting([house.subscription().queue_name], [waiting]) == []


def test_an_event_that_comes_twice_in_one_batch_has_its_effect_once(house: House, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    held = house.tell(gate=str(gate))
    eventually(Path(f"{gate}.runs").exists)
    event_id = house.tell()
    eventually(lambda: house.gathered() >= 1)
    eventually(lambda: house.call(house.teller, "repeat", event_id) or house.gathered() > 1)
    gate.touch()
    eventually(lambda: house.effects(held) == 1 and house.gathered() == 0)
    eventually(lambda: house.effects(event_id) == 1)


def test_who_wants_events_alone_gets_them_one_by_one_and_side_by_side(house: House, tmp_path: Path) -> None:
    gates = [tmp_path / name for name in ("first", "second")]
    shown = [house.tell("Shown", gate=str(gate)) for gate in gates]
    eventually(lambda: all(Path(f"{gate}.runs").exists() for gate in gates))
    for gate in gates:
        gate.touch()
    eventually(lambda: all(house.effects(event_id) == 1 for event_id in shown))


def test_an_event_nobody_wants_does_not_hold_up_the_others(house: House) -> None:
    house.tell("NobodyWantsThis")
    event_id = house.tell()
    eventually(lambda: house.effects(event_id) == 1)


def test_an_event_arrives_at_once_and_not_at_the_next_sweep(house: House) -> None:
    waits = []
    for _ in range(5):
        started = time.monotonic()
        eventually(partial(has_effect, house, house.tell()))
        waits.append(time.monotonic() - started)
    assert min(waits) < 1.0


def test_an_idle_house_uses_almost_no_processor(house: House) -> None:
    shares = [house.do("idle", seconds=1)["result"] for _ in range(3)]
    assert min(shares) < 0.2


def test_calls_do_not_wait_for_a_poll_of_the_bus(house: House) -> None:
    rates = [house.do("rate", service=house.teller, count=100, callers=8)["result"] for _ in range(3)]
    assert max(rates) > 20
