"""What booking shows others: its RPC methods and its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal

from shared.contracts.notification import Channel
from shared.contracts.people import Person
from shared.contracts.plain import Seals

SERVICE = "booking"

METHODS = (
    "hold", "release", "book", "get", "find", "calendar", "calendar_feed", "open_link", "slots_for", "days_for_need",
    "slots_for_need", "rebook", "cancel", "mark_no_show", "my_bookings", "recall", "issue_recalls", "recalls",
    "recall_cards", "open_recall", "open_need", "watch_list", "watch_list_count", "watch_done", "history",
    "verify_history", "report", "note_online", "set_sms_reminder", "collisions", "find_collisions", "collision_times",
    "resolve_collisions", "new_link", "arrived", "note", "undo", "treated", "seen_since", "export", "retention",
    "import_bookings", "states", "reconcile", "reconcile_needs", "ping",
)  # fmt: skip

MOST_DAYS_OF_REPORT = 800
"""How many dates one `report` tells of: two years, and some to compare them with whole weeks."""

BOOKING_CREATED = "BookingCreated"
"""Somebody booked; the time is taken and the hold, if any, is over."""
BOOKING_MOVED = "BookingMoved"
"""Only its time is another."""
BOOKING_CHANGED = "BookingChanged"
"""With whom, for what or how long is another, or its SMS reminder was switched (`previous` is null then)."""
BOOKING_CANCELLED = "BookingCancelled"
"""The time is free again."""
BOOKING_MISSED = "BookingMissed"
"""The patient did not come."""
BOOKING_RESTORED = "BookingRestored"
"""It stands again: its cancellation was undone within the minute, or the patient had come after all."""
BOOKING_ARRIVED = "BookingArrived"
"""The patient is there, or that was taken back (`arrived_at` is null then)."""
BOOKING_NOTED = "BookingNoted"
"""Staff wrote another note for themselves, or took it away; its text is not told."""
LINK_RENEWED = "LinkRenewed"
"""Its personal link was made void; another one opens it from now on."""
MOVE_INVITED = "MoveInvited"
"""Its time cannot be kept; its patient may choose another one by the personal link, whatever else the clinic allows."""
SLOT_HELD = "SlotHeld"
"""A time is kept for somebody who fills in the form."""
SLOT_RELEASED = "SlotReleased"
"""It was given back or has expired, and no booking came of it."""
RECALL_ISSUED = "RecallIssued"
"""A patient is called in."""
HISTORY_CHECKPOINTED = "HistoryCheckpointed"
"""The ends of the clinic's histories were bound together; who keeps the hash can tell whether they still are."""
BOOKINGS_ERASED = "BookingsErased"
"""Of these bookings only when and for what they were is left: their patient was erased, or they are that old."""

Status = Literal["booked", "cancelled", "missed"]
Origin = Literal["web", "staff", "api", "recall"]
Tell = Literal["all", "practitioner", "none"]
"""Whom staff let know of a change: everybody, the practitioner and the clinic, or nobody (PRODUCT C10)."""


@dataclass(frozen=True, kw_only=True)
class BookingPerson(Person):
    """Whom a booking is for, as typed."""

    message: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the clinic's own questions, by key."""
    patient: str | None = None
    """The id of the patient whom staff named, or of the need that is used; else null."""
    comment: str | None = None
    """What the patient wrote when they cancelled."""
    invitation: str | None = None
    """What the clinic wrote when it last asked the patient to choose another time."""


