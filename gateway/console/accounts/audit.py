"""Whether what happened to bookings stands as it was written, looked at on demand (PRODUCT A1, ADR 52)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_
from gateway.views.rendering import moment

PAGES_AT_ONCE = 12
"""So many calls one press makes; each looks at hundreds of bookings."""
_MOST_SHOWN = 50
REASONS: Mapping[str, str] = {
    "an entry is missing before this one": N_("An entry of its history is missing."),
    "the entry was changed": N_("An entry of its history was changed after it was written."),
    "the last entries are missing or were replaced": N_("The last entries of its history are gone or were replaced."),
    "the booking is gone, with its history": N_("The appointment and its history are gone."),
    "the entry is gone or was replaced": N_("An entry of its history is gone or was replaced."),
    "it is not covered by a checkpoint as its row says": N_("Its note of what was sealed was changed."),
    "a checkpoint is missing before this one": N_("A seal before this one is missing."),
    "the checkpoint, or what it covers, was changed": N_("The seal, or what it covers, was changed."),
    "the checkpoint is gone that another service has noted": N_("The seal is gone, although it was noted elsewhere."),
    "the checkpoint is not the one that another service has noted": N_("The seal is another than was noted elsewhere."),
}
_OTHER_REASON = N_("It is not as it was written.")
_SUMS = ("checked", "entries", "checkpoints", "waiting", "broken")


class Place(NamedTuple):
    """Something that is not as it was written: in the history of a booking, or in a checkpoint."""

    reference: str
    position: str
    checkpoint: str
    reason: str

    @property
    def words(self) -> str:
        """What is wrong."""
        return REASONS.get(self.reason, _OTHER_REASON)

    @property
    def carried(self) -> str:
        """How the next press of the same look knows of it."""
        return "|".join(self)

    @classmethod
    def read(cls, carried: str) -> "Place":
        """Read it back; what nobody of ours has written is shown as it is, to whoever wrote it."""
        parts = [*carried.split("|", 3), "", "", "", ""]
        return cls(*parts[:4])


@dataclass
class Look:
    """What was looked at until now, the first `places` that are wrong, and the `next` to look at: None at the end."""

    sums: dict[str, int]
    places: list[Place] = field(default_factory=list)
    until: datetime | None = None
    next: str | None = None

    @classmethod
    def going_on(cls, typed: Typed) -> "Look":
        """Return what the presses before have found."""
        places = [Place.read(each) for each in typed.all("place")[:_MOST_SHOWN]]
        return cls({name: _number(typed[name]) for name in _SUMS}, places, next=typed["next"] or None)

    def add(self, page: Mapping[str, Any], here: Here) -> None:
        """Add what a page of it has found."""
        counted = {**page, "broken": len(page["broken"])}
        self.sums = {name: before + counted[name] for name, before in self.sums.items()}
        self.places += [
            Place(*("" if each[name] is None else str(each[name]) for name in Place._fields))
            for each in page["broken"][: _MOST_SHOWN - len(self.places)]
        ]
        self.until = moment(page["until"], here.zone) if page["until"] else None
        self.next = page["next"]


def audit(here: Here) -> Response:
    """Show what can be looked at."""
    return here.show("console/accounts/audit.html", section="accounts", look=None)


def look(here: Here) -> Response:
    """Look at so much as one press may take, and show what was found, and how to go on."""
    booking = here.services.booking.with_timeout(LONG_CALL_SECONDS)
    found = Look.going_on(here.form)
    for _ in range(PAGES_AT_ONCE):
        found.add(booking.verify_history(here.clinic, **({"cursor": found.next} if found.next else {})), here)
        if found.next is None:
            break
    return here.show("console/accounts/audit.html", section="accounts", look=found)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


ROUTES = (
    Page("GET", "/audit", audit, administrators=True),
    Page("POST", "/audit", look, administrators=True),
)
