"""A day's bookings on paper, for the desk and for the day on which nothing else works (PRODUCT C11, C15).

Each practitioner begins a page of A4. Who is to be called is there with their telephone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from eventlet import tpool
from werkzeug.wrappers import Response

from gateway.http.wording import LOCALES, N_
from gateway.pdf.printing import Column, Ink, Paper
from gateway.views.own_texts import OwnTexts
from gateway.views.rendering import moment
from shared.texts.direction import Direction
from shared.texts.language import format_date, format_moment, format_time, is_right_to_left, translations

_A4 = (210.0, 297.0)
_MARGIN = 15.0
_GAP = 3.0
_TIME, _WHO, _WHAT = 26.0, 62.0, 38.0

_HEADING = Ink(15, bold=True)
_SMALL = Ink(8.5, grey=80)
_TEXT = Ink(10)
_STRONG = Ink(10, bold=True)


@dataclass(frozen=True)
class Line:
    """One booking, in words."""

    practitioner: str
    start: datetime
    end: datetime
    patient: str
    phone: str | None
    what: str
    where: str
    message: str
    status: str
    reference: str


def lines_of(bookings: Iterable[Mapping[str, Any]], document: Mapping[str, Any], language: str) -> list[Line]:
    """Return what is printed of bookings as booking lists them, by practitioner in the document's order, then by time.

    What was cancelled is left out.
    """
    own, zone = OwnTexts(language, document["languages"][0]), ZoneInfo(document["time_zone"])
    people = {each["key"]: own(each["name"]) or each["key"] for each in document["practitioners"]}
    types = {each["key"]: own(each["name"]) or each["key"] for each in document["types"]}
    rooms = {each["key"]: own(each["name"]) or each["key"] for each in document["resources"]}
    order = {key: place for place, key in enumerate(people)}
    rows = [each for each in bookings if each["status"] != "cancelled"]
    rows.sort(key=lambda each: (order.get(each["practitioner"], len(order)), each["practitioner"], each["start"]))
    return [
        Line(
            practitioner=people.get(each["practitioner"], each["practitioner"]),
            start=moment(each["start"], zone),
            end=moment(each["end"], zone),
            patient=" ".join(filter(None, (each["patient"].get("first_name"), each["patient"].get("last_name")))),
            phone=each["patient"].get("mobile"),
            what=types.get(each["type"], each["type"]),
            where=", ".join(rooms.get(key, key) for key in each["resources"]),
            message=each.get("message") or "",
            status="arrived" if each.get("arrived_at") else each["status"],
            reference=each["reference"],
        )
        for each in rows
    ]


def printed_day(lines: Sequence[Line], document: Mapping[str, Any], day: date, language: str, as_of: datetime) -> bytes:
    """Return the day's list as a PDF; `as_of` is when it was asked for, which stands on each page."""
    own = OwnTexts(language, document["languages"][0])
    clinic = own(document["name"]) or document["clinic"]
    sheets = _Sheets(Paper(_A4, clinic, language), clinic, day, language, as_of)
    if not lines:
        sheets.begin(clinic)
        sheets.column.text(sheets.say(N_("Nothing is booked on this day.")), _TEXT)
    for practitioner, own_lines in groupby(lines, key=lambda each: each.practitioner):
        sheets.begin(practitioner)
        for line in own_lines:
            sheets.write(line)
    return sheets.paper.finished()


def answered(
    bookings: Iterable[Mapping[str, Any]], document: Mapping[str, Any], day: date, language: str, as_of: datetime
) -> Response:
    """Return the day's list as an answer; drawn in a thread, for the other requests do not wait."""
    lines = lines_of(bookings, document, language)
    response = Response(tpool.execute(printed_day, lines, document, day, language, as_of), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{document["clinic"]}-{day}.pdf"'
    return response


class _Sheets:
    """Pages that are filled from above; where one is full the next has the same head."""

    def __init__(self, paper: Paper, clinic: str, day: date, language: str, as_of: datetime) -> None:
        self.paper = paper
        self._clinic, self._day, self._language = clinic, day, language
        self._as_of = as_of
        self.say = translations(LOCALES, language).gettext
        self._direction: Direction = "rtl" if is_right_to_left(language) else "ltr"
        self._head = ""
        self.column = Column(paper, _MARGIN, _MARGIN, _A4[0] - 2 * _MARGIN, self._direction)

    def begin(self, head: str) -> None:
        """Begin a page for a practitioner."""
        self._head = head
        self.paper.add_page()
        self.column = replace(self.column, top=_MARGIN)
        self.column.text(head, _HEADING, most_lines=2)
        self.column.text(format_date(self._day, self._language), _STRONG)
        printed = self.say(N_("Printed {moment}")).format(moment=format_moment(self._as_of, self._language))
        self.column.text(f"{self._clinic} · {printed}", _SMALL, most_lines=2, after=2, own=self._direction)
        self.column.line(after=2)

    def write(self, line: Line) -> None:
        """Write a booking, on the next page where it does not fit on this one."""
        trial = replace(self.column, drawn=False)
        self._row(trial, line)
        if trial.top > _A4[1] - _MARGIN:
            self.begin(self._head)
        self._row(self.column, line)

    def _row(self, column: Column, line: Line) -> None:
        time, rest = column.split(start=_TIME, gap=_GAP)
        who, rest = rest.split(start=_WHO, gap=_GAP)
        what, note = rest.split(start=_WHAT, gap=_GAP)
        times = (format_time(each, self._language) for each in (line.start, line.end))
        time.text("–".join(times), _STRONG, own=self._direction)
        who.text(line.patient, _STRONG, most_lines=2)
        if line.phone:
            who.text(line.phone, _TEXT, own="ltr")
        for text in _given(line.what, line.where):
            what.text(text, _TEXT, most_lines=2)
        for text in _given(line.message):
            note.text(text, _SMALL, most_lines=8)
        column.top = max(each.top for each in (time, who, what, note)) + 1
        column.line(after=1.5)


def _given(*texts: str) -> Iterator[str]:
    return filter(None, texts)
