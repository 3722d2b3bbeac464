"""The time that is held for a patient while they fill in the form (B12): taken, given back, and how long it lasts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.clients.services import Services
from gateway.public.draft import Draft
from gateway.views.clinic_view import ClinicView
from shared.contracts.errors import Refusal
from shared.texts.language import format_length


@dataclass(frozen=True)
class HeldTime:
    """Holds times of one clinic for the patient behind `address`."""

    services: Services
    clinic: ClinicView
    address: str

    def taken(self, draft: Draft, start: str, wanted: dict[str, Any]) -> Draft:
        """Return the draft with a time held; `wanted` says of what. Raise what a time that is not free raises."""
        self.services.door.limits.count_booking(self.address)
        held = self.services.booking.hold(self.clinic.key, start=start, **wanted)
        return draft.with_choices(
            start=held["start"], hold=held["hold"], held_by=held["practitioner"], held_until=held["expires"]
        )

    def given_back(self, draft: Draft) -> Draft:
        """Return the draft without its time; a hold that cannot be released runs out by itself."""
        if hold := draft["hold"]:
            draft = draft.without_hold()
            try:
                self.services.booking.release(hold)
            except Refusal:
                return draft
        return draft

    def left(self, draft: Draft) -> dict[str, Any]:
        """Return until when the time is held, and how long that is in whole minutes; None for a hold that is over.

        By the clock now, not when the request came: a time that was taken since would have a minute too much left.
        """
        until = draft.held_until
        left = until - self.services.clock.now() if until else timedelta(0)
        minutes = -(-left // timedelta(minutes=1))
        return {
            "held_until": until.astimezone(self.clinic.zone) if until else None,
            "hold_left": format_length(minutes, self.clinic.language) if minutes > 0 else None,
        }
