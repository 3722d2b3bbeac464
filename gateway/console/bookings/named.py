"""A booking and what belongs to it, with the names that the clinic gives things, as panels show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from gateway.views.own_texts import OwnTexts
from shared.texts.language import format_length, format_price

ORIGINS = {
    "web": N_("From the web"),
    "recall": N_("Recall"),
    "staff": N_("Booked by the clinic"),
    "api": N_("Imported"),
}
STATUSES = {"cancelled": (N_("Cancelled"), "bad"), "missed": (N_("Missed"), "warn")}


@dataclass(frozen=True)
class Names:
    """What the clinic calls its types, people, rooms and questions, in the reader's language where it has that."""

    document: Mapping[str, Any]
    language: str

    def type(self, key: str) -> str:
        """Return the internal name of a type, as staff know it; the key of one that is gone."""
        return self._name("types", key)

    def practitioner(self, key: str) -> str:
        """Return a practitioner's name."""
        return self._name("practitioners", key)

    def resource(self, key: str) -> str:
        """Return a room's or device's name."""
        return self._name("resources", key)

    def question(self, key: str) -> str:
        """Return one of the clinic's own questions."""
        label = next((each["label"] for each in self.document["fields"] if each["key"] == key), None)
        return OwnTexts(self.language, self.document["languages"][0])(label) or key

    def price(self, type: str) -> str | None:
        """Return what a type costs, None where nothing is said."""
        found = next((each.get("price") for each in self.document["types"] if each["key"] == type), None)
        return None if not found else format_price(found, self.document["currency"] or "", self.language)

    def pairs(self, of: str) -> list[tuple[str, str]]:
        """Return key and name of all `types` or `practitioners`."""
        return [(each["key"], each["name"]) for each in self.document[of]]

    def _name(self, of: str, key: str) -> str:
        return next((str(each["name"]) for each in self.document[of] if each["key"] == key), key)


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


def names_of(here: Here) -> Names:
    """Return the names that the clinic of a page gives things."""
    return Names(here.document, here.language)


def booking_of(here: Here, reference: str) -> Booking:
    """Return a booking; raise NotFound, Forbidden."""
    return Booking(here.services.booking.get(here.clinic, reference), names_of(here))


def version_seen(here: Here) -> dict[str, int]:
    """Return the version of a booking that was in view when a form was sent; nothing where it says none."""
    return {"version": int(here.form["version"])} if here.form["version"].isdecimal() else {}
