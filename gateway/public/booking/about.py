"""What a booking page knows and asks of the patient: the questions, the answers, and whom they are about (B3, B22)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from gateway.clients.services import Services
from gateway.public.booking.chosen import Chosen
from gateway.public.booking.details import Checked, check, fields_for, is_old_enough
from gateway.public.booking.people import OwnPerson, chosen_person, own_people
from gateway.public.draft import PERSON
from gateway.views.clinic_view import TypeView
from gateway.views.fields import Field
from shared.contracts.errors import UnderAge


@dataclass(frozen=True)
class About:
    """The patient of a draft, as far as it has come; `refused` names the details that booking has asked for besides."""

    services: Services
    chosen: Chosen
    now: datetime
    refused: Collection[str] = ()

    @property
    def fields(self) -> list[Field]:
        """The questions about the patient for the chosen type; none before one is chosen."""
        chosen, typed, mobile = self.chosen.type, self.chosen.draft.typed, self.chosen.whom.known.mobile
        lacking = {*typed, *self.refused} if chosen_person(self.chosen.draft) else None
        if chosen is None:
            return []
        return fields_for(self.chosen.clinic, chosen, typed, self._today, mobile, lacking=lacking)

    @property
    def has_told_who(self) -> bool:
        """Whether it is known for whom it is booked, or what was typed of them as yet."""
        return bool(self.chosen.draft.typed or self.chosen.draft.value(PERSON))

    @property
    def needs_no_form(self) -> bool:
        """Whether nothing has to be typed: the clinic has it all (B22)."""
        return chosen_person(self.chosen.draft) is not None and not any(field.required for field in self.fields)

    @property
    def people(self) -> list[OwnPerson]:
        """Whom the patient may choose from: those of their login, or whose recall it is."""
        return own_people(self.services, self.chosen.clinic.key, self.chosen.whom.known)

    @property
    def person(self) -> OwnPerson | None:
        """Who of them was chosen."""
        wanted = chosen_person(self.chosen.draft)
        return next((each for each in self.people if each.id == wanted), None) if wanted else None

    def checked(self) -> Checked:
        """Return the details as booking takes them, or what is wrong with them."""
        checked = check(self.fields, self.chosen.draft.typed, self.chosen.clinic, self._type, self._today)
        if person := chosen_person(self.chosen.draft):
            patient = {**checked.details["patient"], "person": person}
            return replace(checked, details={**checked.details, "patient": patient})
        return checked

    def require_age(self, checked: Checked) -> None:
        """Refuse who is too young on the day, before anything is confirmed (B8)."""
        start = self.chosen.draft.start
        assert start is not None, "who is asked has chosen a time"
        day = start.astimezone(self.chosen.clinic.zone).date()
        if not is_old_enough(checked.details, self.chosen.clinic, self._type, day, self._today):
            raise UnderAge.because("Too young on the day of the appointment.")

    @property
    def _type(self) -> TypeView:
        chosen = self.chosen.type
        assert chosen is not None, "steps after the type have one"
        return chosen

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.chosen.clinic.zone).date()
