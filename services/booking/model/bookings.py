"""A booking."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.booking.model.undo import Undo
from shared.clinic.occupancy import occupied_keys
from shared.contracts.booking import Origin, Status
from shared.contracts.errors import AlreadyCancelled, ChangedMeanwhile, Invalid
from shared.ids import SIGNS

BOOKED: Final = "booked"
CANCELLED: Final = "cancelled"
MISSED: Final = "missed"
DONE = "done"
"""Computed, never stored: booked, and over."""

LINK_LIFETIME = timedelta(days=30)
"""How long after the appointment the personal link still opens (PRODUCT M1)."""

RECALLED: Final = "recall"
"""The origin of what staff booked to call a patient in (PRODUCT R1); its patient may move it (M3)."""

_REFERENCE_LENGTH = 10


def new_reference() -> str:
    """Return a random reference: 50 bits, easy to read aloud."""
    return random_signs(_REFERENCE_LENGTH)


def random_signs(count: int) -> str:
    """Return so many random SIGNS, five bits each."""
    bits = secrets.randbits(5 * count)
    return "".join(SIGNS[bits >> 5 * place & 31] for place in range(count))


def is_reference(text: str) -> bool:
    """Tell whether `text` could be a reference at all."""
    return len(text) == _REFERENCE_LENGTH and all(letter in SIGNS for letter in text)


@dataclass(frozen=True)
class Booking:
    """An appointment. `need` is the one that it uses; `person` is sealed; `epoch` voids older links when raised;
    `version` grows with each change.

    `absence` is the one that it stands in the way of, as far as staff have dealt with that; `invited`, whether its
    patient was asked to choose another time (PRODUCT C12). Both end when it moves away or is cancelled.
    `typed_hash` finds it by the mobile that was typed in it (`model.typed`), None where a process of version 0.1.0 made
    it and it is still to be worked out.
    `history_length` and `history_head` pin the end of its history, so that cutting it off shows (PRODUCT A1).
    `note` is sealed, and the staff's alone. `not_told` is the version of which its patient was not told, because staff
    chose so, until somebody tells them (PRODUCT C10). `undo` is by what its newest change is taken back.
    """

    reference: str
    clinic: str
    status: Status
    origin: Origin
    type: str
    practitioner: str
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_to: datetime
    minutes: int
    resources: tuple[str, ...]
    hold: str | None
    patient_id: str | None
    need: str | None
    person: str
    language: str
    sms_reminder: bool
    epoch: int
    version: int
    revision: int
    created_at: datetime
    history_length: int
    history_head: str
    typed_hash: str | None = None
    contact_differs: tuple[str, ...] = ()
    absence: str | None = None
    invited: bool = False
    arrived_at: datetime | None = None
    note: str | None = None
    not_told: int | None = None
    undo: Undo | None = None

    @property
    def kept_practitioner(self) -> str | None:
        """With whom it stays where its patient moves it (M4); None, anybody, where they were invited to (C12)."""
        return None if self.invited else self.practitioner

    def status_at(self, now: datetime) -> str:
        """Return the status as readers see it: `done` where it was booked and is over."""
        return DONE if self.status == BOOKED and self.ends_at <= now else self.status

    def link_ends_at(self) -> datetime:
        """Return when the personal link stops opening."""
        return self.ends_at + LINK_LIFETIME

    def occupied(self) -> list[str]:
        """Return the occupancy keys that it takes."""
        return occupied_keys(self.practitioner, self.resources)

    def require_version(self, version: int | None) -> None:
        """Refuse a change that was decided on another version than the present one; None asks for no check."""
        if version is not None and version != self.version:
            raise ChangedMeanwhile.because("The booking was changed by somebody else; look at it again.")

    def require_standing(self) -> None:
        """Refuse to change what is cancelled or was missed."""
        if self.status == CANCELLED:
            raise AlreadyCancelled.because("The booking is cancelled.")
        if self.status == MISSED:
            text = "The appointment was missed; it cannot be changed any more."
            raise Invalid.because(text, errors={"status": [text]})


@dataclass(frozen=True)
class Link:
    """Whose a booking is, None while that is not known, and which of its addresses are others than their record's."""

    reference: str
    clinic: str
    patient: str | None
    person: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Imported:
    """Which booking a line of a former system's file has become, and a hash of its place as the line last told it."""

    key: str
    booking: str
    place: str


@dataclass(frozen=True)
class Watched:
    """An entry of the watch list: what its patient cancelled, when, and who ticked it off when, if so (PRODUCT M5).

    Or what stands in the way of an `absence`, and is still to be moved (C12).
    """

    id: str
    at: datetime
    done_at: datetime | None
    done_by: str | None
    booking: Booking
    absence: str | None = None
