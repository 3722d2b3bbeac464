"""How far a booking has come, in stages whose number never changes on the way, whatever each stage asks."""

from dataclasses import dataclass

from gateway.views.clinic_view import ClinicView

WHAT, WHEN, DETAILS, REVIEW = "what", "when", "details", "review"
"""The stages: what is booked (type, login, need, practitioner), when, for whom, and is it right."""

FOR_WHOM = "for_whom"
"""Before the details, where a login is that of several people."""

BOOKED = "booked"
"""After them: it is done."""


@dataclass(frozen=True)
class Progress:
    """Where a stage stands among those of the booking."""

    number: int
    total: int


def progress_of(stage: str, clinic: ClinicView) -> Progress:
    """Return where a stage stands; a clinic where the first one has nothing to ask begins with the second."""
    stages = [WHAT, WHEN, DETAILS, REVIEW] if _asks_what(clinic) else [WHEN, DETAILS, REVIEW]
    return Progress(stages.index(stage) + 1, len(stages)) if stage in stages else Progress(1, len(stages))


def _asks_what(clinic: ClinicView) -> bool:
    asks_who = any(len(each.practitioners) > 1 or each.needs_controlled for each in clinic.types)
    return len(clinic.types) != 1 or asks_who or not clinic.without_login
