"""Bookings told again, as booking tells them to who compares himself with it."""

from collections.abc import Sequence
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.reconciling import Retold

ASKED: dict[str, Any] = {"since": None, "cursor": None, "references": None, "repair": False}
REPAIR = {**ASKED, "repair": True}


class FakeBookings:
    """The booking service with bookings that are as the newest event of each says."""

    def __init__(self, patient: str | None = None) -> None:
        self.patient = patient
        self.events: dict[str, list[Event]] = {}

    def know(self, *events: Event) -> None:
        """Let bookings be as these events say, each the next change of its booking."""
        for event in events:
            self.events.setdefault(event.subject, []).append(event)

    def states(self, _clinic: str, references: Sequence[str] | None = None, **_which: Any) -> dict[str, Any]:
        """Return all of them, or those that are named."""
        told = [self._retold(each) for name, each in self.events.items() if references is None or name in references]
        return {"bookings": [each.to_json() for each in told], "next": None}

    def forget(self) -> None:
        """Have no bookings, as after an older back-up was restored."""
        self.events.clear()

    def _retold(self, events: list[Event]) -> Retold:
        newest = events[-1]
        published = {event.id: event.type for event in events}
        news = [
            event
            for event in events
            if event.type != "LinkRenewed" and (event.type != "BookingChanged" or event.data["previous"])
        ]
        links = [event.subject_version for event in events if event.type == "LinkRenewed"]
        return Retold(newest, news[-1].subject_version, max(links, default=0), self.patient, published)


def differing(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Return what an answer says of each subject that differs."""
    return {each["subject"]: each["what"] for each in answer["differs"]}
