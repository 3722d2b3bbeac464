"""What booking needs of others' events."""

from dataclasses import dataclass

from shared.clinic.message_keys import is_to_practitioner
from shared.contracts.booking import BookingPerson
from shared.contracts.notification import Channel, MessageState, MessageStatus
from shared.contracts.patient import NeedState, NeedStatus, PatientEnd, PatientState
from shared.contracts.people import ADDRESSES, Contact
from shared.contracts.plain import Excerpt


@dataclass(frozen=True)
class BookedPatient(Excerpt[PatientState]):
    """Whose a booking is; `person` is sealed and holds what stands in their record."""

    patient: str
    booking: str | None
    person: str


@dataclass(frozen=True)
class RecordTold(Excerpt[Contact]):
    """Where messages reach a patient by their record."""

    mobile: str | None
    email: str | None
    unconfirmed: tuple[str, ...] = ()

    def doubts(self, person: BookingPerson) -> tuple[str, ...]:
        """Return which of a booking's addresses are the record's, and not confirmed there."""
        return tuple(name for name in self.unconfirmed if getattr(person, name) == getattr(self, name))

    def differs_from(self, person: BookingPerson) -> tuple[str, ...]:
        """Return which of a booking's addresses are others than the record's, where messages do not go then."""
        pairs = {name: (getattr(person, name) or "", getattr(self, name) or "") for name in ADDRESSES}
        return tuple(name for name, (typed, ours) in pairs.items() if typed and typed.casefold() != ours.casefold())


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
class RecordEnd(Excerpt[PatientEnd]):
    """A record that was erased, with its needs."""

    needs: tuple[str, ...]


@dataclass(frozen=True)
class Delivery(Excerpt[MessageState]):
    """What became of a message."""

    message: str
    event: str
    channel: Channel
    state: MessageStatus
    booking: str | None
    booking_version: int | None = None

    def tells_patient_of(self, version: int | None) -> bool:
        """Tell whether by this message a booking's patient has heard of a version, or of a later one (PRODUCT C10)."""
        is_out = self.state != "failed" and not is_to_practitioner(self.event)
        return version is not None and is_out and (self.booking_version or 0) >= version
