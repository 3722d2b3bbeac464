"""Links for a clinic's own site, ready to be copied, with what keeps them from working now (PRODUCT B15, B16)."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.wording import N_
from shared.clinic.opening import opening_of
from shared.clinic.switches import is_active, is_on
from shared.texts.language import format_moment

_OFF = N_("Does not work now: online booking is off.")
_NO_NEW = N_("Does not work now: new bookings are off.")
_NOT_YET = N_("Does not work yet: online booking opens {when}.")
_OVER = N_("Does not work any more: online booking closed {when}.")
_CALLED = N_("For patients who have been called in.")


class Link(NamedTuple):
    """One link: what it leads to, whether that is a week template, and what is to be known of it."""

    name: str
    is_template: bool
    url: str
    snippet: str
    note: str | None


def links(here: Here) -> Response:
    """Show a link for each practitioner and each of their types and week templates, and the way in by a card."""
    found = here.services.availability.links(here.clinic)
    public_url = here.services.settings.public_url
    return here.show(
        "console/links/links.html",
        section="links",
        page=found.get("page"),
        groups=list(_by_practitioner(here, found["links"])),
        off=_why_none_works(here),
        recall=f"{public_url}/recall",
        own=f"{public_url}/{here.clinic}/my",
    )


def _by_practitioner(here: Here, rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[Link]]]:
    called = {each["key"] for each in here.document["types"] if each["needs"]["controlled"]}
    for key, own in groupby(rows, lambda row: row["practitioner"]):
        yield here.names.practitioner(key), [_link(here, row, called) for row in own]


def _link(here: Here, row: Mapping[str, Any], called: set[str]) -> Link:
    is_template = row["kind"] == "template"
    note = here.say(_CALLED) if not is_template and row["key"] in called else None
    return Link(row["name"], is_template, row["url"], row["snippet"], note)


def _why_none_works(here: Here) -> str | None:
    """Return why no link leads to a booking now; None where they do (B1, S10)."""
    document = here.document
    if not is_active(document):
        return here.say(_OFF)
    if not is_on(document, "new"):
        return here.say(_NO_NEW)
    opening = opening_of(document)
    if opening.is_open(here.now):
        return None
    if opening.opens_at is not None and here.now < opening.opens_at:
        return here.say(_NOT_YET, when=format_moment(opening.opens_at.astimezone(here.zone), here.language))
    assert opening.closes_at is not None
    return here.say(_OVER, when=format_moment(opening.closes_at.astimezone(here.zone), here.language))


ROUTES = (Page("GET", "/links", links),)
