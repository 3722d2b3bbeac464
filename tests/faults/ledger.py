"""What an installation was asked and what it answered, request by request, and what of that its databases must hold.

The rules are those of the product: what was answered stands, nothing is done twice, and of two changes of a booking
the one that was answered later is never undone by one that was given up before it began (DESIGN rules 2 to 5).
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CUT = 0
"""The status of a request whose connection ended, or whose client waited no longer, before any answer."""

BOOKED, CANCELLED = "booked", "cancelled"
BOOK, MOVE, CANCEL, ABSENCE, SEARCH, HOLD = "book", "move", "cancel", "absence", "search", "hold"


@dataclass(frozen=True)
class Place:
    """A time with a practitioner; nobody but one patient is ever sent there, unless a test wants rivals."""

    practitioner: str
    start: datetime


@dataclass(frozen=True)
class Attempt:
    """One request for a patient (`subject`), from when to when on the monotonic clock, and its answer."""

    kind: str
    subject: int
    place: Place | None
    begun: float
    ended: float
    status: int
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether the client was told that it is done."""
        return 200 <= self.status < 300

    @property
    def is_unknown(self) -> bool:
        """Whether the client was told nothing that says what became of it."""
        return self.status == CUT or self.status >= 500


class Ledger:
    """All attempts, in the order of their ends; threads write it together."""

    def __init__(self) -> None:
        self._attempts: list[Attempt] = []
        self._subjects: set[int] = set()
        self._lock = threading.Lock()

    def note(self, attempt: Attempt) -> Attempt:
        """Write an attempt down and return it."""
        with self._lock:
            self._attempts.append(attempt)
            if attempt.kind == BOOK:
                self._subjects.add(attempt.subject)
        return attempt

    def attempts(self, *kinds: str) -> list[Attempt]:
        """Return the attempts so far, of these kinds only where any are named."""
        with self._lock:
            return [attempt for attempt in self._attempts if not kinds or attempt.kind in kinds]

    def subjects(self) -> int:
        """Return for how many patients a booking was tried."""
        return len(self._subjects)

    def first_success(self, since: float) -> float | None:
        """Return the first of `successes`, None where there is none."""
        return min(self.successes(since), default=None)

    def successes(self, since: float, until: float = float("inf")) -> list[float]:
        """Return the seconds from `since` to each booking or change that was asked for and answered in this span."""
        tried = self.attempts(BOOK, MOVE, CANCEL)
        return [each.ended - since for each in tried if each.is_done and since <= each.begun and each.ended < until]

    def slowest_search(self, since: float, until: float = float("inf")) -> float:
        """Return the longest that a search took which began in this span, answered or not; 0 where none did."""
        return max(
            (each.ended - each.begun for each in self.attempts(SEARCH) if since <= each.begun < until), default=0
        )


@dataclass(frozen=True)
class State:
    """A booking after one entry of its history."""

    version: int
    status: str
    place: Place


@dataclass(frozen=True)
class Kept:
    """A booking as its service keeps it: its row, and its states by its history, oldest first."""

    reference: str
    subject: int
    now: State
    states: tuple[State, ...]


Faults = dict[str, list[str]]
"""What is wrong, by its kind, each a sentence."""


def judge(attempts: Iterable[Attempt], kept: Iterable[Kept]) -> Faults:
    """Return what the bookings that are kept make of what was answered.

    `lost`: answered and not there. `double`: two bookings for one attempt, or at one time. `undone`: an answered change
    that something given up before it has overturned. `disorder`: a history with gaps, repetitions or empty versions, or
    that ends elsewhere than its row. `unasked`: a change that nobody tried. `untold`: what stands though its client was
    never told; no client can be told who is cut off, so it is a figure and not a fault.
    """
    faults: Faults = defaultdict(list)
    tried: dict[int, list[Attempt]] = defaultdict(list)
    found: dict[int, list[Kept]] = defaultdict(list)
    for attempt in attempts:
        tried[attempt.subject].append(attempt)
    for booking in kept:
        found[booking.subject].append(booking)
    for subject in sorted({*tried, *found}):
        for what, sentence in _of_one(tried[subject], found[subject]):
            faults[what].append(f"patient {subject}: {sentence}")
    for sentence in _at_one_time([booking for bookings in found.values() for booking in bookings]):
        faults["double"].append(sentence)
    return dict(faults)


