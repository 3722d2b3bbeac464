"""What the parts cost by themselves, in the same run: calls, rows and answers with nothing else about them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.engine import make_url

from bench.house import ROOT, House
from bench.load import generate
from tests.servers.ports import wait_until

CLIENTS = 8
READY = "answers calls"
"""What a callee says as soon as it does."""

_READY_SECONDS = 60
KINDS = {"stock": "RPC, stock Nameko", "ours": "RPC, ours", "bare": "RPC, py-amqp alone"}


@dataclass(frozen=True)
class Floor:
    """One of them: how many a second, and the milliseconds of processor time of each, by who spends them."""

    what: str
    rate: float
    processor: dict[str, float]

    @property
    def milliseconds(self) -> float:
        """The milliseconds of processor time of each, of all."""
        return sum(self.processor.values())


def floors(house: House, calls: int) -> Iterator[Floor]:
    """Yield the floors, so many calls and rows each."""
    yield hello(house, calls)
    yield insert(house, calls)
    for kind in KINDS:
        yield rpc(house, kind, calls)


def hello(house: House, calls: int) -> Floor:
    """Measure eventlet's WSGI server with nothing behind it."""
    before = house.processor_seconds("hello")
    done = generate("bench.slots.clinic:searches", house.port + 1, CLIENTS, addresses=["/"] * calls, again=False)
    used = house.processor_seconds("hello") - before
    took = max(each.ended for each in done) - done[0].begun
    return Floor("bare WSGI answer", calls / took, {"server": 1000 * used / calls})


def insert(house: House, calls: int) -> Floor:
    """Measure inserts into a table with an exclusion constraint, each in a transaction of its own."""
    address = make_url(house.servers["PostgreSQL"].address).set(drivername="postgresql")
    before = house.processor_seconds("PostgreSQL")
    found = _run("bare_insert", address.render_as_string(hide_password=False), f"{calls}", f"{CLIENTS}")
    used = house.processor_seconds("PostgreSQL") - before
    return _floor("bare insert, excluding overlap", found, {"PostgreSQL": used})


def rpc(house: House, kind: str, calls: int) -> Floor:
    """Measure calls of one kind over the same broker."""
    uri, name = house.servers["RabbitMQ"].address, f"callee-{kind}"
    spenders = {"RabbitMQ": "RabbitMQ", "callee": name}
    house.start(name, "bench.bookings.bare_rpc", "serve", kind, uri, core=None)
    log = house.folder / f"{name}.log"
    if not wait_until(lambda: READY in log.read_text(), _READY_SECONDS):
        raise SystemExit(f"{name} did not get ready: {log.read_text()[-2000:]}")
    before = {spender: house.processor_seconds(process) for spender, process in spenders.items()}
    found = _run("bare_rpc", "call", kind, uri, f"{calls}", f"{CLIENTS}")
    used = {spender: house.processor_seconds(process) - before[spender] for spender, process in spenders.items()}
    house.stop(name)
    return _floor(KINDS[kind], found, used)


def _floor(what: str, found: dict[str, float], used: dict[str, float]) -> Floor:
    each = {"client": found["processor"], **used}
    return Floor(
        what,
        found["calls"] / found["seconds"],
        {who: 1000 * seconds / found["calls"] for who, seconds in each.items()},
    )


def _run(program: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", f"bench.bookings.{program}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise SystemExit(f"{program} {' '.join(arguments)}: {done.stderr[-2000:]}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured
