"""One measurement: people book for a while, then all that follows is waited for; what it cost is shared by them."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.bookings.counters import Costs, counts, processor
from bench.bookings.effects import EFFECTS, SENT, Effects, awaited, positions
from bench.bookings.observer import Observer
from bench.house import House
from bench.load import Done, generate, percentile

_REST_SECONDS = 10.0
_SETTLING_SECONDS = 1.5
"""A PostgreSQL process tells of its transactions at most once a second."""


@dataclass(frozen=True)
class Way:
    """How people book: how many at once, for how long or how many bookings, and at which rate where not at once."""

    clients: int
    seconds: float = 0.0
    number: int | None = None
    hold: bool = False
    rate: float = 0.0


@dataclass(frozen=True)
class Line:
    """What was measured: rates a second, milliseconds of answers and lags (p50, p99), and costs per booking."""

    what: str
    stored: int
    each: int
    bookings: int
    """How many stand, answered or not: those are waited for, and share the costs."""
    refused: int
    answered: float
    completed: float
    answer: tuple[float, float]
    lags: Mapping[str, tuple[float, float]]
    growth: float
    """By how many times the lag of messages was longer in the last third than in the first."""
    rest: float
    """The milliseconds of processor time that all parts use in a second at rest: not among the bookings' costs."""
    processor: Mapping[str, float]
    counts: Mapping[str, float]

    @property
    def milliseconds(self) -> float:
        """The milliseconds of processor time per booking, of all parts."""
        return sum(self.processor.values())


def at_rest(house: House, observer: Observer) -> dict[str, float]:
    """Return the seconds of processor time that each part uses in a second while nobody books."""
    used, begun = processor(house, observer), time.monotonic()
    time.sleep(_REST_SECONDS)
    took = time.monotonic() - begun
    return {part: (after - used[part]) / took for part, after in processor(house, observer).items()}


def measured(house: House, observer: Observer, way: Way, first: int, rest: Mapping[str, float], **said: int) -> Line:
    """Let people book from the place of number `first` on and return what came of it and what it cost.

    What the parts use at rest meanwhile is not among it: that grows with every second that a busy machine takes.
    """
    before = positions(observer)
    counted = counts(house, observer)
    used, begun = processor(house, observer), time.monotonic()
    done = generate(
        "bench.bookings.clinic:bookings", house.port, way.clients,
        seconds=way.seconds, rate=way.rate, first=first, number=way.number,
        today=f"{datetime.now(UTC).date()}", hold=way.hold,
    )  # fmt: skip
    effects = awaited(observer, before)
    took = time.monotonic() - begun
    spent = {part: after - used[part] - took * rest[part] for part, after in processor(house, observer).items()}
    time.sleep(_SETTLING_SECONDS)
    made = {what: number - counted[what] for what, number in counts(house, observer).items()}
    return line(name(way), done, effects, Costs(spent, made, sum(rest.values())), **said)


def line(what: str, done: list[Done], effects: Effects, costs: Costs, *, stored: int, each: int) -> Line:
    """Return what bookings that were done, their effects and costs come to."""
    answered = references(done)
    begun = min(each_done.begun for each_done in done)
    took = [1000 * (booked.ended - booked.begun) for booked in done if booked.came in answered]
    number = len(effects.at[SENT])
    return Line(
        what, stored, each, number, len(done) - len(answered),
        answered=len(answered) / (max(answered.values()) - begun),
        completed=number / (effects.complete_at - begun),
        answer=_both(took),
        lags={effect: _both([1000 * lag for lag in effects.lags(effect, answered)]) for effect in EFFECTS},
        growth=growth(effects, answered),
        rest=1000 * costs.rest,
        processor={part: 1000 * used / number for part, used in costs.processor.items()},
        counts={what: count / number for what, count in costs.counts.items()},
    )  # fmt: skip


def references(done: list[Done]) -> dict[str, float]:
    """Return when each booking was answered, by its reference; ends the run where nobody could book."""
    answered = {each.came: each.ended for each in done if not each.came.startswith("!")}
    if not answered:
        raise SystemExit(f"nobody could book: {done[0].came if done else 'nobody came'}")
    return answered


def growth(effects: Effects, answered: Mapping[str, float]) -> float:
    """Return how many times as long messages took for the last third of the bookings as for the first."""
    lags = [effects.at[SENT][reference] - at for reference, at in sorted(answered.items(), key=lambda item: item[1])]
    third = len(lags) // 3
    return statistics.median(lags[-third:]) / max(0.001, statistics.median(lags[:third])) if third else 1.0


def name(way: Way) -> str:
    """Return what a way of booking is called."""
    how = f"{way.rate:.0f}/s" if way.rate else f"{way.clients} client{'s' if way.clients > 1 else ''}"
    return f"{'hold and book' if way.hold else 'book'}, {how}"


def _both(values: list[float]) -> tuple[float, float]:
    return percentile(values, 0.5), percentile(values, 0.99)
