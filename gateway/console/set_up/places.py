"""Where in a clinic's document something stands, in people's words."""

import re
from typing import NamedTuple

from gateway.console.frame.here import Here
from gateway.http.wording import N_

_PARTS = {
    "clinic": N_("Short name"),
    "name": N_("Name"),
    "time_zone": N_("Time zone"),
    "country": N_("Country"),
    "region": N_("Region"),
    "languages": N_("Languages"),
    "currency": N_("Currency"),
    "contact": N_("Contact"),
    "identity": N_("Identity number"),
    "grid": N_("Grid of times"),
    "booking": N_("Online booking"),
    "details": N_("What patients fill in"),
    "channels": N_("Who is told by what"),
    "two_step": N_("Login in two steps"),
    "texts": N_("Own texts"),
    "fields": N_("Own questions"),
    "look": N_("Logo and colour"),
    "practitioners": N_("Practitioners"),
    "resources": N_("Rooms and devices"),
    "block_kinds": N_("Kinds of blocks"),
    "types": N_("Types of appointment"),
    "templates": N_("Week templates"),
    "plans": N_("Plans"),
    "days": N_("Single days"),
    "absences": N_("Absences"),
    "reminders": N_("Reminders"),
    "sms_countries": N_("Countries that get SMS"),
    "quiet_hours": N_("Quiet hours"),
    "messages": N_("Own message texts"),
    "privacy": N_("What messages keep to themselves"),
}
"""The parts of the document, as its people call them."""

_LINE = re.compile(r"line (\d+)")
_PATH = re.compile(r"(?P<part>[a-z_]+)(?:\[(?P<item>[^\]]*)\])?\.?(?P<rest>.*)", re.DOTALL)


class Place(NamedTuple):
    """The part of the document, the item in it, and the keys below that as the document writes them."""

    part: str
    item: str
    rest: str


def place_of(path: str, here: Here) -> Place:
    """Return where a path leads: `types[2].slots.step`, `types[exam].length`, `line 3`, or nowhere in particular."""
    if line := _LINE.fullmatch(path):
        return Place(here.say(N_("Line {number}"), number=line[1]), "", "")
    found = _PATH.fullmatch(path)
    if found is None or found["part"] not in _PARTS:
        return Place(here.say(N_("The document")), "", path)
    item = found["item"] or ""
    if item.isdigit():
        item = here.say(N_("no. {number}"), number=int(item) + 1)
    return Place(here.say(_PARTS[found["part"]]), item, found["rest"])
