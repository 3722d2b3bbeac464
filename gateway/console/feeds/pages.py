"""Secret addresses by which other programs show a practitioner's calendar: made, seen and revoked (PRODUCT C16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.contracts.errors import Invalid

_PAGE = "console/feeds/feeds.html"
_DONE = {"revoked": N_("The address is revoked. Programs that use it get nothing more.")}


@dataclass(frozen=True)
class Row:
    """An address that was made, as the page shows it."""

    id: str
    practitioner: str
    names: bool
    email: str
    own: bool
    made_at: datetime
    fetched_at: datetime | None


def feeds(here: Here, **again: Any) -> Response:
    """Show the addresses: one's own, for administrators all; `again` is what a form was refused with."""
    found = here.services.staff.calendar_feeds(here.clinic)["feeds"]
    return here.show(
        _PAGE,
        section="account",
        rows=[_row(here, each) for each in found],
        chosen=here.asked("practitioner").get("practitioner"),
        done=here.done(_DONE),
        **again,
    )


def make(here: Here) -> Response:
    """Make an address and show it, this once; what it is made of stands in no address of the console."""
    try:
        made = here.services.staff.add_calendar_feed(
            here.clinic,
            practitioner=here.form["practitioner"],
            names=here.form.is_on("names"),
            language=here.language,
        )
    except Invalid as refused:
        return feeds(here, **here.told(refused))
    url = f"{here.services.settings.public_url}/calendar/{made['token']}.ics"
    _, _, address = url.partition("://")
    return here.show(
        "console/feeds/made.html",
        section="account",
        url=url,
        opens=f"webcal://{address}",
        practitioner=here.names.practitioner(made["practitioner"]),
        names=made["names"],
    )


def revoke(here: Here, id: str) -> Response:
    """Let an address open nothing any more."""
    here.services.staff.remove_calendar_feed(here.clinic, id)
    return here.go("/calendar-feeds", done="revoked")


def _row(here: Here, feed: Mapping[str, Any]) -> Row:
    fetched = feed["fetched_at"]
    return Row(
        id=feed["id"],
        practitioner=here.names.practitioner(feed["practitioner"]),
        names=feed["names"],
        email=feed["email"],
        own=feed["own"],
        made_at=moment(feed["created_at"], here.zone),
        fetched_at=moment(fetched, here.zone) if fetched else None,
    )


ROUTES = (
    Page("GET", "/calendar-feeds", feeds),
    Page("POST", "/calendar-feeds", make),
    Page("POST", "/calendar-feeds/<id>/revoke", revoke),
)
