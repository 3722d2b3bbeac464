"""The chosen time is held while the panel is open, and given back when it closes (PRODUCT C7, B12)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.new_booking.wish import wish_of
from gateway.http.answers import no_content
from gateway.http.wording import sentence_of
from gateway.views.rendering import moment
from shared.contracts.errors import Refusal, SlotNotOffered, Timeout, Unavailable

MOST_RENEWALS = 5
"""So often a time is held anew by itself: a panel that is left open gives it back in the end, and a session ends."""


def hold(here: Here) -> Response:
    """Hold the time of the form, in place of the one that was held before, and show until when; or why it cannot be.

    What lies outside the plan is asked about first. What one can still undo keeps its time, but not from oneself (C10).
    """
    form = here.form
    wish = wish_of(here, form)
    before = form["hold"] or form["replaces"]
    asked: dict[str, Any] = {
        "type": wish.type_key,
        "practitioner": wish.practitioner,
        "start": wish.start and wish.start.isoformat(),
        "minutes": wish.minutes,
        "need": wish.need,
        "outside_plan": form.is_on("outside_plan"),
        "replaces": before or None,
    }
    renewed = int(form["renewed"]) + 1 if form["renewed"].isdecimal() else 1
    shown: dict[str, Any] = {"held": None, "refusal": None, "asks_outside_plan": False, "before": before}
    shown["gives_up_undo"] = False
    shown |= {"renewed": renewed, "most": MOST_RENEWALS}
    try:
        held = here.services.booking.hold(here.clinic, **asked)
    except SlotNotOffered as refused:
        shown |= (
            {"asks_outside_plan": True}
            if not form.is_on("outside_plan")
            else {"refusal": sentence_of(refused, here.language)}
        )
    except (Unavailable, Timeout):
        pass  # it is booked without
    except Refusal as refused:
        shown["gives_up_undo"] = bool(refused.extra.get("gives_up_undo"))
        shown["refusal"] = None if shown["gives_up_undo"] else sentence_of(refused, here.language)
    else:
        shown |= {"held": held["hold"], "until": moment(held["expires"])}
    return here.show("console/new_booking/hold.html", typed=form, **shown)


def release(here: Here) -> Response:
    """Give the time back that was held."""
    here.services.booking.release(here.form["hold"])
    return no_content()


ROUTES = (Page("POST", "/bookings/new/hold", hold), Page("POST", "/bookings/new/release", release))
