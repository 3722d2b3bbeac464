"""The first free times on the way through a booking, each taken by one press (B20)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gateway.clients.services import Services
from gateway.public.booking.chosen import Chosen
from gateway.public.times.next_times import NextTimes, Slot
from gateway.public.times.time import Time, times_of
from shared.clinic.times.wall_clock import midnight
from shared.contracts.errors import Timeout, Unavailable

_SHOWN, _SHOWN_OF_EACH = 4, 3


@dataclass(frozen=True)
class Soonest:
    """Finds them for what is chosen; none where they cannot be had, since the calendar has them all."""

    services: Services
    chosen: Chosen
    now: datetime

    def times(self) -> list[Time]:
        """Return the first times of whom the patient has chosen."""
        try:
            return self._as_times(looking.first(_SHOWN)) if (looking := self._looking()) else []
        except (Unavailable, Timeout):
            return []

    def of_each(self) -> dict[str, list[Time]]:
        """Return the first times of each practitioner, and under "" of whoever is free."""
        looking, type_view = self._looking(), self.chosen.type
        if looking is None or type_view is None:
            return {}
        try:
            found = looking.first_of_each(type_view.keys, _SHOWN_OF_EACH)
        except (Unavailable, Timeout):
            return {}
        return {key: self._as_times(slots) for key, slots in found.items()}

    def _looking(self) -> NextTimes | None:
        """Return what looks for them; None of a type that takes a need, which has its week."""
        chosen, clinic = self.chosen, self.chosen.clinic
        if chosen.type is None or chosen.type.needs_controlled:
            return None
        asked = {"type": chosen.type.key, "practitioner": chosen.practitioner, "for": chosen.patient}
        given = {name: text for name, text in asked.items() if text}
        first, last = clinic.bookable_months(self.now)
        after = max(self.now, midnight(first, clinic.zone)).astimezone(clinic.zone)
        return NextTimes(self.services.search, self.services.availability, clinic.key, given, after, last)

    def _as_times(self, slots: Iterable[Slot]) -> list[Time]:
        return times_of((slot["start"] for slot in slots), self.chosen.clinic.zone)
