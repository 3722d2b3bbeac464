"""What is legal: the document's names, and its rules for a time (ADR 23)."""

from datetime import datetime
from typing import NoReturn

from services.booking.handlers.alternatives import Sought
from services.booking.model.bookings import Booking
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from shared.clinic.starts.asked import AskedStart, Moving
from shared.clinic.starts.candidates import Candidate
from shared.clinic.starts.legality import check
from shared.contracts.errors import Invalid, SlotNotOffered


def who_could_take(
    rules: ClinicRules, sought: Sought, now: datetime, *, by_staff: bool, outside_plan: bool = False
) -> list[Candidate]:
    """Return who could take a time by the rules, in document order; raise SlotNotOffered where nobody could.

    Raises Invalid for a practitioner who has left the clinic.
    """
    if sought.practitioner is not None and sought.practitioner not in rules.practitioners:
        text = "There is no such practitioner."
        raise Invalid.because("There is no such choice.", errors={"practitioner": [text]})
    asked = AskedStart(
        type=sought.type.key,
        practitioner=sought.practitioner,
        minutes=sought.minutes,
        moving=None if sought.moving is None else _moving(sought.moving, rules),
        without_need=sought.without_need,
        start=sought.start,
        staff=by_staff,
        outside_plan=outside_plan,
    )
    found = [each for each in check(rules.plan, asked, now) if sought.end in {None, each.end}]
    if not found:
        raise SlotNotOffered.because("Nobody can take this time.")
    return found


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


def _moving(booking: Booking, rules: ClinicRules) -> Moving:
    day = booking.starts_at.astimezone(rules.zone).date()
    return Moving(booking.kept_practitioner, booking.minutes, booking.starts_at, booking.reference, present_on=day)


def _unknown(field: str, sentence: str) -> NoReturn:
    raise Invalid.because(sentence, errors={field: [sentence]})
