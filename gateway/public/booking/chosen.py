"""What is chosen as yet, as it is for this patient: what is searched, held and booked follows from it (B2)."""

from dataclasses import dataclass

from gateway.clients.services import Services
from gateway.public.booking.whom import Whom
from gateway.public.draft import ANY, NEED, Draft
from gateway.public.needs import NeedView
from gateway.public.times.sources import OfNeed, OfType, Source
from gateway.views.clinic_view import ClinicView, PractitionerView, TypeView


@dataclass(frozen=True)
class Chosen:
    """The choices of a draft. `need` is the one that is booked; `has_no_need` tells that it was looked for in vain."""

    clinic: ClinicView
    draft: Draft
    whom: Whom
    need: NeedView | None = None
    has_no_need: bool = False

    @property
    def type(self) -> TypeView | None:
        """The type that is chosen, if any, with those who take this patient."""
        asked = self._asked_for
        return self.whom.shown(asked) if asked else None

    @property
    def _asked_for(self) -> TypeView | None:
        """The type with all who take it.

        Whoever names a need books any type as it says (R1); who has none books what needs control with those who take
        it without, if there are any (B9).
        """
        chosen = self.clinic.type(self.draft["type"])
        if chosen and self.draft.value(NEED):
            return chosen.by_need()
        uncalled = not self.whom.known.opens_needs or self.has_no_need
        if chosen and chosen.without_need and uncalled:
            chosen = chosen.without_invitation()
        return chosen

    @property
    def practitioner(self) -> str | None:
        """The key of whom the patient has chosen, None for whoever is free, or as their need says."""
        chosen = self.type
        if self.draft["practitioner"] in ("", ANY) or (chosen and not chosen.choose_practitioner):
            return None
        return self.draft["practitioner"]

    @property
    def shown_practitioner(self) -> PractitionerView | None:
        """Whom the page names: who is held, or chosen, or called to."""
        found = self.clinic.practitioners.get(self.draft["held_by"] or self.draft["practitioner"])
        return found or (self.need.practitioner if self.need else None)

    @property
    def patient(self) -> str | None:
        """For whom times are searched, where that makes a difference."""
        return self.whom.searched_for(self._asked_for, self.practitioner)

    def wanted(self) -> dict[str, str | None]:
        """Return what is searched, held and booked: type, practitioner, need."""
        wanted: dict[str, str | None] = {"type": self.draft["type"], "practitioner": self.practitioner}
        need = self.draft.value(NEED)
        return wanted | ({"need": need} if need else {})

    def to_hold(self) -> dict[str, str | None]:
        """Return what is held, and for whom where that makes a difference."""
        patient = self.patient
        return self.wanted() | ({"for": patient} if patient else {})

    def source(self, services: Services) -> Source:
        """Return who knows its free times."""
        chosen = self.type
        if chosen and chosen.needs_controlled:
            return OfNeed(services.booking, self.clinic, {key: text for key, text in self.wanted().items() if text})
        return OfType(
            services.search, services.availability, self.clinic, self.draft["type"], self.practitioner, self.patient
        )
