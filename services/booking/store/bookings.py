"""Queries about bookings, and the lists that people look at."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, insert, or_, select, update

from services.booking.model.bookings import BOOKED, CANCELLED, DONE, Booking, Link, Watched
from services.booking.model.history import Ending, Entry, Head
from services.booking.model.requests import Stretch
from services.booking.model.typed import Typed
from services.booking.store.rows import booking_row, joined, read_booking, split
from services.booking.store.tables import bookings, history, occupancy, watch_list
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.occupancy import resource_key
from shared.storage.lists import PreparedChanges, PreparedRows, among
from shared.storage.prepared import Prepared, Row

_LONGEST_BUFFER = timedelta(days=1)
_LONGEST_TO_END = timedelta(days=2)
"""From the start of an appointment to the end of the buffer after it."""
_LONGEST_OCCUPANCY = _LONGEST_BUFFER + _LONGEST_TO_END

_LINKS = PreparedChanges(bookings, "reference", ("patient_id", "contact_differs"))
_OF_ENTRY = ("id", "at", "done_at", "done_by", "absence")
_WATCHED = [watch_list.c[name].label(f"watch_{name}") for name in _OF_ENTRY]
_COLUMNS = tuple(name for name in bookings.c.keys() if name != "checkpointed")  # noqa: SIM118
_ADD = Prepared(insert(bookings).values({name: bindparam(name) for name in _COLUMNS}))
_ADD_ALL = PreparedRows(bookings, _COLUMNS)
_SAVE = Prepared(
    update(bookings)
    .where(bookings.c.reference == bindparam("of_booking"))
    .values({name: bindparam(name) for name in _COLUMNS if name != "reference"})
)
_WANTED = select(bookings).where(bookings.c.reference == bindparam("wanted"))
_ONE, _ONE_FOR_CHANGE = Prepared(_WANTED), Prepared(_WANTED.with_for_update(key_share=True))
_IS_OPEN = watch_list.c.done_at.is_(None)


def _kept_from_others(*names: str) -> Prepared:
    """Return the query of these columns of bookings that are named; in order, so that nobody waits in a circle."""
    query = select(*(bookings.c[name] for name in names)).where(among(bookings.c.reference, "references"))
    return Prepared(query.order_by(bookings.c.reference).with_for_update(key_share=True))


_LINKS_TO_CHANGE = _kept_from_others("reference", "clinic", "patient_id", "person", "contact_differs")
_ENDINGS_TO_CHANGE = _kept_from_others("reference", "clinic", "version", "history_length", "history_head", "not_told")


class BookingRows(ServiceStore):
    """The bookings."""

    def add_booking(self, booking: Booking) -> None:
        """Write a new booking, without the time that it occupies."""
        _ADD.write(self.connection, **booking_row(booking))

    def add_bookings(self, added: Iterable[Booking]) -> None:
        """Write new bookings, without the time that they occupy."""
        _ADD_ALL.write(self.connection, [booking_row(booking) for booking in added])

    def save_booking(self, booking: Booking) -> None:
        """Write a changed booking."""
        row = booking_row(booking)
        _SAVE.write(self.connection, of_booking=row.pop("reference"), **row)

    def booking(self, reference: str, *, for_change: bool = False) -> Booking | None:
        """Return a booking, or None; `for_change` keeps other writers of it out until the commit."""
        row = (_ONE_FOR_CHANGE if for_change else _ONE).row(self.connection, wanted=reference)
        return None if row is None else read_booking(dict(zip(bookings.c.keys(), row, strict=True)))

    def present(self, reference: str) -> Booking:
        """Return a booking that there is, as it is now, kept from other writers until the commit."""
        found = self.booking(reference, for_change=True)
        if found is None:
            raise LookupError(f"booking {reference} is gone, and nothing deletes bookings")
        return found

    def booking_of_need(self, need: str) -> Booking | None:
        """Return the booking that uses a need, or None."""
        query = select(bookings).where(bookings.c.need == need, bookings.c.status != CANCELLED)
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None else read_booking(row)

    def links_to_change(self, references: Collection[str]) -> dict[str, Link]:
        """Return whose these bookings are, of those that there are; other writers are kept out until the commit."""
        rows = _rows_of(self.connection, _LINKS_TO_CHANGE, references)
        return {row[0]: Link(row[0], row[1], row[2], row[3], split(row[4])) for row in rows}

    def set_links(self, links: Iterable[Link]) -> None:
        """Set whose bookings are."""
        _LINKS.write(
            self.connection,
            [
                {"reference": each.reference, "patient_id": each.patient, "contact_differs": joined(each.differs)}
                for each in links
            ],
        )

    def endings_to_change(self, references: Collection[str]) -> dict[str, Ending]:
        """Return where the histories of these bookings end, of those that there are; others are kept out of them."""
        rows = _rows_of(self.connection, _ENDINGS_TO_CHANGE, references)
        return {row[0]: Ending(row[1], row[2], Head(row[0], *row[3:5]), row[5]) for row in rows}

    def note_told(self, references: Collection[str]) -> None:
        """Note that the patients of these bookings have been told of them as they are, which is no change of them."""
        if references:
            self.connection.execute(update(bookings).where(bookings.c.reference.in_(references)).values(not_told=None))

    def note_absence(self, references: Collection[str], absence: str) -> None:
        """Note of which absence these bookings stand in the way, which is no change of them."""
        these = update(bookings).where(bookings.c.reference.in_(sorted(references)))
        self.connection.execute(these.values(absence=absence))

    def note_differences(self, reference: str, differs: Collection[str]) -> None:
        """Note which of a booking's addresses are others than its patient's record has, which is no change of it."""
        this = update(bookings).where(bookings.c.reference == reference)
        self.connection.execute(this.values(contact_differs=joined(differs)))

    def find_bookings(
        self,
        clinic: str,
        *,
        now: datetime,
        first: datetime | None,
        last: datetime | None,
        practitioner: str | None,
        status: str | None,
        patient: str | None,
        reference: str | None = None,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Booking]:
        """Return up to `limit` bookings that start in `[first, last)`, by start and reference, after `after`."""
        query = select(bookings).where(bookings.c.clinic == clinic)
        if first is not None:
            query = query.where(bookings.c.starts_at >= first)
        if last is not None:
            query = query.where(bookings.c.starts_at < last)
        if practitioner is not None:
            query = query.where(bookings.c.practitioner == practitioner)
        if patient is not None:
            query = query.where(bookings.c.patient_id == patient)
        if reference is not None:
            query = query.where(bookings.c.reference == reference)
        if status is not None:
            query = query.where(_has_status(status, now))
        if after is not None:
            query = query.where(is_after(bookings.c.starts_at, bookings.c.reference, after))
        return self._bookings(query.order_by(bookings.c.starts_at, bookings.c.reference).limit(limit))

    def bookings_of_login(
        self,
        clinic: str,
        patients: Collection[str],
        typed: Collection[Typed],
        since: datetime,
        after: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Booking]:
        """Return up to `limit` bookings of these patients, or made with any of what is `typed`, by start and reference.

        They start at `since` or later.
        """
        theirs = or_(bookings.c.patient_id.in_(sorted(patients)), *map(_is_typed, typed))
        query = select(bookings).where(bookings.c.clinic == clinic, theirs, bookings.c.starts_at >= since)
        if after is not None:
            query = query.where(is_after(bookings.c.starts_at, bookings.c.reference, after))
        return self._bookings(query.order_by(bookings.c.starts_at, bookings.c.reference).limit(limit))

    def to_come(self, clinic: str, patient: str, now: datetime) -> list[Booking]:
        """Return a patient's bookings to come, kept from other writers until the commit."""
        theirs = select(bookings).where(bookings.c.clinic == clinic, bookings.c.patient_id == patient)
        standing = theirs.where(bookings.c.starts_at > now, bookings.c.status == BOOKED)
        in_order = standing.order_by(bookings.c.starts_at, bookings.c.reference)
        return self._bookings(in_order.with_for_update(key_share=True))

    def not_hashed(self, limit: int) -> list[Booking]:
        """Return up to `limit` bookings of which `typed_hash` is still to be worked out, the oldest first."""
        missing = select(bookings).where(bookings.c.typed_hash.is_(None))
        return self._bookings(missing.order_by(bookings.c.created_at).limit(limit))

    def keep_typed_hash(self, reference: str, typed_hash: str) -> None:
        """Note what a booking is found by, which is no change of it."""
        self.connection.execute(
            update(bookings)
            .where(bookings.c.reference == reference, bookings.c.typed_hash.is_(None))
            .values(typed_hash=typed_hash)
        )

    def in_the_way(
        self, clinic: str, stretch: Stretch, now: datetime, after: tuple[datetime, str] | None, limit: int
    ) -> list[tuple[datetime, str]]:
        """Return (start, reference) of up to `limit` bookings that stand and occupy any of a stretch from `now` on.

        By start and reference. An index leads to those that start near the stretch, so that it costs by what lies
        there, however much was booked before and will be after.
        """
        start, end = max(stretch.start, now), stretch.end
        query = select(bookings.c.starts_at, bookings.c.reference).where(
            bookings.c.clinic == clinic,
            bookings.c.starts_at > start - _LONGEST_TO_END,
            bookings.c.starts_at < end + _LONGEST_BUFFER,
            bookings.c.busy_from < end,
            bookings.c.busy_to > start,
            bookings.c.status == BOOKED,
        )
        if stretch.practitioner is not None:
            query = query.where(bookings.c.practitioner == stretch.practitioner)
        if stretch.resource is not None:
            query = query.where(bookings.c.reference.in_(_users_of(clinic, stretch.resource, start, end)))
        if after is not None:
            query = query.where(is_after(bookings.c.starts_at, bookings.c.reference, after))
        found = self.connection.execute(query.order_by(bookings.c.starts_at, bookings.c.reference).limit(limit))
        return [(row[0], row[1]) for row in found]

    def bookings_named(self, references: Collection[str]) -> list[Booking]:
        """Return the bookings with these references, by start and reference."""
        named = select(bookings).where(bookings.c.reference.in_(references))
        return self._bookings(named.order_by(bookings.c.starts_at, bookings.c.reference))

    def watch_list(
        self, clinic: str, practitioner: str | None, after: tuple[datetime, str] | None, limit: int, *, done: bool
    ) -> list[Watched]:
        """Return up to `limit` open entries, the oldest first, or of those that are `done`, the latest first."""
        query = (
            select(*_WATCHED, bookings)
            .join(bookings, bookings.c.reference == watch_list.c.booking)
            .where(watch_list.c.clinic == clinic, watch_list.c.done_at.is_not(None) if done else _IS_OPEN)
        )
        if practitioner is not None:
            query = query.where(bookings.c.practitioner == practitioner)
        at, id = (watch_list.c.done_at if done else watch_list.c.at), watch_list.c.id
        if after is not None:
            query = query.where(_before(at, id, after) if done else is_after(at, id, after))
        ordered = query.order_by(at.desc(), id.desc()) if done else query.order_by(at, id)
        return [_read_watched(row) for row in self.connection.execute(ordered.limit(limit)).mappings()]

    def history_entries(self, reference: str, after: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries of a booking's history that follow position `after`."""
        rows = self.connection.execute(
            select(history)
            .where(history.c.booking == reference, history.c.position > after)
            .order_by(history.c.position)
            .limit(limit)
        )
        return [Entry(**row) for row in rows.mappings()]

    def _bookings(self, query: Select[Any]) -> list[Booking]:
        return [read_booking(row) for row in self.connection.execute(query).mappings()]


def _rows_of(connection: Connection, query: Prepared, references: Collection[str]) -> list[Row]:
    return query.rows(connection, references=sorted(references)) if references else []


def _users_of(clinic: str, resource: str, start: datetime, end: datetime) -> Select[Any]:
    """Return the references of what uses a room or device in `[start, end)`."""
    return select(occupancy.c.booking).where(
        occupancy.c.clinic == clinic,
        occupancy.c.resource == resource_key(resource),
        occupancy.c.ends_at > start,
        occupancy.c.ends_at < end + _LONGEST_OCCUPANCY,
        occupancy.c.starts_at < end,
        occupancy.c.booking.is_not(None),
    )


def _has_status(status: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition in words for which there is an index: what is over by its start, what ended by its own."""
    if status == DONE:
        return and_(bookings.c.status == BOOKED, bookings.c.ends_at <= now, bookings.c.starts_at < now)
    if status == BOOKED:
        late_enough = bookings.c.starts_at > now - _LONGEST_TO_END
        return and_(bookings.c.status == BOOKED, bookings.c.ends_at > now, late_enough)
    return and_(bookings.c.status == status, bookings.c.status != BOOKED)


def _is_typed(typed: Typed) -> ColumnElement[bool]:
    """Hashes are hex digits, so that all which begin with `start` lie before it with a `g`."""
    if typed.whole is not None:
        return bookings.c.typed_hash == typed.whole
    return and_(bookings.c.typed_hash >= typed.start, bookings.c.typed_hash < f"{typed.start}g")


def is_after(moment: ColumnElement[Any], key: ColumnElement[Any], last: tuple[datetime, str]) -> ColumnElement[bool]:
    """Continue a list behind its last row: by moment, and by key where moments are equal."""
    return or_(moment > last[0], and_(moment == last[0], key > last[1]))


def _before(moment: ColumnElement[Any], key: ColumnElement[Any], last: tuple[datetime, str]) -> ColumnElement[bool]:
    """Continue a list that shows the latest first."""
    return or_(moment < last[0], and_(moment == last[0], key < last[1]))


def _read_watched(row: Any) -> Watched:
    booking = {column.name: row[column.name] for column in bookings.c}
    entry = {name: row[f"watch_{name}"] for name in _OF_ENTRY}
    return Watched(**entry, booking=read_booking(booking))
