"""Where taking a file over stands, as it is kept between requests (C14)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.ids import new_id
from shared.moving_in.batches import BATCH, UNDONE
from shared.moving_in.mapping import Reading
from shared.moving_in.table import Row, Table

MAPPING, CHECKING, CHECKED, TAKING, TAKEN = "mapping", "checking", "checked", "taking", "taken"
"""The steps, in their order: what is what; a trial of all lines; what would come of it; the taking; what came of it."""
RUNNING = (CHECKING, TAKING)


@dataclass
class Standing:
    """One file. `next` is the batch that comes next, `counts` are what came of each batch, by outcome.

    Each `round` of what is left has batches of its own. `decided` is what somebody decided of doubtful lines; `taken`
    what came of the lines that are not kept any more. `mark` is another one wherever somebody takes another way with
    the file, so that who was at work on it meanwhile does not write over that.
    """

    step: str
    name: str
    encoding: str
    delimiter: str
    columns: list[str]
    notes: list[str]
    reading: dict[str, Any]
    lines: int
    round: int = 0
    batches: int = 0
    has_two_orders: bool = False
    next: int = 0
    counts: list[dict[str, int]] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    mark: str = field(default_factory=new_id)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Standing":
        """Return what `told` has told."""
        return cls(**told)

    def told(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def begin(self, step: str) -> None:
        """Stand before the first batch of a step."""
        self.step, self.next, self.counts, self.mark = step, 0, [], new_id()

    @property
    def is_running(self) -> bool:
        """Whether batches are to be gone on with."""
        return self.step in RUNNING

    @property
    def read(self) -> Reading:
        """How its rows are read."""
        return Reading(**self.reading)

    @property
    def decisions(self) -> dict[int, str]:
        """What is decided, by line."""
        return {int(line): decided for line, decided in self.decided.items()}

    @property
    def done(self) -> int:
        """How many lines of this step are behind."""
        return min(self.next * BATCH, self.lines)

    def counted(self) -> Counter[str]:
        """Return how many lines there are of each outcome."""
        return sum(map(Counter, [self.taken, *self.counts]), Counter())

    def left(self) -> int:
        """Return how many lines somebody has to look at."""
        counts = self.counted()
        return sum(counts[outcome] for outcome in UNDONE)


def plain(reading: Reading) -> dict[str, Any]:
    """Return a reading as plain values."""
    return asdict(reading)


def rows_told(rows: Iterable[Row]) -> list[Any]:
    """Return rows as plain values; `rows_of` reads them."""
    return [[row.line, *row.cells] for row in rows]


def rows_of(told: Iterable[Sequence[Any]]) -> list[Row]:
    """Return the rows that were told."""
    return [Row(line, tuple(cells)) for line, *cells in told]


def batches_of(table: Table) -> list[Sequence[Row]]:
    """Return a table's rows as many together as a service takes."""
    return [table.rows[first : first + BATCH] for first in range(0, len(table.rows), BATCH)]
