"""Asking what is legal: the document's names, and availability's word on a time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from services.booking.handlers.alternatives import Sought
from services.booking.handlers.desk import Desk, Pending, local, present
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from shared.clinic.starts.candidates import Candidate
from shared.contracts.errors import Invalid, SlotNotOffered


@dataclass(frozen=True)
class Checked:
    """Who could take a time by the plan of `revision`, in document order."""

    revision: int
    candidates: list[Candidate]


@dataclass(frozen=True)
class Checking:
    """A check of a time under way; `end` is when it is to end, if that was said (CONTRACTS 1, "Any practitioner")."""

    pending: Pending
    end: datetime | None

    def result(self) -> Checked:
        """Wait for the answer; raise SlotNotOffered where the time is not legal."""
        answer = self.pending.result()
        found = [Candidate.from_json(each) for each in answer["candidates"]]
        candidates = [candidate for candidate in found if self.end in {None, candidate.end}]
        if not candidates:
            raise SlotNotOffered.because("Nobody can take this time.")
        return Checked(answer["revision"], candidates)


def check_slot(desk: Desk, rules: ClinicRules, sought: Sought, **asked: Any) -> Checking:
    """Ask availability whether the time is legal; the question is under way when this returns."""
    query = {
        "type": sought.type.key,
        "start": local(sought.start, rules.zone),
        "purpose": asked.pop("purpose"),
        **present(practitioner=sought.practitioner, moving=sought.moving, minutes=sought.minutes),
        **({"staff": True} if asked.pop("by_staff") else {}),
        **({"without_need": True} if sought.without_need else {}),
        **present(**asked),
    }
    return Checking(desk.availability.check_slot.call_async(rules.clinic, **query), sought.end)


def moving(booking: Booking, rules: ClinicRules) -> dict[str, Any]:
    """Return the booking that moves as availability takes it: its own time counts as free (PRODUCT M4)."""
    return {
        "reference": booking.reference,
        "practitioner": booking.practitioner,
        "minutes": booking.minutes,
        "start": booking.starts_at.astimezone(UTC).isoformat(),
        "busy_from": booking.busy_from.astimezone(UTC).isoformat(),
        "busy_to": booking.busy_to.astimezone(UTC).isoformat(),
        "horizon_floor": booking.starts_at.astimezone(rules.zone).date().isoformat(),
    }


def known_type(rules: ClinicRules, key: str, *, by_staff: bool) -> TypeRules:
    """Return the type of appointment; patients know only those that are online. Raises Invalid."""
    found = rules.type(key)
    if found is None or not (found.online or by_staff):
        _unknown("type", "There is no such type of appointment.")
    return found


def known_practitioner(rules: ClinicRules, type: TypeRules, key: str | None, *, by_staff: bool) -> str | None:
    """Return the practitioner's key, or None for any; patients know only who takes the type online. Raises Invalid."""
    if key is not None and key not in (rules.practitioners if by_staff else type.practitioners):
        _unknown("practitioner", "There is no such practitioner for this.")
    return key


def _unknown(field: str, sentence: str) -> NoReturn:
    raise Invalid.because(sentence, errors={field: [sentence]})
