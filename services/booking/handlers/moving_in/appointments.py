"""Taking over the former system's appointments (PRODUCT C14)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.booking.handlers.desk import Desk
from services.booking.handlers.moving_in.lines import View, answered, read_lines
from services.booking.handlers.recording import publish, record, record_new
from services.booking.model import changes
from services.booking.model.bookings import BOOKED, Booking, Imported, new_reference
from services.booking.model.clinic_rules import ClinicRules
from services.booking.model.holds import released
from services.booking.model.moving_in.lines import (
    CHANGED,
    COLLIDES,
    KNOWN,
    NEW,
    Wanted,
    is_the_same,
    kept,
    known_lines,
    said_keys,
)
from services.booking.model.moving_in.room import Placed, Room, times
from services.booking.model.typed import typed_hash
from services.booking.model.undo import IMPORTED
from shared.contracts.booking import Origin
from shared.incoming.lines import Batch

if TYPE_CHECKING:
    from services.booking.store import BookingStore

_MOVING_IN = "moving in"
"""What a clinic's batches wait for each other by."""
_ORIGIN: Origin = "staff"


def import_bookings(desk: Desk, clinic: str, batch: Batch) -> View:
    """Take a batch of appointments over; return `{lines: [{line, outcome, reference, patient, errors, …}]}`.

    `outcome` is `new`, `known`, `changed` (moved, or of another length, in a newer file, and untouched here),
    `collides` (`with` bookings, `with_lines` of this batch, or `held`), `doubtful` with `candidates`, or `wrong` with
    `errors`. `outside_plan` says what stands where nobody works by the plan, `kept` what was `moved` or `cancelled`
    here and so stays. What collides is left out, all else is written at once. Nobody is told; reminders are planned by
    the bookings' events. Raises NotFound, and what patient raises where it does not answer.
    """
    rules = desk.rules(clinic)
    wanted, answers = read_lines(desk, rules, batch.lines)
    if wanted:
        answers |= _previewed(desk, rules, wanted) if batch.dry_run else _taken_over(desk, rules, wanted)
    return {"lines": [answers[line.number] for line in batch.lines]}


def _previewed(desk: Desk, rules: ClinicRules, wanted: list[Wanted]) -> dict[int, View]:
    with desk.work.snapshot() as store:
        taking = _Taking(desk, store, rules, to_change=False)
        taking.place(wanted)
        return {number: {**each, "reference": taking.reference_before(each)} for number, each in taking.answers.items()}


def _taken_over(desk: Desk, rules: ClinicRules, wanted: list[Wanted]) -> dict[int, View]:
    def take(store: "BookingStore") -> dict[int, View]:
        taking = _Taking(desk, store, rules, to_change=True)
        taking.place(wanted)
        taking.write()
        return taking.answers

    return desk.transaction(take)


