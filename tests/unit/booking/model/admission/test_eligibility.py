"""Who may book a new time (PRODUCT B7, B8, S13): which question is asked, and what the answer means."""

from datetime import date
from typing import Any

import pytest

from services.booking.model.admission.eligibility import is_known_patient_needed, require_age, require_welcome
from shared.contracts.errors import NewPatientsRefused, UnderAge
from tests.builders.booking.world import rules

BO_REFUSES = [{"key": "anna", "name": "A"}, {"key": "bo", "name": "B", "new_patients": False}]
ANNA_OFFLINE = [{"key": "anna", "name": "A", "online": False}, {"key": "bo", "name": "B", "new_patients": False}]
VISIT = {"key": "visit", "name": "B", "length": "30m"}


@pytest.mark.parametrize(
    ("document", "practitioner", "needed"),
    [
        ({}, None, False),
        ({}, "anna", False),
        ({"booking": {"new_patients": False}}, "anna", True),
        ({"practitioners": BO_REFUSES}, None, True),
        ({"practitioners": BO_REFUSES}, "anna", False),
        ({"practitioners": BO_REFUSES}, "bo", True),
        ({"practitioners": BO_REFUSES, "types": [{**VISIT, "practitioners": ["anna"]}]}, None, False),
    ],
)
def test_patient_is_asked_only_where_a_rule_depends_on_it(
    document: dict[str, Any], practitioner: str | None, needed: bool
) -> None:
    clinic = rules(**document)
    type = clinic.type("visit")
    assert type is not None
    assert is_known_patient_needed(type, practitioner, clinic) is needed


@pytest.mark.parametrize(
    ("document", "practitioner", "welcome"),
    [
        ({}, None, True),
        ({"booking": {"new_patients": False}}, None, False),
        ({"practitioners": BO_REFUSES}, None, True),
        ({"practitioners": BO_REFUSES}, "bo", False),
        ({"practitioners": ANNA_OFFLINE}, None, False),
        ({"practitioners": BO_REFUSES, "types": [{**VISIT, "practitioners": ["bo"]}]}, None, False),
    ],
)
def test_unknown_patients_are_welcome_where_somebody_takes_them(
    document: dict[str, Any], practitioner: str | None, welcome: bool
) -> None:
    """B7, S13."""
    clinic = rules(**document)
    type = clinic.type("visit")
    assert type is not None
    require_welcome(type, practitioner, clinic, known=True)
    if welcome:
        require_welcome(type, practitioner, clinic, known=False)
    else:
        with pytest.raises(NewPatientsRefused):
            require_welcome(type, practitioner, clinic, known=False)


@pytest.mark.parametrize(
    ("born", "day", "adult"),
    [
        (date(2002, 12, 1), date(2026, 12, 1), True),
        (date(2002, 12, 2), date(2026, 12, 1), False),
        (date(2004, 2, 29), date(2028, 2, 28), False),
        (date(2004, 2, 29), date(2028, 2, 29), True),
    ],
)
def test_the_24th_birthday_is_adult(born: date, day: date, adult: bool) -> None:
    """B8."""
    type = rules(types=[{**VISIT, "min_age": 24}]).type("visit")
    assert type is not None
    if adult:
        require_age(born, type, day)
    else:
        with pytest.raises(UnderAge):
            require_age(born, type, day)


def test_a_type_without_an_age_asks_nobody() -> None:
    type = rules().type("visit")
    assert type is not None
    require_age(date(2026, 1, 1), type, date(2026, 12, 1))
