"""Measure bookings with all that follows, beside the floors and a rival of the same run.

    python -m bench.bookings.run [--quick | --alone | --saturated] [--stored BOOKINGS] [--write]

Rates on a machine that does other things too say little: compare processor time per booking, and ratios to the floors.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.console import Console

from bench.bookings import clinic
from bench.bookings.counters import PARTS
from bench.bookings.floors import Floor, floors
from bench.bookings.measuring import Line, Way, at_rest, measured
from bench.bookings.observer import Observer, observing, prepare
from bench.bookings.report import write
from bench.bookings.rival.measuring import Rival, rival
from bench.bookings.showing import show
from bench.bookings.stored import MOST, store
from bench.house import House, deployed
from tests.servers.sources import POSTGRES_TO_HURT

_WARM = Way(clients=4, number=20)
_QUICK = Way(clients=8, number=160)
_WAYS = tuple(Way(clients, seconds=20, hold=hold) for hold in (False, True) for clients in (1, 8, 24))
_SATURATED = (Way(clients=8, seconds=60), Way(clients=24, seconds=60))
_SHARE, _ENOUGH_CLIENTS = 0.8, 64
_CALLS = 1000
_OF_RIVAL = 80
_SOME_STORED = 100_000


@dataclass
class Measured:
    """A house with what was measured of it, and how many places are taken."""

    house: House
    observer: Observer
    each: int
    rest: Mapping[str, float]
    stored: int = 0
    taken: int = 0

    def fill(self, stored: int) -> None:
        """Bring the number of stored bookings up to `stored`."""
        if stored > self.stored:
            store(self.observer, self.stored, stored)
            self.stored = stored

    def book(self, way: Way) -> Line:
        """Measure one way to book."""
        line = measured(self.house, self.observer, way, self.taken, self.rest, stored=self.stored, each=self.each)
        self.taken += line.bookings + line.refused
        said = f"{line.completed:.1f}/s with everything done, {line.milliseconds:.1f} CPU ms"
        click.echo(f"{line.what}: {said}", err=True)
        return line


@contextmanager
def warm(each: int) -> Iterator[Measured]:
    """Give an installation on which people have booked already, so that everything has been done once."""
    with deployed(clinic.document(), postgres=POSTGRES_TO_HURT, prepared=prepare, each=each) as house:
        house.share_cores()
        with observing(house.environment) as observer:
            ready = Measured(house, observer, each, dict.fromkeys(PARTS, 0.0))
            ready.book(_WARM)
            ready.rest = at_rest(house, observer)
            yield ready


def alone(stored: int) -> tuple[list[Line], list[Floor]]:
    """Return what eight clients who book come to, and nothing else."""
    with warm(each=1) as ready:
        ready.fill(stored)
        return [ready.book(_QUICK)], []


def quick(stored: int) -> tuple[list[Line], list[Floor]]:
    """Return what eight clients who book come to, between two turns of the rival, and the floors."""
    with warm(each=1) as ready, rival(ready.house) as other:
        ready.fill(stored)
        turn = [other.measured(_OF_RIVAL)] if other else []
        lines = [ready.book(_QUICK)]
        turn += [other.measured(_OF_RIVAL)] if other else []
        return lines, [*turn, *floors(ready.house, _CALLS)]


def saturated(stored: int) -> tuple[list[Line], list[Floor]]:
    """Return all ways to book, by one process of each service; saturation and 80 % of it; rival and floors."""
    with warm(each=1) as ready, rival(ready.house) as other:
        ready.fill(stored)
        return _by_one_of_each(ready, other)


def whole(stored: int) -> tuple[list[Line], list[Floor]]:
    """Return the same, before it all ways by two processes of each service, behind it what is stored.

    Eight clients book among 100,000 and among `stored` (a million) bookings as well.
    """
    with warm(each=2) as ready:
        by_two = [ready.book(way) for way in _WAYS]
    with warm(each=1) as ready, rival(ready.house) as other:
        lines, beside = _by_one_of_each(ready, other)
        for number in (_SOME_STORED, stored or MOST):
            ready.fill(number)
            lines.append(ready.book(_QUICK))
    return [*by_two, *lines], beside


def _by_one_of_each(ready: Measured, other: Rival | None) -> tuple[list[Line], list[Floor]]:
    beside = [other.measured(_OF_RIVAL)] if other else []
    lines = [ready.book(way) for way in _WAYS]
    full = [ready.book(way) for way in _SATURATED]
    rate = _SHARE * max(line.completed for line in full)
    lines += [*full, ready.book(Way(_ENOUGH_CLIENTS, seconds=60, rate=rate))]
    beside += [other.measured(_OF_RIVAL)] if other else []
    return lines, [*beside, *floors(ready.house, _CALLS)]


@click.command()
@click.option("--quick", "form", flag_value="quick", help="Only eight clients who book.")
@click.option("--alone", "form", flag_value="alone", help="Only that, without floors and rival.")
@click.option("--saturated", "form", flag_value="saturated", help="By one process of each service, nothing stored.")
@click.option("--stored", type=click.IntRange(0, MOST), default=0, help="Bookings that are stored before.")
@click.option("--write", "is_written", is_flag=True, help="Put the figures into bench/RESULTS.md.")
def main(*, form: str | None, stored: int, is_written: bool) -> None:
    """Measure bookings with all that follows."""
    load = os.getloadavg()[0]
    lines, beside = {"quick": quick, "alone": alone, "saturated": saturated}.get(form or "", whole)(stored)
    show(Console(width=150), lines, beside, load)
    if is_written:
        write(lines, beside, " ".join(["python -m bench.bookings.run", *sys.argv[1:]]), load)


if __name__ == "__main__":
    main()
