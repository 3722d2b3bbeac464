"""The clinic that is searched: ten practitioners, many types that differ in nothing, so that there are many questions.

A cold search is one that nobody asked before; every type asks a new one.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from bench.load import Undertaking, request

NAME = "bench"
PRACTITIONERS = tuple(f"p{number}" for number in range(10))
TYPES = tuple(f"t{number}" for number in range(200))
FARTHEST_DAYS = 330
_DAY = timedelta(days=1)


def document() -> dict[str, Any]:
    """Return its document: weekdays from 08:00 to 17:00 with a lunch break, times every half hour."""
    hours = [{"kind": "exam", "from": "08:00", "to": "12:00"}, {"kind": "exam", "from": "13:00", "to": "17:00"}]
    return {
        "clinic": NAME,
        "name": "Bench",
        "time_zone": "Europe/Stockholm",
        "country": "SE",
        "booking": {"active": True},
        "details": {"mobile": "optional"},
        "practitioners": [{"key": key, "name": key} for key in PRACTITIONERS],
        "block_kinds": [{"key": "exam", "name": "Exam", "online": True}],
        "types": [{"key": key, "name": key, "length": "30m"} for key in TYPES],
        "templates": [{"key": "normal", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)}],
        "plans": [{"practitioner": None, "template": "normal", "from": "2020-01-01"}],
    }


def a_monday(today: date) -> date:
    """Return a Monday three weeks ahead."""
    return today + timedelta(days=28 - today.weekday())


def address(call: str, type_key: str, first: date, days: int) -> str:
    """Return the address of a search of any practitioner's times."""
    query = urlencode({"type": type_key, "from": first, "to": first + (days - 1) * _DAY})
    return f"/v1/clinics/{NAME}/{call}?{query}"


def first_times(type_key: str, after: date) -> str:
    """Return the address of any practitioner's first free times from midnight of a date on."""
    query = urlencode({"type": type_key, "after": f"{after}T00:00:00+00:00"})
    return f"/v1/clinics/{NAME}/next?{query}"


def fortnights(today: date) -> Iterator[str]:
    """Yield addresses of first free times, each found in a fortnight that no other question looks at."""
    for start in range(7, FARTHEST_DAYS - 14, 14):
        for type_key in TYPES:
            yield first_times(type_key, today + start * _DAY)


def months(call: str, today: date) -> Iterator[str]:
    """Yield addresses of searches over 31 days that have no day of any question in common."""
    for start in range(7, FARTHEST_DAYS - 31, 31):
        for type_key in TYPES:
            yield address(call, type_key, today + start * _DAY, 31)


def weekdays(call: str, today: date) -> Iterator[str]:
    """Yield addresses of searches of single working days, no question twice."""
    for start in range(7, FARTHEST_DAYS):
        day = today + start * _DAY
        if day.weekday() < 5:
            for type_key in TYPES:
                yield address(call, type_key, day, 1)


def searches(addresses: list[str], *, again: bool) -> Iterator[Undertaking]:
    """Yield searches of the addresses in turn, once or again and again; one that is answered by 200 comes to "200"."""
    turns: Iterable[str] = cycle(addresses) if again else addresses
    return (_searched(request("GET", path)) for path in turns)


def _searched(asked: bytes) -> Undertaking:
    answer = yield asked
    return "200" if answer.status == 200 else ""
