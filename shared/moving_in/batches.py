"""Lines sent to services in batches, and what comes of each: by the service, the reading, or who decides (C14)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from shared.moving_in.fields import PATIENTS
from shared.moving_in.lines import Line

BATCH = 200
"""How many lines a service takes at once; each batch is taken over whole or not at all."""

NEW, KNOWN, CHANGED, DOUBTFUL, WRONG, COLLIDES, LEFT_OUT = OUTCOMES = (
    "new", "known", "changed", "doubtful", "wrong", "collides", "left_out",
)  # fmt: skip
"""What comes of a line. What is `left_out` is so by the file (cancelled there) or by who decides."""
UNDONE = (DOUBTFUL, WRONG, COLLIDES)
"""What somebody has to look at."""

DECIDED_NEW, DECIDED_LEAVE, DECIDED_READ = "new", "leave", "read"
"""What can be decided of a doubtful line besides whose it is: new, not taken over, right as read."""

Ask = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]
"""Sends lines to the service, for real or as a trial, and returns its answer."""


@dataclass(frozen=True)
class Result:
    """What came of a line: what is wrong by field, whose it could be (`candidates`), what it `meets` (references)."""

    line: int
    outcome: str
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    candidates: Sequence[str] = ()
    twins: Sequence[int] = ()
    meets: Sequence[str] = ()
    is_outside_plan: bool = False

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Result":
        """Return what a service says of a line."""
        return cls(
            answer["line"],
            answer["outcome"],
            answer.get("errors") or {},
            tuple(answer.get("candidates") or ()),
            tuple(answer.get("twins") or answer.get("with_lines") or ()),
            tuple(answer.get("with") or ()),
            bool(answer.get("outside_plan")),
        )

    def told(self) -> dict[str, Any]:
        """Return it as plain values, what is empty left out; `of` reads them."""
        named: dict[str, Any] = {"errors": self.errors, "candidates": self.candidates, "twins": self.twins}
        named |= {"with": self.meets, "outside_plan": self.is_outside_plan}
        return {"line": self.line, "outcome": self.outcome, **{name: value for name, value in named.items() if value}}


def in_batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines as many together as a service takes."""
    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield batch


def results_of(kind: str, batch: Sequence[Line], ask: Ask, decided: Mapping[int, str]) -> list[Result]:
    """Return what comes of a batch; the service is asked once, or not at all where there is nothing to ask."""
    found = {line.number: _before(line, decided.get(line.number, "")) for line in batch}
    asked = [_decided(kind, line, decided.get(line.number, "")) for line in batch if found[line.number] is None]
    if asked:
        found |= {result.line: result for result in map(Result.of, ask(asked)["lines"])}
    return [result for line in batch if (result := found[line.number])]


def counted(results: Iterable[Result]) -> Counter[str]:
    """Return how many lines there are of each outcome."""
    return Counter(result.outcome for result in results)


def _before(line: Line, decided: str) -> Result | None:
    """Return what comes of a line that the service is not asked about; None of all others."""
    if line.is_left_out or decided == DECIDED_LEAVE:
        return Result(line.number, LEFT_OUT)
    if line.sent is None:
        return Result(line.number, WRONG, line.errors)
    if line.doubt and not decided:
        return Result(line.number, DOUBTFUL, {"date": [line.doubt]})
    return None


def _decided(kind: str, line: Line, decided: str) -> Mapping[str, Any]:
    assert line.sent is not None
    if decided in ("", DECIDED_READ):
        return line.sent
    if kind == PATIENTS:
        return {**line.sent, "decided": decided}
    return line.sent if decided == DECIDED_NEW else {**line.sent, "patient": {"id": decided}}