def _of_one(tried: Sequence[Attempt], found: Sequence[Kept]) -> Iterator[tuple[str, str]]:
    answered = {str(each.answer.get("reference")) for each in tried if each.kind == BOOK and each.is_done}
    there = {booking.reference for booking in found}
    for reference in sorted(answered - there):
        yield "lost", f"{reference} was answered and is not there"
    if len(there) > 1:
        yield "double", f"has {', '.join(sorted(there))}"
    if there and not answered:
        yield "untold", f"{', '.join(sorted(there))} stands, its client was told nothing"
    for booking in found:
        yield from _history(booking)
        yield from _changes(tried, booking)


def _history(booking: Kept) -> Iterator[tuple[str, str]]:
    versions = [state.version for state in booking.states]
    if versions != list(range(1, len(versions) + 1)):
        yield "disorder", f"{booking.reference} has the versions {versions}"
    for before, after in zip(booking.states, booking.states[1:], strict=False):
        if (before.status, before.place) == (after.status, after.place):
            yield "disorder", f"{booking.reference}'s version {after.version} changes nothing"
    if booking.states and booking.states[-1] != booking.now:
        yield "disorder", f"{booking.reference} is {booking.now}, and its history ends with {booking.states[-1]}"


def _changes(tried: Sequence[Attempt], booking: Kept) -> Iterator[tuple[str, str]]:
    """Yield what is wrong between a booking's states and the changes that were tried: each state needs its attempt."""
    sources = {state.version: [each for each in tried if _leads_to(each, state)] for state in booking.states}
    for state in booking.states:
        if not sources[state.version]:
            yield "unasked", f"{booking.reference} became {state}, which nobody asked for"
    for change in (each for each in tried if each.kind in (MOVE, CANCEL) and each.is_done):
        own = [state.version for state in booking.states if _leads_to(change, state)]
        if not own:
            yield "lost", f"{booking.reference}'s {change.kind} to {change.place} was answered and never was"
            continue
        for state in booking.states:
            later = sources[state.version]
            if state.version > max(own) and later and all(each.ended <= change.begun for each in later):
                yield "undone", f"{booking.reference}'s {change.kind} was overturned by an earlier {later[0].kind}"


def _leads_to(attempt: Attempt, state: State) -> bool:
    if attempt.kind == CANCEL:
        return state.status == CANCELLED
    if attempt.kind not in (BOOK, MOVE) or state.status != BOOKED or (attempt.kind == BOOK) != (state.version == 1):
        return False
    return attempt.place == state.place or (attempt.kind == BOOK and _any_of(attempt, state))


def _any_of(attempt: Attempt, state: State) -> bool:
    """Tell whether a booking with any practitioner has led there."""
    place = attempt.place
    return place is not None and not place.practitioner and place.start == state.place.start


def _at_one_time(kept: Sequence[Kept]) -> Iterator[str]:
    """Yield who stand at one time with one practitioner; all appointments of a load are equally long and on a grid."""
    there: dict[Place, list[str]] = defaultdict(list)
    for booking in kept:
        if booking.now.status == BOOKED:
            there[booking.now.place].append(booking.reference)
    for place, references in there.items():
        if len(references) > 1:
            yield f"{', '.join(references)} stand at {place.start} with {place.practitioner}"


def rude(attempts: Iterable[Attempt], *, may_be_cut: bool) -> list[str]:
    """Return which answers no client can act on: anything but 503 and 504 with their codes, or none at all.

    Where gateways themselves are hurt, connections may be cut.
    """
    kindly = {(503, "unavailable"), (504, "timeout")}
    return [
        f"patient {each.subject}'s {each.kind} got {each.status or 'nothing'} after {each.ended - each.begun:.1f} s"
        for each in attempts
        if each.is_unknown
        and (each.status, each.answer.get("code")) not in kindly
        and not (may_be_cut and each.status == CUT)
    ]


def released_early(attempts: Iterable[Attempt]) -> list[str]:
    """Return which held times others got, or their holders did not, before the moment that the hold's answer told."""
    ahead = time.time() - clocked()
    tried = [each for each in attempts if each.kind in (HOLD, BOOK)]
    bookings = defaultdict(list)
    for each in tried:
        if each.kind == BOOK and each.place:
            bookings[each.place].append(each)
    faults = []
    for held in (each for each in tried if each.kind == HOLD and each.is_done):
        expires = datetime.fromisoformat(held.answer["expires"]).timestamp() - ahead
        for each in bookings[held.place] if held.place else ():
            if held.begun < each.begun and each.ended < expires:
                if each.subject != held.subject and each.is_done:
                    faults.append(f"patient {each.subject} got what was held for {held.subject}")
                elif each.subject == held.subject and each.status == 409:
                    faults.append(f"patient {each.subject} did not get what was held for them: {each.answer['code']}")
    return faults


def clocked() -> float:
    """Return the moment by which attempts are compared."""
    return time.monotonic()
