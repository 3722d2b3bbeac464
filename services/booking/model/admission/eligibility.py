"""Who may book a new time (PRODUCT B7, B8, B14, S13); staff and moves are not asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.booking.model.clinic_rules import ClinicRules, TypeRules
from shared.clinic.starts.candidates import Candidate
from shared.contracts.errors import LoginRequired, NewPatientsRefused, Refusal, UnderAge
from shared.identity.numbers import age_on
from shared.proofs import Proof


def require_proof(proof: Proof, rules: ClinicRules, *, by_need: bool) -> None:
    """Refuse who has not proven what the clinic wants of them: whose need it is (PRODUCT B9), or a mobile (B14)."""
    enough = proof.opens_needs if by_need else rules.without_login or proof.is_login
    if not enough:
        raise LoginRequired.because("Log in with a code to your mobile first.")


def is_known_patient_needed(type: TypeRules, practitioner: str | None, rules: ClinicRules) -> bool:
    """Tell whether a rule depends on the clinic knowing the patient: the clinic's own or a practitioner's."""
    return not all(map(rules.takes_new_patients, _possible(type, practitioner)))


def require_welcome(type: TypeRules, practitioner: str | None, rules: ClinicRules, *, known: bool) -> None:
    """Refuse a patient that the clinic does not know where neither it nor anybody asked for accepts new ones (B7)."""
    if not known and not any(map(rules.takes_new_patients, _possible(type, practitioner))):
        raise new_patients_refused(rules)


def welcoming(
    candidates: Sequence[Candidate], rules: ClinicRules, *, known: bool
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates who take this patient, and the others; refuse where there are others alone (S13)."""
    found = [candidate for candidate in candidates if known or candidate.accepts_new]
    others = [candidate for candidate in candidates if candidate not in found]
    if others and not found:
        raise new_patients_refused(rules)
    return found, others


def new_patients_refused(rules: ClinicRules, **extra: Any) -> Refusal:
    """Return the refusal of patients that the clinic does not know, with the number to call (PRODUCT B7)."""
    text = "New patients cannot book this online; call the clinic."
    return NewPatientsRefused.because(text, phone=rules.phone, **extra)


def require_age(born: date | None, type: TypeRules, day: date) -> None:
    """Refuse who is younger than the type's age on the local day of the appointment (PRODUCT B8)."""
    if type.min_age is not None and born is not None and age_on(born, day) < type.min_age:
        raise UnderAge.because(f"This is for people of {type.min_age} years or more on the day of the appointment.")


def _possible(type: TypeRules, practitioner: str | None) -> tuple[str, ...]:
    return type.practitioners if practitioner is None else (practitioner,)