@dataclass(frozen=True, kw_only=True)
class RecallPerson(BookingPerson):
    """Whom a recall calls in; of a need there is nothing that was typed."""

    code: str | None
    """As cards show it; null where it would open nothing."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """What was agreed on."""

    type: str
    practitioner: str
    start: datetime
    end: datetime
    minutes: int
    resources: tuple[str, ...]
    """Keys of the rooms and devices that it uses."""


@dataclass(frozen=True, kw_only=True)
class BookingState(Appointment):
    """A booking after what the event tells of. Subject: its reference; version: the booking's."""

    reference: str
    status: Status
    origin: Origin
    busy_from: datetime
    """`start` with the buffer before it."""
    busy_to: datetime
    """`end` with the buffer after it."""
    hold: str | None
    """The hold that it came from; it is over."""
    need: str | None
    """The need that it uses; once the booking is cancelled the need is open again."""
    language: str
    sms_reminder: bool
    """Whether its patient is reminded by SMS."""
    epoch: int
    """Goes into the token of the personal link; raised, it voids older links."""
    changeable: bool
    """Whether its patient may move or cancel it at all."""
    created_at: datetime
    version: int
    previous: Appointment | None
    """What it was before a move or change; null where that stayed the same."""
    invited: bool = False
    """Whether its patient has been asked to choose another time, and has not yet: nobody is reminded of the old one."""
    person: Annotated[str, Seals(BookingPerson)]
    tell: Tell = "all"
    """Who is to be told of this change, as whoever made it chose."""
    undo_until: datetime | None = None
    """Until then it may be taken back, and nobody is told of it before; null where it may not."""
    undoes: int | None = None
    """The version whose change this one takes back: nobody is told of either."""
    arrived_at: datetime | None = None
    """When the patient was noted as there."""
    has_note: bool = False
    """Whether staff have written a note for themselves."""
    not_told: bool = False
    """Whether the patient has not been told of how it is now, because staff chose so."""
    imported: bool = False
    """Whether this change took it over from a former system."""


@dataclass(frozen=True, kw_only=True)
class RenewedLink(BookingState):
    """A booking whose older links open nothing any more. Subject: its reference; version: the booking's."""

    send: bool = True
    """Whether its patient is sent the new link."""


@dataclass(frozen=True, kw_only=True)
class HoldState:
    """A hold. Subject: its id; version: 1."""

    hold: str
    type: str
    practitioner: str
    resources: tuple[str, ...]
    """Keys of the rooms and devices that it uses."""
    start: datetime
    end: datetime
    busy_from: datetime
    """`start` with the buffer before it."""
    busy_to: datetime
    """`end` with the buffer after it."""
    expires_at: datetime
    """From then on it counts for nothing, whether or not `SlotReleased` has come."""


@dataclass(frozen=True, kw_only=True)
class HoldEnded:
    """A hold that is over. Subject: its id; version: 2."""

    hold: str


@dataclass(frozen=True, kw_only=True)
class RecallState:
    """A recall that went out: to a booked time, or to a need whose time the patient is to choose.

    Subject: the booking's reference or the need's id; version: how often the recall was issued.
    """

    reference: str | None = None
    """The booking's; null where no time is booked, and with it start, end, epoch, changeable and version."""
    need: str | None
    """Of a booked time the need that it uses, if any."""
    type: str
    practitioner: str | None
    """Null where whoever takes the type will do."""
    minutes: int
    start: datetime | None = None
    end: datetime | None = None
    week: str
    """An ISO week, `2026-W49`."""
    usable_until: date | None = None
    """The last date on which a need can be used; null without a limit, and of a booked time."""
    language: str
    epoch: int | None = None
    changeable: bool | None = None
    version: int | None = None
    """The booking's."""
    send: tuple[Channel, ...]
    """The messages to write; a card is none."""
    person: Annotated[str, Seals(RecallPerson)]


@dataclass(frozen=True, kw_only=True)
class CheckpointState:
    """A checkpoint over a clinic's histories. Subject: the clinic; version: the checkpoint's number, from 1."""

    at: datetime
    hash: str
    """It changes with anything in this checkpoint, in those before it, or in the histories that they cover."""


@dataclass(frozen=True, kw_only=True)
class BookingsEnd:
    """Bookings whose person was erased. Subject: the patient's id; version: that of `PatientErased`, or more.

    It is told once more of what was linked to the patient only afterwards. Of what is older than the clinic keeps it
    the subject is the clinic; version: the day.
    """

    references: tuple[str, ...]
    needs: tuple[str, ...]
    """The ids of the needs that the patient had, or that are that old."""


EVENTS: Mapping[str, type] = {
    BOOKING_CREATED: BookingState,
    BOOKING_MOVED: BookingState,
    BOOKING_CHANGED: BookingState,
    BOOKING_CANCELLED: BookingState,
    BOOKING_MISSED: BookingState,
    BOOKING_RESTORED: BookingState,
    BOOKING_ARRIVED: BookingState,
    BOOKING_NOTED: BookingState,
    LINK_RENEWED: RenewedLink,
    MOVE_INVITED: BookingState,
    SLOT_HELD: HoldState,
    SLOT_RELEASED: HoldEnded,
    RECALL_ISSUED: RecallState,
    HISTORY_CHECKPOINTED: CheckpointState,
    BOOKINGS_ERASED: BookingsEnd,
}
"""What each event's `data` holds."""
