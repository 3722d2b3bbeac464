"""The time that is held for a patient while they fill in the form (B12): taken, given back, and how long it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.clients.services import Services
from gateway.public import holding
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

    def taken(self, draft: Draft, wanted: Mapping[str, Any], before: str = "") -> Draft:
        """Return the draft with its start held; `wanted` says of what. The hold of `before` ends with it.

        So does the last one of the visit: a page that somebody has gone back to does not know what was held after it.
        Raise what a time that is not free raises.
        """
        asked = {**wanted, "start": draft["start"]}
        held = holding.hold(self.services, self.address, self.clinic.key, asked, draft["visit"], before)
        return draft.with_choices(
            start=held["start"], hold=held["hold"], held_by=held["practitioner"], held_until=held["expires"]
        )

    def given_back(self, draft: Draft) -> Draft:
        """Return the draft without its time; a hold that cannot be released runs out by itself.

        For a moment it is waited until searches know of it, so that whoever gives it back is offered it too. Not for
        one that had run out, of which they knew.
        """
        if hold := draft["hold"]:
            search, clinic, day = self.services.search, self.clinic.key, draft["start"][:10]
            seen = search.seen(clinic, day) if self._left(draft) else None
            draft = draft.without_hold()
            try:
                holding.release(self.services, hold)
            except Refusal:
                return draft
            search.wait_for_change(clinic, day, seen)
        return draft

    def left(self, draft: Draft) -> dict[str, Any]:
        """Return until when the time is held, and how long that is in whole minutes; None for a hold that is over.

        By the clock now, not when the request came: a time that was taken since would have a minute too much left.
        """
        until = draft.held_until
        minutes = -(-self._left(draft) // timedelta(minutes=1))
        return {
            "held_until": until.astimezone(self.clinic.zone) if until else None,
            "hold_left": format_length(minutes, self.clinic.language) if minutes else None,
        }

    def _left(self, draft: Draft) -> timedelta:
        """Return for how long the time is still held; 0 for a hold that is over."""
        until = draft.held_until
        return max(timedelta(0), until - self.services.clock.now()) if until else timedelta(0)
