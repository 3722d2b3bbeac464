"""Messages: written once, listed, withdrawn when untrue (PRODUCT N6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    tuple_,
    update,
)

from services.notification.model.delivery import TOO_MANY
from services.notification.model.messages import FAILED, PATIENT, PLANNED, WITHDRAWN, Message
from services.notification.store.conditions import Moment, is_planned, is_untouched, is_untrue
from services.notification.store.tables import booked_patients, bookings, messages, stopped_numbers
from shared.bus.events.unit_of_work import ServiceStore
from shared.clinic.message_keys import CANCELLED, LOGIN_CODE, MOVED, REMINDER, to_practitioner
from shared.storage.database import UtcDateTime
from shared.storage.lists import PreparedRows, among
from shared.storage.prepared import Prepared

CHANGES = (MOVED, CANCELLED, to_practitioner(MOVED), to_practitioner(CANCELLED))
"""Messages that tell of a change of a booking."""

MESSAGE_COLUMNS = tuple(field.name for field in fields(Message))
"""Of the table of messages, all that messages have."""


@dataclass(frozen=True)
class News:
    """A version of a booking that people are told of, and whose appointment it is then."""

    reference: str
    version: int
    practitioner: str


@dataclass(frozen=True)
class Noted:
    """How many changes of a booking were told lately, and from which version on it has the link that it has."""

    changes_told: int
    link_version: int


@dataclass(frozen=True)
class Added:
    """What is known of a message's receiver: whether they want no SMS, and how many messages they were told lately.

    Of its clinic's to patients, those that are about to go out among them, but none that were written with it. No
    reminders count, which are told from one another by the bookings that they remind of, and no login codes, which
    have limits of their own.
    """

    stopped: bool
    told: int


class MessageRows(ServiceStore):
    """Messages, and the newest version of the bookings that they tell of."""

    def note_versions(self, news: Iterable[News], since: datetime) -> dict[str, Noted]:
        """Note versions and practitioners of bookings, each once, unless a newer version is known; holds their rows.

        Returns of those that were news how many changes of them messages have told of `since` then, these not counted,
        and from which version on they have their links.
        """
        rows = [vars(each) for each in sorted(news, key=lambda each: each.reference)]
        noted = _VERSIONS_NOTED.rows(self.connection, rows, since=since)
        return {reference: Noted(changes_told, link_version or 0) for reference, link_version, changes_told in noted}

    def note_link(self, reference: str, version: int, practitioner: str) -> None:
        """Note from which version on a booking has its link, unless a newer one is known."""
        news = self.insert_into(bookings).values(
            reference=reference, version=0, practitioner=practitioner, link_version=version
        )
        self.connection.execute(
            news.on_conflict_do_update(
                index_elements=["reference"],
                set_={"link_version": news.excluded.link_version},
                where=func.coalesce(bookings.c.link_version, 0) < news.excluded.link_version,
            )
        )

    def add(self, *written: Message, since: datetime | None = None) -> dict[str, Added]:
        """Write messages, but for those that the same event has already written to the same address (N6).

        Returns by id what is known of those that were written; messages count as told `since` then, none without.
        """
        ids = [message.id for message in written]
        rows = _ADDED.rows(self.connection, [vars(message) for message in written], since=since, written=ids)
        return {id: Added(stopped, told) for id, stopped, told in rows}

    def refuse(self, ids: Sequence[str]) -> None:
        """Let messages that were just written fail: too many went to their receivers within a day."""
        if ids:
            _REFUSED.write(self.connection, these=ids)

    def withdraw_of_bookings(self, references: Collection[str], now: datetime) -> set[str]:
        """Withdraw what waits to be sent of these bookings and has become untrue; return of which there was any."""
        if not references:
            return set()
        return self._withdrawn(_UNTRUE_OF_BOOKINGS.rows(self.connection, references=list(references), now=now))

    def keep_true(self, reference: str, undone: int, version: int, now: datetime) -> None:
        """Let what was told before an `undone` version hold for `version`, which takes it back (PRODUCT C10).

        So goes out what that version had kept from going out, whichever of both is heard of first.
        """
        told = and_(messages.c.booking == reference, messages.c.event != REMINDER)
        newest = select(func.max(messages.c.booking_version)).where(told, messages.c.booking_version < undone)
        waits = or_(is_planned(), messages.c.state == WITHDRAWN)
        kept = update(messages).where(told, waits, messages.c.booking_version == newest.scalar_subquery())
        later = case((messages.c.due_at < now, literal(now, UtcDateTime)), else_=messages.c.due_at)
        self.connection.execute(kept.values(state=PLANNED, booking_version=version, due_at=later))

    def owes_patient(self, reference: str) -> bool:
        """Tell whether a booking's patient is still to be told something that has become untrue, so that it is not.

        Whoever has it in hand finds that out before it goes out.
        """
        theirs = and_(messages.c.booking == reference, messages.c.audience == PATIENT)
        not_sent = and_(is_planned(), messages.c.handed_over_at.is_(None), is_untrue())
        found = select(messages.c.id).where(theirs, not_sent).limit(1)
        return self.connection.execute(found).first() is not None

    def get(self, clinic: str | None, id: str) -> Message | None:
        """Return one message; None where the clinic (None: any) has no such message."""
        of_clinic = [messages.c.clinic == clinic] if clinic is not None else []
        return next(iter(self._all(select(messages).where(messages.c.id == id, *of_clinic))), None)

    def page(
        self,
        wanted: Mapping[str, str | None],
        after: Message | None,
        limit: int,
        *,
        failed_first: bool,
        with_codes: bool,
        calendar: str | None = None,
        patient: str | None = None,
    ) -> list[Message]:
        """Return up to `limit` messages, newest first, those behind `after`; what is None in `wanted` does not narrow.

        With a `calendar` only those of bookings with that practitioner, with a `patient` those to them about their
        bookings. With `failed_first` those that failed and nobody has sent again come before all others.
        """
        where = [messages.c[name] == value for name, value in wanted.items() if value is not None]
        if not with_codes:
            where.append(messages.c.event != LOGIN_CODE)
        if calendar is not None:
            where.append(is_of_calendar(calendar))
        if patient is not None:
            where += [messages.c.audience == PATIENT, messages.c.booking.in_(_bookings_of(patient))]
        if not failed_first or wanted.get("state") not in {None, FAILED}:
            return self._newest(where, after, limit)
        found = self._newest([*where, _calls_for_staff()], after, limit) if after is None or _failed(after) else []
        if len(found) < limit:
            behind = None if after is None or _failed(after) else after
            found += self._newest([*where, not_(_calls_for_staff())], behind, limit - len(found))
        return found

    def about(
        self, clinic: str, patient: str, needs: Collection[str], after: Message | None, limit: int
    ) -> list[Message]:
        """Return up to `limit` messages of a patient's bookings, or of recalls for these needs, behind `after`."""
        theirs = or_(messages.c.booking.in_(_bookings_of(patient)), messages.c.recall.in_(sorted(needs)))
        return self._newest([messages.c.clinic == clinic, theirs], after, limit)

    def count_failed(self, clinic: str, most: int, *, calendar: str | None = None) -> int:
        """Return how many messages failed and nobody has sent again, `most` at most, login codes left out.

        With a `calendar` only those of bookings with that practitioner.
        """
        of_clinic = [messages.c.clinic == clinic, messages.c.event != LOGIN_CODE]
        own = [] if calendar is None else [is_of_calendar(calendar)]
        found = select(messages.c.id).where(*of_clinic, _calls_for_staff(), *own).limit(most)
        return self.connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()

    def is_of_calendar(self, message: Message, practitioner: str) -> bool:
        """Tell whether a message is about a booking with that practitioner."""
        found = select(messages.c.id).where(messages.c.id == message.id, is_of_calendar(practitioner))
        return self.connection.execute(found).first() is not None

    def _newest(self, where: Sequence[ColumnElement[bool]], after: Message | None, limit: int) -> list[Message]:
        behind = []
        if after is not None:
            here = tuple_(literal(after.created_at, UtcDateTime), literal(after.id))
            behind.append(tuple_(messages.c.created_at, messages.c.id) < here)
        newest = (messages.c.created_at.desc(), messages.c.id.desc())
        return self._all(select(messages).where(*where, *behind).order_by(*newest).limit(limit))

    def _withdraw(self, which: ColumnElement[bool], now: datetime) -> set[str]:
        """Withdraw those of `which` that are untrue, that nobody has in hand and that surely nobody has taken.

        Return the bookings that they were of.
        """
        return self._withdrawn(self.connection.execute(_untrue(which, now)).all())

    def _withdrawn(self, rows: Sequence[Any]) -> set[str]:
        if rows:
            _WITHDRAWN.write(self.connection, these=[id for id, _ in rows])
        return {booking for _, booking in rows}

    def _all(self, query: Any) -> list[Message]:
        rows = self.connection.execute(query).mappings()
        return [Message(**{name: row[name] for name in MESSAGE_COLUMNS}) for row in rows]


