"""Going on with a file: some batches in each request, as a trial and then for real (C14).

A batch that is sent once more changes nothing. What came of it is kept after it was sent, so that a process that dies
in between leaves nothing to be found out: the batch is sent again.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from gateway.clients.moving_in import KeptFile, apart
from gateway.console.frame.here import Here
from gateway.console.moving_in.standing import CHECKED, TAKEN, TAKING, Standing, rows_of
from gateway.http.bounds import LONG_CALL_SECONDS
from shared.moving_in.batches import BATCH, UNDONE, Result, counted, results_of
from shared.moving_in.fields import SERVED
from shared.moving_in.house import House
from shared.moving_in.lines import Line, Reader
from shared.moving_in.table import Row

_SECONDS = 2.0
"""How long one request goes on, before the page shows how far it is."""

Ask = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]


def go_on(here: Here, kind: str, kept: KeptFile, standing: Standing, house: House) -> None:
    """Do batches for two seconds, one at least; refusals of the services pass through, and the batch comes again.

    Where somebody removes the file meanwhile, or takes another way with it, that stands.
    """
    reader = Reader(standing.read, house, has_two_orders=standing.has_two_orders)
    ask, until = _asking(here, kind, is_trial=standing.step != TAKING), time.monotonic() + _SECONDS
    while standing.next < standing.batches:
        rows = rows_of(kept.batch(standing.round, standing.next))
        lines = apart(partial(_all, reader, rows))
        results = results_of(kind, lines, ask, standing.decisions)
        if not kept.is_still(standing.mark):
            return
        kept.keep_results(standing.round, standing.next, [result.told() for result in results])
        standing.counts.append(dict(counted(results)))
        standing.next += 1
        kept.keep_state(standing.told())
        if time.monotonic() > until:
            break
    if standing.next >= standing.batches:
        _finish(kept, standing)


def _all(reader: Reader, rows: Sequence[Row]) -> list[Line]:
    return [*reader.lines(rows)]


def _asking(here: Here, kind: str, *, is_trial: bool) -> Ask:
    service, method = SERVED[kind]
    call = getattr(getattr(here.services, service).with_timeout(LONG_CALL_SECONDS), method)

    def ask(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = call(here.clinic, lines=list(lines), dry_run=is_trial)
        return answer

    return ask


def _finish(kept: KeptFile, standing: Standing) -> None:
    if standing.step != TAKING:
        standing.step = CHECKED
        kept.keep_state(standing.told())
        return
    left = list(_left(kept, standing))
    standing.taken = {name: count for name, count in standing.counted().items() if name not in UNDONE}
    parts = [left[first : first + BATCH] for first in range(0, len(left), BATCH)]
    undone = {str(row[0]) for row, _ in left}
    standing.decided = {line: decided for line, decided in standing.decided.items() if line in undone}
    standing.step, standing.round = TAKEN, standing.round + 1
    standing.lines, standing.batches, standing.next = len(left), len(parts), len(parts)
    standing.counts = [dict(counted(Result.of(result) for _, result in part)) for part in parts]
    for batch, part in enumerate(parts):
        kept.keep_batch(standing.round, batch, [row for row, _ in part])
        kept.keep_results(standing.round, batch, [result for _, result in part])
    kept.keep_state(standing.told())
    kept.forget_all_but(standing.round)


def _left(kept: KeptFile, standing: Standing) -> Iterator[tuple[Sequence[Any], Mapping[str, Any]]]:
    """Yield the rows that somebody has to look at, each with what came of it."""
    for batch in range(standing.batches):
        rows = {row[0]: row for row in kept.batch(standing.round, batch)}
        yield from (
            (rows[each["line"]], each) for each in kept.results(standing.round, batch) if each["outcome"] in UNDONE
        )
