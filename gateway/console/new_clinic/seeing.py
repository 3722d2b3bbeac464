"""What patients will see of a clinic that is not made yet: its types of appointment, and its coming days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from gateway.console.frame.here import Here
from gateway.console.new_clinic.hours import spans_in_words
from gateway.views.own_texts import OwnTexts
from shared.clinic.times.durations import parse_minutes
from shared.clinic.times.weeks import WEEKDAYS
from shared.texts.language import format_length, format_price

_DAYS = 7


class Offered(NamedTuple):
    """A type of appointment as patients will read it; "" for what is not said."""

    name: Any
    length: str
    price: str
    description: Any


class ComingDay(NamedTuple):
    """A day to come, and its hours in words; "" where nothing can be booked."""

    day: date
    hours: str


def offered(here: Here, document: Mapping[str, Any]) -> Iterator[Offered]:
    """Yield the types of appointment."""
    own = OwnTexts(here.language, document["languages"][0])
    for each in document["types"]:
        price = each.get("price")
        yield Offered(
            own(each.get("alias")) or own(each["name"]),
            format_length(parse_minutes(each["length"]), here.language),
            format_price(price, document["currency"] or "", here.language) if price else "",
            own(each.get("description")) or "",
        )


def coming_days(here: Here, document: Mapping[str, Any]) -> Iterator[ComingDay]:
    """Yield the next seven days by the clinic's clock, as its week template has them."""
    today = here.services.clock.now().astimezone(ZoneInfo(document["time_zone"])).date()
    template = document["templates"][0]["week"]
    online = {kind["key"] for kind in document["block_kinds"] if kind.get("online")}
    for step in range(1, _DAYS + 1):
        day = today + timedelta(days=step)
        blocks = template.get(WEEKDAYS[day.weekday()]) or ()
        spans = _joined([(each["from"], each["to"]) for each in blocks if each["kind"] in online])
        yield ComingDay(day, spans_in_words(spans, here.language))


def _joined(spans: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return stretches of which none begins where another ends."""
    found: list[tuple[str, str]] = []
    for start, end in sorted(spans):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
