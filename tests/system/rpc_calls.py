"""A call of each method that tools may make, in an order in which most of them are done and not refused."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.system.clinics import at, in_days
from tests.system.walls import A_PICTURE, METHODS, TOOL, House

Call = tuple[str, list[Any], dict[str, Any]]
Found = Mapping[str, Any]

FIRST = (
    "availability.put_picture", "notification.resend", "patient.add_need", "patient.close_need", "patient.add",
    "availability.document",
)  # fmt: skip
"""What others find done."""

LAST = ("booking.cancel", "booking.undo", "availability.remove_picture", "patient.erase", "patient.erasure")
"""What ends what others are about."""


def _document(house: House, found: Found) -> tuple[list[Any], dict[str, Any]]:
    return [house.clinic.key], {"document": found["availability.document"]["answer"]["document"]}


def _added(found: Found) -> str:
    """Return the id of the patient who has nothing to come, and so can be erased."""
    id: str = found["patient.add"]["answer"]["id"]
    return id


_DAY = in_days(12)
BETTER: Mapping[str, Callable[[House, Found], tuple[list[Any], dict[str, Any]]]] = {
    "availability.put_picture": lambda house, _: ([house.clinic.key, "anna"], {"content": A_PICTURE}),
    "availability.remove_picture": lambda house, _: ([house.clinic.key, "anna"], {}),
    "availability.check_document": _document,
    "availability.apply_document": _document,
    "booking.collisions": lambda house, _: (
        [house.clinic.key],
        {"practitioner": "anna", "from": at(_DAY, "08:00"), "to": at(_DAY, "12:00")},
    ),
    "booking.cancel": lambda house, _: ([], {"clinic": house.clinic.key, "reference": house.things["reference"]}),
    "booking.undo": lambda house, found: (
        [house.clinic.key, house.things["reference"]],
        {"version": found["booking.cancel"]["answer"]["version"]},
    ),
    "patient.close_need": lambda house, found: ([house.clinic.key, found["patient.add_need"]["answer"]["id"]], {}),
    "patient.erase": lambda house, found: ([house.clinic.key, _added(found)], {"confirm": "New Person"}),
    "patient.erasure": lambda house, found: ([house.clinic.key, _added(found)], {}),
}
"""Calls that are done, where those that try who is let in are refused for another reason."""


def calls_of(house: House, found: Found) -> Iterator[Call]:
    """Yield name, arguments and fields of each call; `found` holds what those before it came to."""
    between = [name for name, (who, _) in METHODS.items() if TOOL in who and name not in {*FIRST, *LAST}]
    for name in (*FIRST, *between, *LAST):
        args, fields = BETTER[name](house, found) if name in BETTER else METHODS[name][1](house)
        yield name, list(args), fields
