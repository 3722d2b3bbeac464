"""The pages of the set-up: which keys of the document each holds (CONSOLE, Set-up)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.http.wording import N_

_NOT_HERE = ("clinic", "absences")
"""What a clinic is called in addresses stays, and absences have pages of their own."""


TAKERS = "takers"
"""The part that is a table of types by practitioners."""

RETENTION = "retention"
"""The part that tells what its periods delete."""


@dataclass(frozen=True)
class Part:
    """A page of the set-up: the form of some `keys`, or of one list whose items have a form each."""

    address: str
    title: str
    about: str
    keys: tuple[str, ...]
    has_items: bool = False


_PARTS = (
    Part(
        "clinic", N_("Clinic and contact"), N_("Name, address, languages, identity number"),
        ("name", "contact", "country", "region", "time_zone", "languages", "currency", "identity", "grid", "look"),
    ),
    Part(
        "booking", N_("Online booking"), N_("Start, functions, deadlines, holidays, what patients fill in"),
        ("booking", "details", "two_step"),
    ),
    Part("practitioners", N_("Practitioners"), N_("Who can be booked, in which order"), ("practitioners",), True),
    Part("types", N_("Types of appointment"), N_("Length, price, texts, who takes them"), ("types",), True),
    Part(TAKERS, N_("Who takes what"), N_("Types by practitioner, and lengths that differ"), ("types",)),
    Part("resources", N_("Rooms and devices"), N_("What an appointment needs besides"), ("resources",), True),
    Part("block-kinds", N_("Kinds of blocks"), N_("What the day is divided into"), ("block_kinds",), True),
    Part("templates", N_("Week templates"), N_("Blocks and breaks of a week"), ("templates",), True),
    Part("plans", N_("Plans"), N_("Who works by which week template, from when"), ("plans",), True),
    Part("days", N_("Single days"), N_("Dates on which it is otherwise"), ("days",), True),
    Part("texts", N_("Own texts"), N_("What is written on the booking page"), ("texts",)),
    Part("questions", N_("Own questions"), N_("What else patients are asked"), ("fields",), True),
    Part(
        "messages", N_("Messages and reminders"), N_("Who is told by what, and in which words"),
        ("channels", "reminders", "quiet_hours", "sms_countries", "privacy", "messages"),
    ),
    Part(RETENTION, N_("How long data is kept"), N_("What goes by itself when it is old"), ("retention",)),
)  # fmt: skip


def parts_of(told: Mapping[str, Any]) -> Sequence[Part]:
    """Return all parts; a key that none of them has stands on a page of further ones."""
    known = {key for part in _PARTS for key in part.keys}
    others = tuple(key["name"] for key in told["keys"] if key["name"] not in known and key["name"] not in _NOT_HERE)
    return (*_PARTS, Part("others", N_("Other settings"), "", others)) if others else _PARTS


def part_with(key: str) -> str:
    """Return the address of the part that has a key of the document; "" where none has."""
    return next((part.address for part in _PARTS if key in part.keys), "")
