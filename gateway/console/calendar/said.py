"""What is said of bookings in the calendar, to who sees the marks and to who hears them."""

from collections.abc import Callable, Mapping

from gateway.console.calendar.columns import Card
from gateway.http.wording import N_
from shared.texts.language import comma, format_day, format_time

Say = Callable[[str], str]

MARKS: Mapping[str, str] = {
    "missed": N_("did not come"),
    "arrived": N_("has arrived"),
    "failed": N_("a message did not arrive"),
    "not_told": N_("the patient has not been told"),
    "message": N_("message from the patient"),
    "note": N_("note"),
    "recall": N_("called in"),
    "web": N_("booked on the web"),
}
"""What each mark of a booking means."""

ABSENT = N_("Absent")
"""Where an absence has no reason, or one that is not told."""


def sentence_of(card: Card, language: str, say: Say) -> str:
    """Return what a screen reader says of a booking: `Tuesday 1 December, 14:30, Anna Berg, Examination, …` (C6)."""
    type_name = card.type.detail or card.type.name
    parts = [format_day(card.start.date(), language), format_time(card.start, language)]
    parts += [card.patient] * bool(card.patient) + [type_name]
    parts += [say(MARKS[mark]) for mark in card.marks]
    if card.message:
        parts.append(card.message)
    return f"{comma(language)} ".join(parts)
