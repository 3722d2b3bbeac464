"""What belongs to a patient, as the console shows it: their appointments and needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.names import Names
from gateway.http.wording import N_
from gateway.views.rendering import moment

MOST = 200
"""How many appointments are looked at: more than anybody has in the years that are."""
_YEARS_BACK = timedelta(days=3 * 365)

STATUSES: Mapping[str, str] = {
    "booked": N_("Booked"),
    "cancelled": N_("Cancelled"),
    "missed": N_("Did not come"),
    "done": N_("Came"),
}
"""What a booking's status is called."""

NEED_STATES: Mapping[str, str] = {
    "open": N_("not booked yet"),
    "used": N_("booked"),
    "expired": N_("expired"),
    "closed": N_("taken back"),
}
"""What a need's state is called."""


@dataclass(frozen=True)
class Appointment:
    """One of a patient's bookings."""

    reference: str
    start: datetime
    end: datetime
    type: str
    practitioner: str
    status: str
    origin: str
    type_key: str
    patients_word: str
    """What patients call its type."""

    @property
    def said_status(self) -> str:
        """What its status is called, for the catalogue."""
        return STATUSES.get(self.status, self.status)


@dataclass(frozen=True)
class Appointments:
    """Those to come, the next first, and those before, the latest first; what was cancelled is among these."""

    coming: Sequence[Appointment]
    past: Sequence[Appointment]

    @property
    def missed(self) -> int:
        """How often the patient did not come."""
        return sum(each.status == "missed" for each in self.past)

    @property
    def last_type(self) -> str | None:
        """The type of the appointment that was the last to be made, as far as it tells; None for none."""
        latest = next(iter(self.past), None) or next(iter(self.coming), None)
        return None if latest is None else latest.type_key


@dataclass(frozen=True)
class Need:
    """What the clinic calls a patient in for."""

    id: str
    type: str
    type_key: str
    practitioner: str | None
    practitioner_key: str | None
    minutes: int
    week: str
    state: str


@dataclass(frozen=True)
class Belongings:
    """A patient's record with all that belongs to them, as whoever is signed in may see it."""

    record: Mapping[str, Any]
    appointments: Appointments
    needs: Sequence[Need]

    @property
    def open_needs(self) -> list[Need]:
        """Those that can be booked with; staff may use what has expired for its patient, too."""
        return [need for need in self.needs if need.state in {"open", "expired"}]


def belongings_of(here: Here, patient: str) -> Belongings:
    """Return a patient's record, whose opening is noted, with what belongs to it: the services are asked at once."""
    names = here.names
    booked = here.services.booking.find.call_async(
        here.clinic, **{"patient": patient, "from": (here.today - _YEARS_BACK).isoformat(), "limit": MOST}
    )
    needed = here.services.patient.needs.call_async(here.clinic, patient=patient, limit=MOST)
    record = here.services.patient.get(here.clinic, patient)
    appointments = _divided([_appointment(row, names) for row in booked.result()["bookings"]], here.now)
    return Belongings(record, appointments, [_need(row, names) for row in needed.result()["needs"]])


def _divided(found: Sequence[Appointment], now: datetime) -> Appointments:
    coming = [each for each in found if each.status == "booked" and each.end > now]
    past = [each for each in reversed(found) if each not in coming]
    return Appointments(coming, past)


def _appointment(row: Mapping[str, Any], names: Names) -> Appointment:
    return Appointment(
        reference=row["reference"],
        start=moment(row["start"]),
        end=moment(row["end"]),
        type=names.type_and_alias(row["type"]),
        practitioner=names.practitioner(row["practitioner"]),
        status=row["status"],
        origin=row["origin"],
        type_key=row["type"],
        patients_word=names.alias(row["type"]),
    )


def _need(row: Mapping[str, Any], names: Names) -> Need:
    key = row["practitioner"]
    return Need(
        id=row["id"],
        type=names.type_and_alias(row["type"]),
        type_key=row["type"],
        practitioner=None if key is None else names.practitioner(key),
        practitioner_key=key,
        minutes=row["minutes"],
        week=row["week"],
        state=row["state"],
    )
