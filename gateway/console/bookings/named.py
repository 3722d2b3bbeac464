"""A booking and what belongs to it, with the names that the clinic gives things, as panels show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.names import Names
from gateway.http.wording import N_
from shared.texts.language import format_length

ORIGINS = {
    "web": N_("From the web"),
    "recall": N_("Recall"),
    "staff": N_("Booked by the clinic"),
    "api": N_("Imported"),
}
STATUSES = {"cancelled": (N_("Cancelled"), "bad"), "missed": (N_("Missed"), "warn")}


@dataclass(frozen=True)
class Booking:
    """A booking as the service answers it to staff."""

    told: Mapping[str, Any]
    names: Names

    def __getattr__(self, name: str) -> Any:
        try:
            return self.told[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def start(self) -> datetime:
        """When it begins."""
        return datetime.fromisoformat(self.told["start"])

    @property
    def end(self) -> datetime:
        """When it ends."""
        return datetime.fromisoformat(self.told["end"])

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def length(self) -> str:
        """How long it takes, in words."""
        return format_length(self.minutes, self.names.language)

    @property
    def arrived(self) -> datetime | None:
        """When the patient was noted as there."""
        at = self.told.get("arrived_at")
        return None if at is None else datetime.fromisoformat(at)

    @property
    def patient_name(self) -> str:
        """Who comes."""
        patient = self.told["patient"]
        return " ".join(filter(None, (patient.get("first_name"), patient.get("last_name"))))

    @property
    def is_erased(self) -> bool:
        """Whether its patient was erased (A3): somebody had a record, and nobody is left in the booking."""
        return bool(self.told["patient"].get("id")) and not self.patient_name

    @property
    def type_name(self) -> str:
        """What for."""
        return self.names.type(self.told["type"])

    @property
    def practitioner_name(self) -> str:
        """With whom."""
        return self.names.practitioner(self.told["practitioner"])

    @property
    def resource_names(self) -> Sequence[str]:
        """Where, and with what."""
        return [self.names.resource(key) for key in self.told["resources"]]

    @property
    def price(self) -> str | None:
        """What it costs."""
        return self.names.price(self.told["type"])

    @property
    def answers(self) -> Iterator[tuple[str, Any]]:
        """The clinic's own questions, with what was answered."""
        for key, answer in (self.told["answers"] or {}).items():
            yield self.names.question(key), answer

    @property
    def stands(self) -> bool:
        """Whether it is neither cancelled nor was missed."""
        return self.told["status"] in {"booked", "done"}


def booking_of(here: Here, reference: str) -> Booking:
    """Return a booking; raise NotFound, Forbidden."""
    return Booking(here.services.booking.get(here.clinic, reference), here.names)


def version_seen(here: Here) -> dict[str, int]:
    """Return the version of a booking that was in view when a form was sent; nothing where it says none."""
    return {"version": int(here.form["version"])} if here.form["version"].isdecimal() else {}
