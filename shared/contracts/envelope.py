"""The event as it travels: modelled on CloudEvents 1.0 (CONTRACTS 4)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.contracts.plain import plain


@dataclass(frozen=True)
class Event:
    """One thing that happened. `data` is the full state after it, `data.person` is sealed.

    `time` is ISO 8601 in UTC; `subject` the booking's reference, the hold's, patient's or clinic's key;
    `subject_version` grows by one with each change of the subject, so that readers can drop what is older.
    """

    id: str
    type: str
    source: str
    time: str
    clinic: str
    subject: str
    subject_version: int
    actor: dict[str, str | None]
    correlation_id: str
    data: dict[str, Any] = field(default_factory=dict)
    schema: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return the wire form: plain JSON values, `data` itself among them."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Event":
        """Read the wire form; fields that this version does not know are ignored."""
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in body.items() if name in known})


def new_event(
    source: str,
    type: str,
    *,
    clinic: str,
    subject: str,
    version: int,
    data: Any,
    now: datetime,
    actor: dict[str, str | None],
    correlation_id: str,
) -> Event:
    """Build an event that just happened, with a fresh id; `data` is what the contract says of its type."""
    return Event(
        id=uuid.uuid4().hex,
        type=type,
        source=source,
        time=now.isoformat(),
        clinic=clinic,
        subject=subject,
        subject_version=version,
        actor=actor,
        correlation_id=correlation_id,
        data=plain(data),
    )
