"""What is done to an installation while people go on booking: one function per fault, which ends with the healing."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from shared.settings import SERVICES, new_seal_key
from tests.faults.disks import disk_of_broker_full, disk_of_database_full
from tests.faults.ledger import clocked
from tests.faults.load import Load
from tests.faults.pairs import BROKER, DATABASE, DATABASES, PROCESSES, REDIS, Pairs
from tests.faults.rare import clocks_apart, letters_replayed_while_others_look
from tests.faults.replacing import replace

LIMIT = 10.0
"""Seconds in which every request is answered: what lasts longer outlasts whoever waits for it."""

_MANY = 12
"""How many change their bookings at the moment of a fault: some of them meet it in every step of their request."""

_IN_MID_REQUEST = 0.05
"""Seconds after which requests that began together are on their way."""

_TOLD = 300
"""So many characters of what is ill are told."""

_ROTATED = ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")

_WELL, _WELL_SECONDS = 5, 180.0
"""So many bookings and changes show that an installation is well again, and how long that may take on any machine."""

Fault = Callable[[Pairs, Load], None]


@dataclass(frozen=True)
class Scenario:
    """A fault by its name. `is_short`: every run meets it, others only the long one."""

    name: str
    inflict: Fault
    is_short: bool = False

    @property
    def hurts_gateways(self) -> bool:
        """Whether clients' own connections may break."""
        return "gateway" in self.name or self.inflict in (restarted_in_turn, keys_rotated, clocks_apart)

    @property
    def lets_go_on(self) -> bool:
        """Whether people book while it lasts: nobody waits for Redis, nor for messages to be written."""
        return self.name.startswith(("redis", "both of notification"))

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def pass_time(seconds: float) -> None:
    """Let a fault last; the load goes on meanwhile."""
    time.sleep(seconds)


def killed(*processes: str) -> Fault:
    """Return what kills processes in the middle of what they do, and starts them again."""

    def inflict(house: Pairs, load: Load) -> None:
        burst = load.burst(_MANY)
        burst.begin()
        pass_time(_IN_MID_REQUEST)
        house.kill(*processes)
        pass_time(2)
        for process in processes:
            house.start(process)
        burst.wait()

    return inflict


def frozen(*processes: str) -> Fault:
    """Return what freezes processes in mid-request, until whoever waited has given up and asked for something else."""

    def inflict(house: Pairs, load: Load) -> None:
        burst = load.burst(_MANY)
        burst.begin()
        pass_time(_IN_MID_REQUEST)
        house.freeze(*processes)
        burst.wait(LIMIT + 5)
        house.thaw(*processes)
        burst.wait()

    return inflict


def server_killed(name: str, seconds: float = 2.0) -> Fault:
    """Return what kills a server as a power cut does, and starts it again."""

    def inflict(house: Pairs, load: Load) -> None:
        house.servers[name].kill()
        pass_time(seconds)
        house.servers[name].start()

    return inflict


def server_frozen(name: str, seconds: float = LIMIT + 3) -> Fault:
    """Return what freezes a server with all its processes."""

    def inflict(house: Pairs, load: Load) -> None:
        house.servers[name].pause()
        pass_time(seconds)
        house.servers[name].resume()

    return inflict


def way(*names: str, way: str, seconds: float, times: int = 1) -> Fault:
    """Return what makes ways impassable for so many seconds, so many times, with half as long in between."""

    def inflict(house: Pairs, load: Load) -> None:
        for turn in range(times):
            for name in names:
                house.proxies.set(name, way, 0.2 if way == "slow" else 0.0)  # type: ignore[arg-type]
            pass_time(seconds)
            for name in names:
                house.proxies.set(name, "open")
            if turn < times - 1:
                pass_time(seconds / 2)

    return inflict


def rush(house: Pairs, load: Load) -> None:
    """Let many book at the same moment, and many move: more than there are workers."""
    load.burst(80).run()


def rivals(house: Pairs, load: Load) -> None:
    """Let four at a time want the same place, many times at once."""
    load.contest(places=12, rivals=4)


def restarted_in_turn(house: Pairs, load: Load) -> None:
    """End each process as a supervisor does and start it again, one after the other, when the one before serves."""
    replace(house, load, PROCESSES)


