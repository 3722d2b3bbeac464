"""The API of the first free times: for clinics' sites, and whoever books by telephone (CONTRACTS 2, B20)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.clients.services import Services
from gateway.http.answers import answer
from gateway.http.request import Request
from gateway.http.wording import N_
from gateway.public.times.next_times import MOST, NextTimes
from shared.clinic.opening import bookable_dates_of
from shared.clinic.practitioners import online_takers_of
from shared.clinic.times.wall_clock import midnight
from shared.contracts.errors import Invalid

_OF_EACH = "practitioner"
_SEARCHED = ("type", "practitioner", "for")


def next_times(services: Services, request: Request, clinic: str) -> Response:
    """Return the first free times, or with `by=practitioner` the first of each."""
    document, asked = services.documents.get(clinic).document, request.asked
    after, count = _read(asked, services.clock.now())
    zone = ZoneInfo(document["time_zone"])
    first, last = bookable_dates_of(document).on(services.clock.now().astimezone(zone).date())
    given = {name: asked[name] for name in _SEARCHED if name in asked}
    after = max(after, midnight(first, zone)).astimezone(zone)
    looking = NextTimes(services.search, services.availability, clinic, given, after, last)
    if asked.get("by") == _OF_EACH:
        return answer({"slots": _first_of_each(looking, document, asked)})
    return answer({"slots": looking.first(count)})


def _first_of_each(looking: NextTimes, document: Mapping[str, Any], asked: Mapping[str, Any]) -> list[Any]:
    """Return the first slot of each practitioner who takes the type, each once, in order of time."""
    row = next((each for each in document["types"] if each["key"] == asked.get("type")), None)
    able = online_takers_of(row, document) if row else []
    found = looking.first_of_each(tuple(able), 1)
    firsts = {slot["start"] + slot["end"]: slot for key, slots in found.items() if key for slot in slots}
    return sorted(firsts.values(), key=lambda slot: datetime.fromisoformat(slot["start"]))


def _read(asked: Mapping[str, Any], now: datetime) -> tuple[datetime, int]:
    """Return from when on, now at the earliest, and how many; raise Invalid."""
    errors: dict[str, list[str]] = {}
    after, count = now, MOST
    if "after" in asked:
        try:
            after = datetime.fromisoformat(asked["after"])
        except ValueError:
            after = datetime.min.replace(tzinfo=UTC)
        if after.tzinfo is None or not 1900 < after.year < 2999:
            errors["after"] = ["Enter a date and time with its offset: 2026-12-01T14:00:00+01:00."]
    if "count" in asked:
        text = asked["count"]
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
        if not 1 <= count <= MOST:
            errors["count"] = [N_("Enter a number from 1 to 10.")]
    if asked.get("by", _OF_EACH) != _OF_EACH:
        errors["by"] = [N_("Enter practitioner, or leave it out.")]
    if errors:
        raise Invalid.because("Some of the parameters are wrong.", errors=errors)
    return max(after.astimezone(UTC), now), count


ROUTES = (
    Operation(
        "GET", "/v1/clinics/<clinic>/next", next_times, "List the first free times, at most 10, spread", schemas.Slots,
        query=schemas.NextQuery, refusals=("not_found", "invalid", "login_required"),
    ),
)  # fmt: skip
