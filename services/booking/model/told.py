"""What booking needs of others' events."""

from dataclasses import dataclass

from shared.contracts.notification import Channel, MessageState, MessageStatus
from shared.contracts.patient import NeedState, NeedStatus, PatientState
from shared.contracts.plain import Excerpt


@dataclass(frozen=True)
class BookedPatient(Excerpt[PatientState]):
    """Whose a booking is."""

    patient: str
    booking: str | None


@dataclass(frozen=True)
class NeedTold(Excerpt[NeedState]):
    """A need; `person` is sealed."""

    patient: str
    type: str
    practitioner: str | None
    minutes: int
    week: str
    state: NeedStatus
    person: str


@dataclass(frozen=True)
class Delivery(Excerpt[MessageState]):
    """What became of a message."""

    message: str
    event: str
    channel: Channel
    state: MessageStatus
    booking: str | None