def keys_rotated(house: Pairs, load: Load) -> None:
    """Bring in new keys as docs/operations.md says: behind the old ones everywhere first, then in front."""
    old = {name: house.environment[name] for name in _ROTATED}
    new = {name: new_seal_key() for name in _ROTATED}
    replace(house, load, PROCESSES, **{name: f"{old[name]},{new[name]}" for name in _ROTATED})
    replace(house, load, PROCESSES, **{name: f"{new[name]},{old[name]}" for name in _ROTATED})


def in_hand_while_the_database_restarts(house: Pairs, load: Load) -> None:
    """Restart the database twice while messages are in the hands of whoever sends them."""
    for _ in range(2):
        load.burst(_MANY).run()
        house.servers[DATABASE].restart()


def _both(*services: str) -> Sequence[str]:
    return [f"{service}-{number}" for service, number in product(services, (1, 2))]


def _table() -> list[Scenario]:
    short = {"booking-1 killed", "booking-1 frozen", "broker killed", "database killed", "redis frozen"}
    found: list[tuple[str, Fault]] = [("nothing", lambda house, load: pass_time(5))]
    for service in SERVICES:
        found += [
            (f"{service}-1 killed", killed(f"{service}-1")),
            (f"{service}-1 frozen", frozen(f"{service}-1")),
            (f"both of {service} killed", killed(*_both(service))),
            (f"both of {service} frozen", frozen(*_both(service))),
        ]
    for name in (BROKER, DATABASE, REDIS):
        found += [(f"{name} killed", server_killed(name)), (f"{name} frozen", server_frozen(name))]
    ways = {BROKER: (BROKER,), REDIS: (REDIS,), DATABASE: tuple(DATABASES.values())}
    for name, each in ways.items():
        found += [
            (f"way to {name} cut", way(*each, way="closed", seconds=2)),
            (f"way to {name} flapping", way(*each, way="closed", seconds=0.5, times=6)),
            (f"way to {name} a black hole", way(*each, way="hole", seconds=LIMIT + 3)),
            (f"way to {name} silent", way(*each, way="forgotten", seconds=3)),
            (f"way to {name} slow", way(*each, way="slow", seconds=5)),
        ]
    found += [
        ("notification without its database", way(DATABASES["notification"], way="closed", seconds=75)),
        ("messages in hand, database restarted", in_hand_while_the_database_restarts),
        ("gateway killed", killed("gateway")),
        ("gateway frozen", frozen("gateway")),
        ("all restarted in turn", restarted_in_turn),
        ("keys rotated", keys_rotated),
        ("clocks apart", clocks_apart),
        ("disk of broker full", disk_of_broker_full),
        ("disk of database full", disk_of_database_full),
        ("dead letters replayed", letters_replayed_while_others_look),
        ("rush", rush),
        ("rivals", rivals),
    ]
    return [Scenario(name, inflict, name in short) for name, inflict in found]


SCENARIOS = _table()


def met(house: Pairs, load: Load, scenario: Scenario, bookings: int) -> tuple[float, float, str]:
    """Run a scenario under load until so many bookings were tried.

    Return when it began, when it was healed, and what was not well again in time, empty where all was.
    """
    load.enough = bookings
    with load.running():
        _until_tried(load, bookings // 4)
        begun = clocked()
        ill = _ill_after(lambda: scenario.inflict(house, load))
        healed = clocked()
        if not ill:
            _until_tried(load, bookings)
            ill = _until_well(load, healed)
    return begun, healed, ill or _ill_after(house.wait_ready)


def _ill_after(what: Callable[[], None]) -> str:
    """Do it, and return what did not become well in time by it, empty where all did."""
    try:
        what()
    except AssertionError as late:
        return str(late)[:_TOLD]
    return ""


def _until_tried(load: Load, number: int) -> None:
    while load.ledger.subjects() < number:
        pass_time(0.2)


def _until_well(load: Load, healed: float) -> str:
    """Go on until some have booked or changed a booking since all is well; return what to say where nobody could."""
    end = clocked() + _WELL_SECONDS
    while len(load.ledger.successes(healed)) < _WELL:
        if clocked() > end:
            return f"not {_WELL} bookings and changes within {_WELL_SECONDS} s after the healing"
        pass_time(0.05)
    return ""
