"""All that the services hold of one patient, put together for who asks what is kept of them (PRODUCT A3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.clients.services import Services
from gateway.http.wording import LOCALES, N_
from shared.texts.language import LANGUAGES, translations

MOST_PAGES = 60
"""So many pages of each list are put together: thousands of appointments, more than a life has."""
_AT_ONCE = 200
PURPOSE = N_(
    "We send text messages and emails only about your appointments with us: to confirm them, to remind you of them, "
    "to tell you about changes and to invite you to the next one. Nothing else."
)
"""What patients' consent to messages is for (B18a)."""

Row = dict[str, Any]


class _Lists:
    """Lists of services, read page by page; `complete` tells whether each was read to its end."""

    def __init__(self) -> None:
        self.complete = True

    def pages(self, ask: Callable[..., Row]) -> list[Row]:
        """Return the pages that `ask` answers, `MOST_PAGES` at most."""
        found, cursor = list[Row](), dict[str, Any]()
        while len(found) < MOST_PAGES:
            found.append(ask(**cursor))
            if (following := found[-1]["next"]) is None:
                return found
            cursor = {"cursor": following}
        self.complete = False
        return found

    def rows(self, name: str, ask: Callable[..., Row]) -> list[Row]:
        """Return the rows that these pages list under `name`."""
        return _rows(self.pages(ask), name)


def held_of(services: Services, clinic: str, patient: str) -> Row:
    """Return all that is held of a patient, as `gateway.api.schemas.Held` describes it.

    Patient writes down that the record is handed out before anything else is read. Raises NotFound, and what services
    raise that are away: no part is left out unsaid.
    """
    record = services.patient.export(clinic, patient)
    exported_at = services.clock.now().isoformat(timespec="seconds")
    told = {"exported_at": exported_at, "clinic": clinic, **record, "purpose": _purpose()}
    return {**told, **_listed(services, clinic, patient)}


def counted_of(services: Services, clinic: str, record: Mapping[str, Any]) -> Row:
    """Return how much of each kind erasing a patient would reach, as `gateway.api.schemas.WouldErase` describes it.

    It is counted in the lists that are handed out, so that nothing is erased that nobody could have asked for (A3).
    Raises what services raise that are away.
    """
    patient = record["id"]
    held = _listed(services, clinic, patient)
    coming = [row for row in held["bookings"] if row["status"] == "booked"]
    waiting = [row for row in held["messages"] if row["state"] == "planned"]
    return {
        "patient": patient,
        "coming": [row["reference"] for row in coming],
        "bookings": len(held["bookings"]) - len(coming),
        "needs": len(held["needs"]),
        "recalls": len(held["recalls"]),
        "messages": len(held["messages"]) - len(waiting),
        "messages_waiting": len(waiting),
        "notes": sum(bool(each.get("note")) for each in (record, *held["bookings"])),
        "openings": len(held["access_log"]),
        "complete": held["complete"],
    }


def _purpose() -> dict[str, str]:
    """Return what consent is for in each language, by its code."""
    return {code: translations(LOCALES, code).gettext(PURPOSE) for code in LANGUAGES}


def _listed(services: Services, clinic: str, patient: str) -> Row:
    """Return every list of what belongs to a record."""
    lists = _Lists()
    needs = lists.rows("needs", lambda **at: services.patient.needs(clinic, patient=patient, limit=_AT_ONCE, **at))
    booked = lists.pages(lambda **at: services.booking.export(clinic, patient=patient, **at))
    written = _messages(services, lists, clinic, patient, [need["id"] for need in needs])
    opened = lists.rows(
        "access_log", lambda **at: services.patient.access_log(clinic, patient=patient, limit=_AT_ONCE, **at)
    )
    return {
        "needs": needs,
        "bookings": _rows(booked, "bookings"),
        "recalls": _rows(booked, "recalls"),
        "messages": written,
        "access_log": opened,
        "complete": lists.complete,
    }


def _messages(services: Services, lists: _Lists, clinic: str, patient: str, needs: Sequence[str]) -> list[Row]:
    """Return the messages about the patient, the newest first; of recalls for so many needs at once each once."""
    found: dict[str, Row] = {}
    for start in range(0, max(1, len(needs)), _AT_ONCE):
        asked = {"patient": patient, "needs": needs[start : start + _AT_ONCE]}
        rows = lists.rows("messages", lambda asked=asked, **at: services.notification.export(clinic, **asked, **at))
        found |= {row["id"]: row for row in rows}
    return sorted(found.values(), key=lambda row: str(row["at"]), reverse=True)


def _rows(pages: Sequence[Row], name: str) -> list[Row]:
    return [row for page in pages for row in page[name]]
