"""Who may take an appointment that is asked for, how long it takes, and under which rule it starts."""

from typing import NamedTuple

from services.availability.plan import AppointmentType, ClinicPlan
from services.availability.starts import StartRule, start_rule


class Taker(NamedTuple):
    """A practitioner who may take the appointment, and the rule for its starts."""

    practitioner: str
    rule: StartRule


def new_takers(plan: ClinicPlan, kind: AppointmentType, asked: str | None, minutes: int | None = None) -> list[Taker]:
    """Return who may take a new booking from the web, in document order (PRODUCT S13).

    `minutes` is a length that a need gives in place of the type's.
    """
    if not kind.online:
        return []
    return [
        Taker(key, start_rule(kind, minutes or kind.length_with(key), kind.kinds))
        for key in kind.practitioners
        if plan.practitioners[key].online and asked in (None, key)
    ]


def moving_takers(
    plan: ClinicPlan, kind: AppointmentType, asked: str | None, practitioner: str, minutes: int
) -> list[Taker]:
    """Return the practitioner of a booking that is moved, with its own length and without block filter (S3, M4)."""
    known = plan.practitioners.get(practitioner)
    if known is None or not known.online or asked not in (None, practitioner):
        return []
    return [Taker(practitioner, start_rule(kind, minutes, plan.online_kinds))]
