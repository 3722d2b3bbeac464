"""Who may book a new time (PRODUCT B7, B8, B14, S13); staff and moves are not asked."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.booking.model.clinic_rules import ClinicRules, TypeRules
from shared.clinic.starts.candidates import Candidate
from shared.contracts.errors import LoginRequired, NewPatientsRefused, UnderAge
from shared.identity.numbers import age_on
from shared.proofs import Proof


def require_proof(proof: Proof, rules: ClinicRules, *, by_need: bool) -> None:
    """Refuse who has not proven what the clinic wants of them: whose need it is (PRODUCT B9), or a mobile (B14)."""
    enough = proof.opens_needs if by_need else rules.without_login or proof.is_login
    if not enough:
        raise LoginRequired.because("Log in with a code to your mobile first.")


def is_known_patient_needed(type: TypeRules, practitioner: str | None, rules: ClinicRules) -> bool:
    """Tell whether a rule depends on the clinic knowing the patient: the clinic's own or a practitioner's."""
    return not rules.new_patients or not all(_accepting(_possible(type, practitioner), rules))


def require_welcome(type: TypeRules, practitioner: str | None, rules: ClinicRules, *, known: bool) -> None:
    """Refuse a patient that the clinic does not know where neither it nor anybody asked for accepts new ones (B7)."""
    possible = _possible(type, practitioner)
    if not known and (not rules.new_patients or not any(_accepting(possible, rules))):
        refuse_new_patient(rules)


def welcoming(candidates: Sequence[Candidate], rules: ClinicRules, *, known: bool) -> list[Candidate]:
    """Return the candidates who take this patient; refuse where there are some and none of them does (S13)."""
    found = [candidate for candidate in candidates if known or candidate.accepts_new]
    if candidates and not found:
        refuse_new_patient(rules)
    return found


def refuse_new_patient(rules: ClinicRules) -> None:
    """Raise the refusal of patients that the clinic does not know, with the number to call (PRODUCT B7)."""
    raise NewPatientsRefused.because("New patients cannot book online here; call the clinic.", phone=rules.phone)


def require_age(born: date | None, type: TypeRules, day: date) -> None:
    """Refuse who is younger than the type's age on the local day of the appointment (PRODUCT B8)."""
    if type.min_age is not None and born is not None and age_on(born, day) < type.min_age:
        raise UnderAge.because(f"This is for people of {type.min_age} years or more on the day of the appointment.")


def _possible(type: TypeRules, practitioner: str | None) -> tuple[str, ...]:
    return type.practitioners if practitioner is None else (practitioner,)


def _accepting(practitioners: Iterable[str], rules: ClinicRules) -> Iterable[bool]:
    entries = rules.practitioners
    return (bool(entries[key]["new_patients"]) for key in practitioners if key in entries)
