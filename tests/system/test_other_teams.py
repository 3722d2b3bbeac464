"""The programs of docs/for-other-teams.md, run as they stand there, in an environment that has nothing of ours (C5).

Each finds times, books, cancels and hears the events of it, with the user, the key and the rights of a tool.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from frontdesk_client import Frontdesk, Refused
from tests.servers.ports import free_port
from tests.system.api_client import Client, staff
from tests.system.clinics import WEEKDAYS, OwnClinic, a_block, in_days
from tests.system.guarded import BOARD_KEY, Guarded
from tests.system.installation import ADMIN, ROOT, wait_until
from tests.system.strangers.environment import made_in

PAGE = ROOT / "docs/for-other-teams.md"
LIMIT = 180.0


def program(name: str, guarded: Guarded) -> str:
    """Return a program of the page, for this installation's tool, clinic and type."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^```python {name}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, name
    source = found[1].replace("amqp://tool-till:PASSWORD@rabbitmq.example/", board_s_address(guarded))
    source = source.replace('CLINIC = "frenda"', 'CLINIC = "solna"').replace('"exam"', '"visit"')
    return source.replace('"till", "KEY"', f'"board", "{BOARD_KEY}"')


def board_s_address(guarded: Guarded) -> str:
    """Return the broker's address as the page writes it."""
    return guarded.address_of("tool-board").replace("pyamqp:", "amqp:")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the programs of an environment of others."""
    return made_in(tmp_path_factory.mktemp("strangers"))


@pytest.fixture(scope="module")
def clinic(guarded: Guarded) -> OwnClinic:
    """Return the clinic for which the tool works. On the first day on which the programs look, nobody works."""
    url = guarded.installation.url
    found = OwnClinic(Client(url), staff(url, *ADMIN), "solna")
    week = {day: [] if day == f"{in_days(20):%a}".lower() else [a_block("08:00", "12:00")] for day in WEEKDAYS}
    found.apply(templates=[{"key": "week", "week": week}])
    return found


@pytest.fixture
def environment(clinic: OwnClinic) -> dict[str, str]:
    """Return what a program may know of its machine: no path into the repository is among it."""
    return {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}


def a_week() -> dict[str, str]:
    """Return the days of a search."""
    return {"from": in_days(20).isoformat(), "to": in_days(26).isoformat()}


def said_of(lines: str) -> list[str]:
    """Return what a program said, the reference of its booking left out; it is the same in every line."""
    words = [line.split() for line in lines.splitlines()]
    assert len({each[-1] for each in words if each[0] in ("booked", "heard")}) == 1, lines
    return [" ".join(each[:-1] if each[0] in ("booked", "heard") else each) for each in words]


@pytest.mark.parametrize("name", ["package", "pika", "script"])
def test_c5_a_program_of_the_page_finds_books_cancels_and_hears_of_it(
    name: str, programs: Path, guarded: Guarded, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "program.py").write_text(program(name, guarded))
    if name == "package":
        (tmp_path / "frontdesk_client").symlink_to(ROOT / "client/frontdesk_client")
    refused = ["refused SlotTaken"] if name == "script" else []
    for _ in range(2):  # whoever tries it out does so more than once
        done = subprocess.run(
            [programs / "python", "program.py"], cwd=tmp_path, env=environment,
            capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert said_of(done.stdout) == ["booked", *refused, "heard BookingCreated", "heard BookingCancelled"]


def test_c5_a_misspelt_service_and_another_tool_s_name_are_refused_at_once(guarded: Guarded) -> None:
    address = board_s_address(guarded)
    with Frontdesk(address, "board", BOARD_KEY) as board:
        for name, said in (("boking.get", "there is no such service"), ("booking.gett", "knows no such method")):
            with pytest.raises(Refused, match=said):
                board.call(name, "solna", timeout=LIMIT)
        assert board.call("availability.slots", "solna", type="visit", **a_week()), "it goes on"
    with Frontdesk(address, "till", BOARD_KEY) as till, pytest.raises(Refused, match="is not tool-till's") as other:
        till.call("booking.get", "solna", timeout=LIMIT)
    assert other.value.code == "forbidden"


def test_c5_plain_pika_says_so_where_a_service_is_misspelt(
    programs: Path, guarded: Guarded, environment: dict[str, str], tmp_path: Path
) -> None:
    misspelt = program("pika", guarded).replace("availability.slots", "availabillity.slots")
    (tmp_path / "program.py").write_text(misspelt)
    done = subprocess.run(
        [programs / "python", "program.py"], cwd=tmp_path, env=environment,
        capture_output=True, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    assert "RabbitMQ refuses availabillity.slots: no such service" in done.stderr


@pytest.fixture
def service(
    programs: Path, guarded: Guarded, environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[str, Path]]:
    """Run the page's service as `nameko run` does; return its address and what it says."""
    (tmp_path / "service.py").write_text(program("service", guarded))
    port, said = free_port(), tmp_path / "said"
    settings = {"AMQP_URI": board_s_address(guarded), "WEB_SERVER_ADDRESS": f"127.0.0.1:{port}"}
    (tmp_path / "config.yaml").write_text(json.dumps(settings))
    command = [programs / "python", programs / "nameko", "run", "--config", "config.yaml", "service"]
    with said.open("w") as output:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT)
        yield f"http://127.0.0.1:{port}", said
        process.terminate()
        process.wait(LIMIT)


def test_c5_a_stock_nameko_service_books_hears_and_cancels(service: tuple[str, Path], guarded: Guarded) -> None:
    address, said = service
    try:
        wait_until(lambda: hears(guarded, "tool-board.service"), "it listens", 40)
    finally:
        print(said.read_text())
    booked = requests.post(f"{address}/book", timeout=LIMIT)
    assert booked.status_code == 200, said.read_text()
    wait_until(lambda: f"heard BookingCancelled {booked.text}" in said.read_text(), f"it hears: {said.read_text()}")
    told = [line for line in said.read_text().splitlines() if line.startswith(("booked", "heard"))]
    assert said_of("\n".join(told)) == ["booked", "heard BookingCreated", "heard BookingCancelled"]


def hears(guarded: Guarded, queue: str) -> bool:
    """Tell whether somebody reads a queue, be it one that is not there yet."""
    with guarded.channel() as channel:
        channel.queue_declare(queue, durable=True, arguments={"x-expires": 14 * 86400 * 1000})
        count: int = channel.queue_declare(queue, passive=True).method.consumer_count
    return count > 0
