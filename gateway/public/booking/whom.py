"""Whether the clinic knows the patient, where that decides with whom they can book (B7, S13).

A login may tell. Else they are asked before they choose anything that would be refused at the end; what they say is
believed until they book, when their details are looked up.
"""

from dataclasses import dataclass
from functools import cached_property

from gateway.clients.services import Services
from gateway.public.draft import Draft
from gateway.public.known_patient import KnownPatient
from gateway.views.clinic_view import ClinicView, TypeView
from shared.contracts.errors import NewPatientsRefused

YES, NO = "yes", "no"
"""What patients say to whether they have been here before."""


@dataclass(frozen=True)
class Whom:
    """Whom a clinic has before it, for the type and the practitioner that are chosen."""

    services: Services
    clinic: ClinicView
    known: KnownPatient
    said: str
    """YES, NO, or nothing as yet."""

    def has_to_say(self, chosen: TypeView, draft: Draft) -> bool:
        """Tell whether it must be asked: some of those who could be chosen take no new patients."""
        return not self.said and self._decides(chosen, draft) and not self.is_known

    def require_welcome(self, chosen: TypeView) -> None:
        """Raise NewPatientsRefused for who is new where nobody takes new patients."""
        if self.is_new and chosen.is_for_known_alone and not chosen.needs_controlled:
            raise NewPatientsRefused.because("Nobody takes new patients for this.")

    def shown(self, chosen: TypeView) -> TypeView:
        """Return the type with those who take this patient."""
        if not self.is_new or chosen.needs_controlled or chosen.is_for_known_alone:
            return chosen
        return chosen.for_new_patients()

    def searched_for(self, chosen: TypeView | None, practitioner: str | None) -> str | None:
        """Return for whom times are searched and held: `new`, `known`, or None where it makes no difference."""
        if chosen is None or chosen.needs_controlled or chosen.is_for_everybody:
            return None
        if self.said == YES or chosen.is_for_known_alone or self.is_known:
            return "known"
        return None if practitioner else "new"

    @property
    def is_new(self) -> bool:
        """Whether the patient says to be new."""
        return self.said == NO

    @cached_property
    def is_known(self) -> bool:
        """Whether a login tells that the clinic knows the patient."""
        return self.known.is_patient_of(self.services, self.clinic.key)

    def _decides(self, chosen: TypeView, draft: Draft) -> bool:
        if chosen.needs_controlled or chosen.is_for_everybody:
            return False
        named = next((each for each in chosen.practitioners if each.key == draft["practitioner"]), None)
        return named is None or not named.new_patients