def _changes_told() -> ScalarSelect[Any]:
    reference: ColumnElement[str] = literal_column("bookings.reference")
    version: ColumnElement[int] = literal_column("bookings.version")
    of_booking = and_(messages.c.booking == reference, messages.c.booking_version < version)
    told = or_(*(messages.c.event == event for event in CHANGES))
    lately = messages.c.created_at > bindparam("since", type_=UtcDateTime)
    return select(func.count(messages.c.booking_version.distinct())).where(of_booking, told, lately).scalar_subquery()


def _failed(message: Message) -> bool:
    """Tell of a message what `_calls_for_staff` tells of its row."""
    return message.state == FAILED and message.resent_at is None


def _calls_for_staff() -> ColumnElement[bool]:
    return and_(messages.c.state == literal(FAILED, literal_execute=True), messages.c.resent_at.is_(None))


def is_of_calendar(practitioner: str) -> ColumnElement[bool]:
    """Return whether a message is about a booking with that practitioner."""
    return exists().where(bookings.c.reference == messages.c.booking, bookings.c.practitioner == practitioner)


def _bookings_of(patient: str) -> Select[Any]:
    return select(booked_patients.c.booking).where(booked_patients.c.patient == patient)


def _added(insert: Any) -> Any:
    """Return the INSERT of messages that says of each what `Added` does."""
    stopped = exists().where(stopped_numbers.c.recipient == _of_row("recipient"))
    return insert.on_conflict_do_nothing().returning(messages.c.id, stopped.label("stopped"), _told().label("told"))


