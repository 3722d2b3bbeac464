"""What happened to a booking, entry by entry, in people's words (PRODUCT A1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from shared.texts.language import comma, format_length, format_short_moment

_EVENTS = {
    "BookingCreated": N_("Booked."),
    "BookingMoved": N_("Moved"),
    "BookingChanged": N_("Changed"),
    "BookingCancelled": N_("Cancelled"),
    "BookingMissed": N_("Did not come"),
    "BookingRestored": N_("Restored"),
    "BookingArrived": N_("Arrived"),
    "BookingNoted": N_("Note"),
    "LinkRenewed": N_("New link"),
    "RecallIssued": N_("Called in"),
    "MessageSent": N_("Message sent"),
    "MessageFailed": N_("Message failed"),
}
_UNDONE = N_("Undone")
_IMPORTED = N_("Taken over from the former system")
_NOT_THERE = N_("Arrival taken back")
_ACTORS = {"patient": N_("Patient"), "service": N_("Automatically"), "tool": N_("Program")}
_LABELS = {
    "start": N_("Time"),
    "practitioner": N_("Practitioner"),
    "type": N_("Type"),
    "minutes": N_("Length"),
    "resources": N_("Rooms and devices"),
    "sms_reminder": N_("Text message reminder"),
    "comment": N_("Comment"),
    "note": N_("Note"),
    "tell": N_("Who was told"),
    "channel": N_("By"),
}
_TOLD = {"practitioner": N_("The practitioner only"), "none": N_("Nobody")}
_CHANNELS = {"sms": N_("Text message"), "email": N_("Email")}


@dataclass(frozen=True)
class Happened:
    """One entry: when, what, by whom, from where, and what is another than before, each with what it was."""

    at: datetime
    what: str
    by: str
    source: str | None
    changes: list[tuple[str, str, str]]


def history_of(here: Here, entries: list[Mapping[str, Any]]) -> list[Happened]:
    """Return a booking's history, the latest first."""
    return [_entry(here, each) for each in reversed(entries)]


def _entry(here: Here, entry: Mapping[str, Any]) -> Happened:
    changes, actor = entry["changes"], entry["actor"]
    what = _EVENTS.get(entry["type"], entry["type"])
    if "undoes" in changes:
        what = _UNDONE
    elif "imported" in changes:
        what = _IMPORTED
    elif entry["type"] == "BookingArrived" and changes.get("arrived_at", [None, None])[1] is None:
        what = _NOT_THERE
    by = actor.get("id") if actor["kind"] == "staff" else here.say(_ACTORS[actor["kind"]])
    shown = list(_changes(here, changes))
    return Happened(datetime.fromisoformat(entry["at"]), here.say(what), by or "", entry.get("source"), shown)


def _changes(here: Here, changes: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for field, label in _LABELS.items():
        if field in changes and not (field == "tell" and "imported" in changes):  # who knew of it is told nothing
            before, after = (_shown(here, field, value) for value in changes[field])
            yield here.say(label), before, after


def _shown(here: Here, field: str, value: Any) -> str:
    if value is None or value == []:
        return ""
    language = here.language
    ways = {
        "start": lambda: format_short_moment(datetime.fromisoformat(value), language),
        "practitioner": lambda: here.names.practitioner(value),
        "type": lambda: here.names.type(value),
        "minutes": lambda: format_length(value, language),
        "resources": lambda: f"{comma(language)} ".join(map(here.names.resource, value)),
        "sms_reminder": lambda: here.say(N_("On") if value else N_("Off")),
        "tell": lambda: here.say(_TOLD.get(value, value)),
        "channel": lambda: here.say(_CHANNELS.get(value, value)),
    }
    return str(ways[field]()) if field in ways else str(value)
