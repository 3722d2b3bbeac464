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

        It is among the times that are offered next, to whom gives it back too.
        """
        if hold := draft["hold"]:
            search, clinic, day = self.services.search, self.clinic.key, draft["start"][:10]
            seen = search.seen(clinic, day)
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
        left = until - self.services.clock.now() if until else timedelta(0)
        minutes = -(-left // timedelta(minutes=1))
        return {
            "held_until": until.astimezone(self.clinic.zone) if until else None,
            "hold_left": format_length(minutes, self.clinic.language) if minutes > 0 else None,
        }