def _told() -> ScalarSelect[int]:
    """Return the query for how many others were told a message's receiver lately, in the INSERT that writes it."""
    other = messages.alias("other")
    same = and_(other.c.recipient == _of_row("recipient"), other.c.clinic == _of_row("clinic"))
    others = and_(same, not_(among(other.c.id, "written")))
    counts = and_(other.c.state != WITHDRAWN, func.coalesce(other.c.failure, "") != TOO_MANY)
    of_kind = and_(other.c.audience == PATIENT, other.c.event != REMINDER, other.c.event != LOGIN_CODE)
    lately = and_(other.c.created_at > bindparam("since", type_=UtcDateTime), other.c.resend_of.is_(None))
    return select(func.count()).select_from(other).where(others, of_kind, counts, lately).scalar_subquery()


def _of_row(name: str) -> ColumnElement[str]:
    """Return a column of the message that is written."""
    return literal_column(f"messages.{name}")


def _versions_noted(news: Any) -> Any:
    """Return the INSERT of versions of bookings that notes none but newer ones."""
    noted = news.on_conflict_do_update(
        index_elements=["reference"],
        set_={"version": news.excluded.version, "practitioner": news.excluded.practitioner},
        where=bookings.c.version < news.excluded.version,
    )
    return noted.returning(bookings.c.reference, bookings.c.link_version, _changes_told().label("changes_told"))


def _untrue(which: ColumnElement[bool], now: Moment) -> Select[str, str | None]:
    """Return the query for such messages as are untrue, that nobody has in hand and that surely nobody has taken."""
    untrue = select(messages.c.id, messages.c.booking).where(which, is_untouched(now), is_untrue())
    return untrue.with_for_update(skip_locked=True, of=messages)


_ADDED = PreparedRows(messages, MESSAGE_COLUMNS, _added)
_VERSIONS_NOTED = PreparedRows(bookings, ("reference", "version", "practitioner"), _versions_noted)
_REFUSED = Prepared(
    update(messages)
    .where(among(messages.c.id, "these"))
    .values(state=FAILED, failure=TOO_MANY, attempts=0, lease_until=null(), version=messages.c.version + 1)
)
_UNTRUE_OF_BOOKINGS = Prepared(_untrue(among(messages.c.booking, "references"), bindparam("now", type_=UtcDateTime)))
_WITHDRAWN = Prepared(update(messages).where(among(messages.c.id, "these")).values(state=WITHDRAWN))
