"""Who may take an appointment that is asked for on the web, how long it takes, under which rule it starts."""

from typing import NamedTuple

from shared.clinic.plan.values import AppointmentType, ClinicPlan
from shared.clinic.starts.asked import Asked, Moving
from shared.clinic.starts.day_starts import StartRule, start_rule


class Taker(NamedTuple):
    """A practitioner who may take the appointment, and the rule for its starts."""

    practitioner: str
    rule: StartRule


def takers(plan: ClinicPlan, asked: Asked) -> list[Taker]:
    """Return who may take a new booking, or the booking that is moved, in document order (PRODUCT S13).

    Nobody who is not signed up for online booking takes anything from the web, and whoever moves a booking is known.
    Raises KeyError for a type that the plan does not have.
    """
    kind = plan.types[asked.type]
    found = _of_move(plan, kind, asked.moving) if asked.moving else _of_new_booking(kind, asked)
    named = [taker for taker in found if asked.practitioner in (None, taker.practitioner)]
    if not asked.as_new_patient or asked.moving:
        return named
    return [taker for taker in named if plan.takes_new_patients(taker.practitioner)]


def _of_new_booking(kind: AppointmentType, asked: Asked) -> list[Taker]:
    if not kind.online:
        return []
    able = kind.without_need if kind.controlled and asked.without_need else kind.online_practitioners
    return [Taker(key, start_rule(kind, asked.minutes or kind.length_with(key), kind.kinds)) for key in able]


def _of_move(plan: ClinicPlan, kind: AppointmentType, moving: Moving) -> list[Taker]:
    """Keep length and, where it is named, practitioner of the booking (M4, C12); no block filter binds it (S3)."""
    rule = start_rule(kind, moving.minutes, plan.online_kinds)
    if moving.practitioner is None:
        return [Taker(key, rule) for key in kind.online_practitioners]
    practitioner = plan.practitioners.get(moving.practitioner)
    if practitioner is None or not practitioner.online:
        return []
    return [Taker(moving.practitioner, rule)]
