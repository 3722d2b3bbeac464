"""What is done for somebody is done while they wait, or not at all, whatever clocks show (DESIGN rule 5, ADR 18)."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus.client import BlockingClient
from shared.contracts.errors import Timeout
from tests.contract.bus.house import AMPLE, House

SHORT = 1.0


@pytest.fixture
def client(house: House) -> Iterator[BlockingClient]:
    """Return a caller whom the house knows already."""
    with BlockingClient(house.amqp_uri) as calling:
        assert calling.call(house.teller, "echo", 1, timeout=AMPLE) == 1
        yield calling


def effects(client: BlockingClient, house: House, mark: str, gate: Path) -> int:
    """Return how often something was done; there is one writer at a time, and it waits for those before it."""
    client.call(house.teller, "change", "another", str(gate), timeout=AMPLE)
    found: int = client.call(house.teller, "effects", mark, timeout=AMPLE)
    return found


@pytest.mark.parametrize("method", ["change", "change_over_two"])
def test_a_transaction_that_ends_after_its_caller_gave_up_is_taken_back(
    house: House, client: BlockingClient, tmp_path: Path, method: str
) -> None:
    """Also that of a further service, which never has longer than the one for which it works."""
    gate = tmp_path / "gate"
    with pytest.raises(Timeout):
        client.call(house.teller, method, f"late {method}", str(gate), timeout=SHORT)
    gate.touch()
    assert effects(client, house, f"late {method}", gate) == 0
    client.call(house.teller, method, f"early {method}", str(gate), timeout=AMPLE)
    assert effects(client, house, f"early {method}", gate) == 1


@pytest.mark.parametrize("clock", [0.0, 1e11])
def test_a_caller_whose_clock_is_wrong_by_years_gets_its_answer(
    house: House, client: BlockingClient, monkeypatch: pytest.MonkeyPatch, clock: float
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: clock)
        assert client.call(house.teller, "echo", 1, timeout=AMPLE) == 1


def test_requests_that_lie_in_the_socket_of_a_frozen_process_are_not_run_when_it_goes_on(
    house: House, client: BlockingClient
) -> None:
    assert house.process is not None
    os.kill(house.process.pid, signal.SIGSTOP)
    try:
        for _ in range(3):
            with pytest.raises(Timeout):
                client.call(house.teller, "slow", 0, "frozen", timeout=SHORT / 2)
    finally:
        os.kill(house.process.pid, signal.SIGCONT)
    assert client.call(house.teller, "runs", "frozen", timeout=AMPLE) == 0