class _Taking:
    """A batch on its way into the book.

    What it reads it reads once for all lines. Of what it is `to_change`, others are kept out until the commit: in the
    order in which everybody takes it, bookings before time, so that nobody waits in a circle.
    """

    def __init__(self, desk: Desk, store: "BookingStore", rules: ClinicRules, *, to_change: bool) -> None:
        self.answers: dict[int, View] = {}
        self._desk, self._store, self._rules, self._to_change = desk, store, rules, to_change
        self._placed: list[Placed] = []
        self._linked: dict[str, Imported] = {}
        self._void: set[str] = set()

    def place(self, wanted: list[Wanted]) -> None:
        """Find out what comes of each line, and a time for what is new or is elsewhere in a newer file."""
        store, clinic = self._store, self._rules.clinic
        if self._to_change:
            store.lock(clinic, [_MOVING_IN])
        once = {each.key: each for each in reversed(wanted)}
        found = store.imported(clinic, {key for each in wanted for key in (*each.keys, *each.others)})
        linked = known_lines(wanted, found)
        there = store.bookings_by_reference({each.booking for each in linked.values()}, to_change=self._to_change)
        to_place: list[tuple[Wanted, Booking | None]] = []
        for each in (each for each in wanted if once[each.key] is each):
            link = linked.get(each.key)
            booking = there[link.booking] if link else None
            if link is None or booking is None:
                to_place.append((each, None))
                continue
            why = kept(booking, link, self._desk.keys.every_lookup)
            if found.keys().isdisjoint(each.keys):
                self._link(each, link)
                self._void |= {*each.others} if each.noted_too else set()
            if why or each.place == link.place:
                self._answer(each, KNOWN, reference=booking.reference, **({"kept": why} if why else {}))
            else:
                to_place.append((each, booking))
        if to_place:
            self._find_time(to_place)
        for each in wanted:
            first = once[each.key]
            if first is not each:  # a line that stands twice in the file
                self._answer(each, KNOWN, reference=self.answers[first.line]["reference"], twin=first.line)

    def write(self) -> None:
        """Write what has found its time, by one statement of each kind but for what moves."""
        desk, store, rules = self._desk, self._store, self._rules
        new = [_booking(desk, rules, each) for each in self._placed if each.moves is None]
        record_new(store, desk, [changes.take_over(each, rules) for each in new])
        moved = [
            record(store, desk, changes.move(each.moves, each.taken, each.wanted.type, rules, IMPORTED))
            for each in self._placed
            if each.moves is not None
        ]
        store.free_bookings([each.reference for each in moved])
        store.occupy_for(rules.clinic, [*new, *moved])
        store.forget_imported(rules.clinic, self._void - self._linked.keys())
        store.note_imported(rules.clinic, self._linked.values(), desk.now)

    def reference_before(self, answer: View) -> str | None:
        """Return an answer's reference, if its booking was there before this batch."""
        made = {each.reference for each in self._placed if each.moves is None}
        reference: str | None = answer["reference"]
        return None if reference in made else reference

    def _find_time(self, to_place: list[tuple[Wanted, Booking | None]]) -> None:
        room = self._room([each for each, _ in to_place])
        left = [(each, before, before.reference if before else new_reference()) for each, before in to_place]
        while left:
            still = []
            for each, before, reference in left:
                if (taken := room.take(each.candidate, reference)) is None:
                    still.append((each, before, reference))
                    continue
                self._placed.append(Placed(each, taken, reference, before))
                self._link(each, Imported(each.key, reference, each.place))
                if before is not None:
                    self._void |= self._said_before(before)
                self._answer(each, NEW if before is None else CHANGED, reference=reference)
            if len(still) == len(left):  # what moves away makes room for others, which then find it in another round
                break
            left = still
        if left:
            self._collide(room, left)

    def _room(self, wanted: list[Wanted]) -> Room:
        """Return the time that others have, with holds that have expired taken away."""
        store, clinic, now = self._store, self._rules.clinic, self._desk.now
        wished = times(wanted)
        if self._to_change:
            store.lock(clinic, {key for key, _ in wished})
        rows = store.occupied_at(clinic, wished)
        expired = {row.hold for row in rows if row.hold is not None and row.has_expired(now)}
        if expired and self._to_change:
            publish(store, self._desk, *map(released, store.release_holds(expired, now)))
        return Room(row for row in rows if not row.has_expired(now))

    def _collide(self, room: Room, left: Iterable[tuple[Wanted, Booking | None, str]]) -> None:
        """Answer what finds no room; the very appointment, typed by staff before, is known."""
        lines = {each.reference: each.wanted.line for each in self._placed}
        found = [(each, before, room.in_the_way(each.candidate, reference)) for each, before, reference in left]
        others = self._store.bookings_by_reference(
            {row.booking for _, _, rows in found for row in rows if row.booking and row.booking not in lines}
        )
        for each, before, rows in found:
            references = {row.booking for row in rows if row.booking}
            same = next((ref for ref in sorted(references) if ref in others and is_the_same(others[ref], each)), None)
            if same and before is None:
                self._link(each, Imported(each.key, same, each.place))
                self._answer(each, KNOWN, reference=same)
                continue
            ways: dict[str, Any] = {
                "with": sorted(ref for ref in references if ref in others),
                "with_lines": sorted(lines[ref] for ref in references if ref in lines),
                "held": bool(rows) and not references,
            }
            self._answer(each, COLLIDES, reference=before.reference if before else None, **ways)

    def _link(self, wanted: Wanted, link: Imported) -> None:
        """Note which booking a line has become, under all by what it is known again."""
        self._linked |= {key: replace(link, key=key) for key in (wanted.key, *wanted.noted_too)}

    def _said_before(self, booking: Booking) -> set[str]:
        """Return the keys of what the line with a number said that put a booking where it is."""
        start, keys = booking.starts_at.isoformat(), self._desk.keys.every_lookup
        whose = (booking.patient_id or "", booking.practitioner, start)
        return {*said_keys(keys, self._rules.clinic, *whose, has_number=True)}

    def _answer(self, wanted: Wanted, outcome: str, **more: Any) -> None:
        outside = {"outside_plan": True} if wanted.outside_plan else {}
        self.answers[wanted.line] = answered(wanted.line, outcome, **{"patient": wanted.patient, **outside, **more})


def _booking(desk: Desk, rules: ClinicRules, placed: Placed) -> Booking:
    wanted, time = placed.wanted, placed.taken.candidate
    return Booking(
        reference=placed.reference,
        clinic=rules.clinic,
        status=BOOKED,
        origin=_ORIGIN,
        type=wanted.type,
        practitioner=time.practitioner,
        starts_at=time.start,
        ends_at=time.end,
        busy_from=time.busy_from,
        busy_to=time.busy_to,
        minutes=time.minutes,
        resources=placed.taken.resources,
        hold=None,
        patient_id=wanted.patient,
        need=None,
        person=wanted.sealed,
        language=rules.languages[0],
        sms_reminder=True,
        epoch=1,
        version=1,
        revision=rules.revision,
        created_at=desk.now,
        history_length=0,
        history_head="",
        typed_hash=typed_hash(desk.keys.lookup, rules.clinic, _ORIGIN, wanted.person),
    )
