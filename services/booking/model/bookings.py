"""A booking, a hold, and the time that they occupy; how a booking may change."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shared.clinic.candidates import Candidate
from shared.clinic.occupancy import occupied_keys
from shared.contracts.booking import Origin, Status
from shared.contracts.errors import AlreadyCancelled, ChangedMeanwhile, Invalid

BOOKED: Final = "booked"
CANCELLED: Final = "cancelled"
MISSED: Final = "missed"
DONE = "done"
"""Computed, never stored: booked, and over."""

LINK_LIFETIME = timedelta(days=30)
"""How long after the appointment the personal link still opens (PRODUCT M1)."""

RECALLED: Final = "recall"
"""The origin of what staff booked to call a patient in (PRODUCT R1); its patient may move it (M3)."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LENGTH = 10
_HOLD = re.compile(r"[A-Za-z0-9_-]{1,32}")


def new_reference() -> str:
    """Return a random reference: 50 bits in Crockford's base32, easy to read aloud."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(_REFERENCE_LENGTH))


def new_hold_id() -> str:
    """Return a random id that cannot be guessed: who has it may release the hold."""
    return secrets.token_urlsafe(16)


def is_hold(text: object) -> bool:
    """Tell whether `text` could be a hold's id at all."""
    return isinstance(text, str) and _HOLD.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Tell whether `text` could be a reference at all."""
    return len(text) == _REFERENCE_LENGTH and all(letter in _CROCKFORD for letter in text)


@dataclass(frozen=True)
class Taken:
    """A time that was found free: the practitioner's candidate and the resources chosen for it, by key."""

    candidate: Candidate
    resources: tuple[str, ...]

    def occupied(self) -> list[str]:
        """Return the occupancy keys that this time takes."""
        return occupied_keys(self.candidate.practitioner, self.resources)


@dataclass(frozen=True)
class Occupied:
    """A stretch of one resource's time that is taken, by a booking or (with an expiry) by a hold."""

    resource: str
    starts_at: datetime
    ends_at: datetime
    booking: str | None
    hold: str | None
    expires_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether this was a hold that the clock has ended."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class Hold:
    """A time kept for somebody who is filling in the form (PRODUCT B12). `state`: held | used | released.

    `any_practitioner` says that the patient left the choice to the clinic; `revision` is the document's at the check.
    """

    id: str
    clinic: str
    state: str
    type: str
    practitioner: str
    any_practitioner: bool
    resources: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_to: datetime
    minutes: int
    revision: int
    expires_at: datetime

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the time is still kept."""
        return self.state == "held" and now < self.expires_at


@dataclass(frozen=True)
class Booking:
    """An appointment. `need` is the one that it uses; `person` is sealed; `epoch` voids older links when raised;
    `version` grows with each change.

    `history_length` and `history_head` pin the end of its history, so that cutting it off shows (PRODUCT A1).
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

    def moved(self, taken: Taken, type: str, revision: int) -> "Booking":
        """Return the booking at its new time."""
        new = taken.candidate
        return replace(
            self,
            type=type,
            practitioner=new.practitioner,
            starts_at=new.start,
            ends_at=new.end,
            busy_from=new.busy_from,
            busy_to=new.busy_to,
            minutes=new.minutes,
            resources=taken.resources,
            revision=revision,
            version=self.version + 1,
        )

    def cancelled(self, person: str) -> "Booking":
        """Return the booking as cancelled; `person` is sealed and holds the comment."""
        self.require_standing()
        return replace(self, status=CANCELLED, person=person, version=self.version + 1)

    def missed(self, now: datetime) -> "Booking":
        """Return the booking as missed; refused before it has begun."""
        self.require_standing()
        if now < self.starts_at:
            text = "The appointment has not begun yet."
            raise Invalid.because(text, errors={"status": [text]})
        return replace(self, status=MISSED, version=self.version + 1)

    def with_sms_reminder(self, on: bool) -> "Booking":
        """Return the booking with its SMS reminder switched on or off (PRODUCT N3)."""
        self.require_standing()
        return replace(self, sms_reminder=on, version=self.version + 1)
