"""What callers ask for, after its shape was checked and before any rule was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.booking.model.recalls import RecallChannel
from shared.contracts.booking import Tell


@dataclass(frozen=True)
class HoldRequest:
    """Keep a time while the form is filled in (PRODUCT B12); `replaces` is a hold that is given back for it.

    `patient` says whether it is for one who is `new` or `known`, if that is said. `minutes` and `outside_plan` are for
    staff.
    """

    type: str
    start: datetime
    end: datetime | None = None
    practitioner: str | None = None
    need: str | None = None
    replaces: str | None = None
    patient: str | None = None
    minutes: int | None = None
    outside_plan: bool = False


@dataclass(frozen=True)
class NeedSearch:
    """Free times or days between local dates, both included, for somebody who books with a need (PRODUCT B9)."""

    type: str
    first: date
    last: date
    practitioner: str | None = None
    need: str | None = None
    patient: str | None = None


@dataclass(frozen=True)
class PatientDetails:
    """Who the appointment is for, as typed; staff may name a patient by `id` instead, who has logged in a `person`.

    What is `recorded` was not typed: it comes from that patient's record. `in_doubt` are the record's addresses that
    the clinic has not confirmed, by name.
    """

    id: str | None = None
    person: str | None = None
    national_id: str | None = None
    birth_date: date | None = None
    first_name: str | None = None
    last_name: str | None = None
    mobile: str | None = None
    email: str | None = None
    sms_ok: bool | None = None
    email_ok: bool | None = None
    recorded: frozenset[str] = frozenset()
    in_doubt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BookingRequest:
    """Book a time, with a need where one is named. `minutes`, `outside_plan`, `confirm` and `tell` are for staff.

    `end` says which is meant of times that begin together and take practitioners differently long.
    `confirm` says which of mobile and email of the record are that patient's.
    """

    type: str
    start: datetime
    patient: PatientDetails
    end: datetime | None = None
    practitioner: str | None = None
    hold: str | None = None
    need: str | None = None
    message: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    minutes: int | None = None
    outside_plan: bool = False
    confirm: tuple[str, ...] = ()
    tell: Tell = "all"


@dataclass(frozen=True)
class AbsenceMove:
    """Where one of the bookings that stand in the way of an absence is to go (PRODUCT C12)."""

    reference: str
    start: datetime
    version: int
    practitioner: str | None = None


@dataclass(frozen=True)
class ResolveRequest:
    """What becomes of the bookings in the way of an absence: moved, or their patients are asked to choose (C12).

    `text` is what the clinic writes to those.
    """

    move: tuple[AbsenceMove, ...]
    invite: tuple[str, ...]
    text: str | None


@dataclass(frozen=True)
class NewLinkRequest:
    """Make a booking's link void; `send` the new one to the patient (PRODUCT C13)."""

    version: int | None
    send: bool


@dataclass(frozen=True)
class WatchListQuery:
    """Which page of the watch list: of what is open, or of what is `done` (PRODUCT M5)."""

    limit: int
    cursor: str | None
    done: bool


@dataclass(frozen=True)
class RecallRequest:
    """Book a time for a patient and call them in by `send` (PRODUCT R1, R2)."""

    booking: BookingRequest
    send: tuple[RecallChannel, ...]


@dataclass(frozen=True)
class IssueRequest:
    """Send recalls: all of a week, or the one of a need or of a booked recall; exactly one of the three is named."""

    send: tuple[RecallChannel, ...]
    week: str | None = None
    need: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class RecallsQuery:
    """Which recalls are listed: those of needs that are named, or a page of what is booked to come."""

    needs: tuple[str, ...] | None
    limit: int
    cursor: str | None


@dataclass(frozen=True)
class CardsRequest:
    """Cards to print: those of a week, of which there may be several pages; or one, by its booking or need."""

    week: str | None = None
    page: int = 1
    id: str | None = None


@dataclass(frozen=True)
class TypedCode:
    """A recall's code with what shows whose it is, as typed (PRODUCT M2)."""

    code: str
    national_id: str | None = None
    birth_date: date | None = None


@dataclass(frozen=True)
class ChangeRequest:
    """Change a booking: `start` by the patient, the rest by staff; `version` is the one that was in view, if any."""

    start: datetime | None = None
    practitioner: str | None = None
    type: str | None = None
    minutes: int | None = None
    version: int | None = None
    outside_plan: bool = False
    tell: Tell = "all"


@dataclass(frozen=True)
class CancelRequest:
    """Cancel a booking, perhaps with a comment; `version` is the one that was in view, if any.

    `tell` is whom staff let know (PRODUCT C10).
    """

    comment: str | None
    version: int | None
    tell: Tell = "all"


@dataclass(frozen=True)
class NoteRequest:
    """Write a note for the staff alone (PRODUCT C9); `version` is the one that was in view, if any."""

    text: str
    version: int | None


@dataclass(frozen=True)
class BookingQuery:
    """List bookings: local dates, both included; `patient` is an id."""

    first: date | None = None
    last: date | None = None
    practitioner: str | None = None
    status: str | None = None
    patient: str | None = None
    reference: str | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class CalendarQuery:
    """The bookings of local dates, both included, perhaps of one practitioner's."""

    first: date
    last: date
    practitioner: str | None = None


@dataclass(frozen=True)
class FeedQuery:
    """The bookings of a practitioner on local dates, both included; with patients' `names` or without."""

    first: date
    last: date
    practitioner: str
    names: bool = False


@dataclass(frozen=True)
class ExportQuery:
    """Of which patient all is told that is held, and from where on."""

    patient: str
    cursor: str | None = None


@dataclass(frozen=True)
class Stretch:
    """`[start, end)` of a practitioner's time, of a resource's, or (with neither) of the whole clinic's."""

    start: datetime
    end: datetime
    practitioner: str | None = None
    resource: str | None = None


@dataclass(frozen=True)
class CollisionSearch:
    """Which page of the bookings that stand in the way of any of `stretches`; `zone` is the clinic's."""

    stretches: tuple[Stretch, ...]
    zone: ZoneInfo
    limit: int
    cursor: str | None
