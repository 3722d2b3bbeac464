"""The calendar's columns: of each practitioner, day or room what is planned, who is away, what is booked and free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from gateway.console.calendar.clinic import CalendarClinic, Named
from gateway.console.calendar.places import Span, classes, free_places, shown_hours, span_of, uncovered

Row = Mapping[str, Any]

_NOON = 12


@dataclass(frozen=True)
class Backdrop:
    """A block of the plan, or an absence, with its `id`; `place` are the classes of its time."""

    span: Span
    place: str
    name: str
    start: datetime
    end: datetime
    look: str = ""
    online: bool = True
    id: str | None = None


@dataclass(frozen=True)
class Card:
    """A booking as a column shows it."""

    span: Span
    place: str
    reference: str
    start: datetime
    end: datetime
    patient: str
    type: Named
    practitioner: Named
    resources: tuple[str, ...]
    message: str | None
    marks: tuple[str, ...]
    """What there is to say of it, by name: `web`, `arrived` …"""
    is_free: ClassVar[bool] = False


@dataclass(frozen=True)
class Place:
    """A place where nothing is booked."""

    span: Span
    place: str
    start: datetime
    is_free: ClassVar[bool] = True

    @property
    def moment(self) -> str:
        """When it begins, as an address has it."""
        return self.start.isoformat().replace("+", "%2B")


@dataclass(frozen=True)
class Column:
    """One practitioner's or room's day."""

    named: Named
    day: date
    holiday: str | None
    closed: bool
    blocks: Sequence[Backdrop]
    absences: Sequence[Backdrop]
    cards: Sequence[Card]
    is_bookable: bool
    """Whether its free places may be booked: of a practitioner, not of a room alone."""
    zone: ZoneInfo

    @property
    def spans(self) -> list[Span]:
        """What should be seen of it: what is planned and what is booked."""
        return [*(block.span for block in self.blocks), *(card.span for card in self.cards)]

    @property
    def away(self) -> list[Backdrop]:
        """The absences as far as no booking stands before them, so that each can be read; else as a whole."""
        return [part for absence in self.absences for part in self._seen(absence)]

    def _seen(self, absence: Backdrop) -> list[Backdrop]:
        parts = uncovered(absence.span, [card.span for card in self.cards])
        return [replace(absence, span=part, place=classes(part)) for part in parts] or [absence]

    @property
    def offset(self) -> str:
        """What its wall clock is off from UTC at noon, as moments are written: `+01:00`."""
        return datetime(self.day.year, self.day.month, self.day.day, _NOON, tzinfo=self.zone).isoformat()[-6:]

    def entries(self, shown: Span) -> list[Card | Place]:
        """Return what is booked and what is free within the shown hours, in order of time."""
        taken = [*(card.span for card in self.cards), *(absence.span for absence in self.absences)]
        places = [self._place(span) for span in free_places(shown, taken)] if self.is_bookable else []
        return sorted([*self.cards, *places], key=lambda each: each.span)

    def _place(self, span: Span) -> Place:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=self.zone)
        return Place(span, classes(span), midnight + timedelta(minutes=span.start))


def columns_of_people(
    answer: Row, clinic: CalendarClinic, zone: ZoneInfo, wanted: Sequence[str], say_absent: str
) -> list[Column]:
    """Return a column for each wanted practitioner of each day that was answered."""
    cards = _cards_by(answer["bookings"], clinic, zone)
    return [
        Column(
            named=_named(clinic.practitioners, row["key"]),
            day=on,
            holiday=day["holiday"],
            closed=day["closed"],
            blocks=[_block(each, on, clinic, zone) for each in row["blocks"]],
            absences=[_absence(each, on, zone, say_absent) for each in row["absences"]],
            cards=cards.get((on, row["key"]), []),
            is_bookable=True,
            zone=zone,
        )
        for day in answer["days"]
        for on in [date.fromisoformat(day["date"])]
        for row in day["practitioners"]
        if row["key"] in wanted
    ]


def columns_of_rooms(answer: Row, clinic: CalendarClinic, zone: ZoneInfo, say_absent: str) -> list[Column]:
    """Return a column for each room and device of each day, with the bookings that use it."""
    cards = [_card(row, clinic, zone) for row in answer["bookings"]]
    return [
        Column(
            named=_named(clinic.resources, row["key"]),
            day=on,
            holiday=day["holiday"],
            closed=day["closed"],
            blocks=(),
            absences=[_absence(each, on, zone, say_absent) for each in row["absences"]],
            cards=[card for card in cards if row["key"] in card.resources and card.start.date() == on],
            is_bookable=False,
            zone=zone,
        )
        for day in answer["days"]
        for on in [date.fromisoformat(day["date"])]
        for row in day["resources"]
    ]


def hours_of(columns: Iterable[Column], *, whole_day: bool) -> Span:
    """Return which hours of the columns are shown."""
    return shown_hours((span for column in columns for span in column.spans), whole_day=whole_day)


def cards_in_order(answer: Row, clinic: CalendarClinic, zone: ZoneInfo, wanted: Sequence[str]) -> list[Card]:
    """Return the bookings with the wanted practitioners, by time."""
    return [_card(row, clinic, zone) for row in answer["bookings"] if row["practitioner"] in wanted]


def _cards_by(bookings: Iterable[Row], clinic: CalendarClinic, zone: ZoneInfo) -> dict[tuple[date, str], list[Card]]:
    found: dict[tuple[date, str], list[Card]] = {}
    for row in bookings:
        card = _card(row, clinic, zone)
        found.setdefault((card.start.date(), row["practitioner"]), []).append(card)
    return found


def _card(row: Row, clinic: CalendarClinic, zone: ZoneInfo) -> Card:
    start, end = _moments(row, zone)
    span = span_of(start, end, start.date())
    return Card(
        span=span,
        place=classes(span),
        reference=row["reference"],
        start=start,
        end=end,
        patient=" ".join(filter(None, (row["first_name"], row["last_name"]))),
        type=_named(clinic.types, row["type"]),
        practitioner=_named(clinic.practitioners, row["practitioner"]),
        resources=tuple(row["resources"]),
        message=row["message"],
        marks=tuple(_marks(row)),
    )


def _marks(row: Row) -> list[str]:
    """Return what there is to say of a booking; what came of it first, then what to look at, then how it was made."""
    told = {
        "missed": row["status"] == "missed",
        "arrived": bool(row.get("arrived_at")),
        "failed": row.get("failed_message"),
        "not_told": row.get("not_told"),
        "message": bool(row["message"]),
        "note": row.get("has_note"),
        "recall": row["origin"] == "recall",
        "web": row["origin"] == "web",
    }
    return [mark for mark, is_so in told.items() if is_so]


def _block(row: Row, day: date, clinic: CalendarClinic, zone: ZoneInfo) -> Backdrop:
    start, end = _moments(row, zone)
    kind, span = _named(clinic.kinds, row["kind"]), span_of(start, end, day)
    return Backdrop(span, classes(span), kind.name, start, end, kind.look, row["online"])


def _absence(row: Row, day: date, zone: ZoneInfo, say_absent: str) -> Backdrop:
    start, end = _moments(row, zone)
    span = span_of(start, end, day)
    return Backdrop(span, classes(span), row["reason"] or say_absent, start, end, id=row["id"])


def _moments(row: Row, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(row[name]).astimezone(zone) for name in ("start", "end"))
    return start, end


def _named(known: Mapping[str, Named], key: str) -> Named:
    """Return what a key names; itself where the document has it no more."""
    return known.get(key) or Named(key, key)
