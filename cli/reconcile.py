"""Everything that services hold of bookings, compared with what booking says, and put right (ADR 21)."""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from cli.faces.endings import fail
from cli.remote import Client, connect
from shared.contracts.errors import Timeout, Unavailable
from shared.settings import Settings

_USUAL = timedelta(days=14)

PARTS = (
    ("booking", "reconcile"),
    ("booking", "reconcile_needs"),
    ("availability", "reconcile"),
    ("availability", "reconcile_unknown"),
    ("patient", "reconcile"),
    ("patient", "reconcile_unknown"),
    ("notification", "reconcile"),
    ("notification", "reconcile_unknown"),
)
"""What is asked, in this order: what follows builds on what is right by then."""

_PATIENCE = 60.0
_TRIES, _PAUSE = 4, 2.0
"""How often services are asked that are not there, and seconds in between."""
_ON_ITS_WAY = 5.0
"""Seconds in which what was on its way arrives; what differs after that differs."""
_SETTLED = 30.0
"""Seconds that what follows a repair may take."""
_AT_ONCE = 100
_EXAMPLES = 3

Differences = dict[str, list[str]]
"""What is not as it should be, by the booking's reference or the need's id."""


@dataclass
class Part:
    """What one service holds of one clinic."""

    client: Client
    service: str
    method: str
    clinic: str
    looked_at: int = 0
    differs: Differences = field(default_factory=dict)
    left: Differences = field(default_factory=dict)

    def look(self, since: str | None) -> None:
        """Look at all bookings from a start on, page by page."""
        cursor: str | None = None
        while True:
            answer = self._ask(since=since, cursor=cursor)
            self.looked_at += answer["looked_at"]
            self.differs |= _by_subject(answer)
            cursor = answer["next"]
            if cursor is None:
                return

    def look_again(self, *, repair: bool = False) -> Differences:
        """Return what differs of what differed."""
        found: Differences = {}
        subjects = sorted(self.differs)
        for first in range(0, len(subjects), _AT_ONCE):
            found |= _by_subject(self._ask(references=subjects[first : first + _AT_ONCE], repair=repair))
        return found

    def _ask(self, **asked: Any) -> dict[str, Any]:
        """Ask, and once more where nobody is there, as while a service is replaced: what is put right stays so."""
        for _ in range(_TRIES - 1):
            with suppress(Unavailable, Timeout):
                return self._ask_once(**asked)
            time.sleep(_PAUSE)
        return self._ask_once(**asked)

    def _ask_once(self, **asked: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.call(self.service, self.method, self.clinic, timeout=_PATIENCE, **asked)
        return answer


def two_weeks_ago() -> datetime:
    """Return the start from which on bookings are looked at where nothing else is said."""
    return datetime.now(UTC) - _USUAL


def reconcile(settings: Settings, clinics: tuple[str, ...], since: datetime | None, *, repair: bool) -> None:
    """Print what differs as a table, and with `repair` put it right; exit code 1 where anything is left.

    `since` None looks at everything that there ever was.
    """
    with connect(settings) as client:
        known = [each["clinic"] for each in client.call("availability", "clinics")["clinics"]]
        if unknown := sorted(set(clinics) - set(known)):
            fail(f"There is no clinic {', '.join(unknown)}.")
        parts = [Part(client, *part, clinic) for part in PARTS for clinic in clinics or known]
        _compare(parts, since, repair=repair)
    _show(parts, repair=repair)
    if any(part.left for part in parts):
        sys.exit(1)


def _compare(parts: list[Part], since: datetime | None, *, repair: bool) -> None:
    for part in parts:
        part.look(None if since is None else since.isoformat())
    _settle(parts)
    if repair:
        _repair(parts)
    else:
        for part in parts:
            part.left = part.differs


def _settle(parts: list[Part]) -> None:
    """Let what was on its way arrive, and forget what differed until then."""
    if any(part.differs for part in parts):
        time.sleep(_ON_ITS_WAY)
    for part in parts:
        part.differs = part.look_again()


def _repair(parts: list[Part]) -> None:
    """Put right what differs, and wait for what follows of it: patients are told of by events."""
    for part in parts:
        part.look_again(repair=True)
    until = time.monotonic() + _SETTLED
    for part in parts:
        part.left = part.look_again()
        while part.left and time.monotonic() < until:
            time.sleep(1.0)
            part.left = part.look_again()


def _by_subject(answer: Mapping[str, Any]) -> Differences:
    return {each["subject"]: each["what"] for each in answer["differs"]}


def _show(parts: list[Part], *, repair: bool) -> None:
    rows = list(_rows(parts))
    if not rows:
        bookings = sum(part.looked_at for part in parts if (part.service, part.method) == PARTS[0])
        click.echo(f"{bookings} booking(s) looked at: every service holds what booking says.")
        return
    table = Table("service", "clinic", "what differs", "how many", "repaired", "for example", box=None)
    for part, what, count, left, examples in rows:
        table.add_row(part.service, part.clinic, what, str(count), str(count - left) if repair else "-", examples)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _rows(parts: list[Part]) -> Iterator[tuple[Part, str, int, int, str]]:
    for part in parts:
        counts = Counter(what for whats in part.differs.values() for what in whats)
        for what, count in sorted(counts.items()):
            left = sum(what in whats for whats in part.left.values())
            shown = part.left if left else part.differs
            examples = sorted(subject for subject, whats in shown.items() if what in whats)[:_EXAMPLES]
            yield part, what, count, left, " ".join(examples)
