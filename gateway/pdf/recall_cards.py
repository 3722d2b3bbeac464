"""Recall cards on paper: what, when and with whom, a link and a code to change it or to book it (PRODUCT M2, R2).

One card to a page of A6, or four to a page of A4 with marks where to cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from gateway.http.wording import LOCALES, N_
from gateway.pdf.printing import Column, Ink, Paper
from gateway.views.clinic_view import ClinicView, clinic_view
from gateway.views.rendering import moment
from shared.identity.numbers import NONE
from shared.texts.direction import Direction
from shared.texts.language import format_date, format_moment, format_number, is_right_to_left, translations

Layout = Literal["a6", "a4"]
LAYOUTS: tuple[Layout, ...] = ("a6", "a4")

_A4 = (210.0, 297.0)
_A6 = (105.0, 148.0)
_PER_SHEET = 4
_MARGIN = 9.0
_MARK = 5.0
_MARK_FROM_EDGE = 4.0  # most printers cannot print nearer to the paper's edge
_QR_SIDE = 34.0
_FOOT = 61.0  # the lower part, where the code stands

_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6)

_CLINIC = Ink(13, bold=True)
_CONTACT = Ink(8.5, grey=60)
_NAME = Ink(12, bold=True)
_LABEL = Ink(8.5, grey=80)
_VALUE = Ink(10.5)
_STRONG = Ink(10.5, bold=True)
_SENTENCE = Ink(8.5)
_CODE = Ink(19, bold=True)

_INTRODUCTION = {
    True: N_("We have booked you an appointment."),
    False: N_("It is time to book your next appointment."),
}
_HOW_TO = {
    (True, True): N_(
        "To move or cancel it, scan the QR code with your phone, or open the address below and enter "
        "your identity number and your code."
    ),
    (True, False): N_(
        "To move or cancel it, scan the QR code with your phone, or open the address below and enter "
        "your date of birth and your code."
    ),
    (False, True): N_(
        "To choose a time, scan the QR code with your phone, or open the address below and enter "
        "your identity number and your code."
    ),
    (False, False): N_(
        "To choose a time, scan the QR code with your phone, or open the address below and enter "
        "your date of birth and your code."
    ),
}
"""By whether a time is booked, and whether the clinic knows patients by a number."""


@dataclass(frozen=True)
class Card:
    """What one card tells. `start` None: a need, to be booked in its `week` (its Monday) and up to `usable_until`."""

    code: str
    link: str
    page: str
    name: str
    what: str
    practitioner: str | None
    start: datetime | None
    week: date | None
    usable_until: date | None
    language: str


def card_of(row: Mapping[str, Any]) -> Card:
    """Return the card of a row that `booking.recall_cards` answers."""
    return Card(
        code=row["code"],
        link=row["link"],
        page=row["page"],
        name=" ".join(filter(None, (row["first_name"], row["last_name"]))),
        what=row["type"],
        practitioner=row["practitioner"],
        start=moment(row["start"]) if row["start"] else None,
        week=date.fromisoformat(f"{row['week']}-1") if row["week"] else None,
        usable_until=date.fromisoformat(row["usable_until"]) if row["usable_until"] else None,
        language=row["language"],
    )


def printed(cards: Sequence[Card], document: Mapping[str, Any], layout: Layout) -> bytes:
    """Return the cards as a PDF, in their order, each in its own language; `document` is the clinic's."""
    paper = Paper(_A6 if layout == "a6" else _A4, document["name"], document["languages"][0])
    clinics = {language: clinic_view(document, language) for language in {card.language for card in cards}}
    for number, card in enumerate(cards):
        place = 0 if layout == "a6" else number % _PER_SHEET
        if place == 0:
            paper.add_page()
        if layout == "a4" and place == 0:
            _cutting_marks(paper)
        row, column = divmod(place, 2)
        _Drawing(paper, card, clinics[card.language], column * _A4[0] / 2, row * _A4[1] / 2).draw()
    return paper.finished()


class _Drawing:
    """One card, drawn with its upper left corner at (`left`, `top`)."""

    def __init__(self, paper: Paper, card: Card, clinic: ClinicView, left: float, top: float) -> None:
        self._paper, self._card, self._clinic, self._top = paper, card, clinic, top
        self._say = translations(LOCALES, card.language).gettext
        direction: Direction = "rtl" if is_right_to_left(card.language) else "ltr"
        self._column = Column(paper, left + _MARGIN, top + _MARGIN, _A6[0] - 2 * _MARGIN, direction)

    def draw(self) -> None:
        """Draw it from above: who writes, to whom, what, and how to answer."""
        self._upper_part(self._column, self._fitting_scale())
        self._how_to()

    def _fitting_scale(self) -> float:
        """Return the largest scale at which the upper part ends above the lower."""
        end = self._top + _A6[1] - _FOOT
        for scale in _SCALES:
            trial = replace(self._column, drawn=False)
            self._upper_part(trial, scale)
            if trial.top <= end:
                return scale
        return _SCALES[-1]

    def _upper_part(self, column: Column, scale: float) -> None:
        self._letterhead(column, scale)
        self._appointment(column, scale)

    def _letterhead(self, column: Column, scale: float) -> None:
        contact = self._clinic.contact
        column.text(self._clinic.name, _CLINIC.scaled(scale), most_lines=2, after=0.5)
        if address := contact.get("address"):
            column.text(address, _CONTACT.scaled(scale), most_lines=2)
        if phone := contact.get("phone"):
            column.text(phone, _CONTACT.scaled(scale), own="ltr")
        column.top += 2
        column.line(after=3)

    def _appointment(self, column: Column, scale: float) -> None:
        card, say = self._card, self._say
        column.text(card.name, _NAME.scaled(scale), most_lines=3, after=0.5)
        column.text(say(_INTRODUCTION[card.start is not None]), _VALUE.scaled(scale), after=2)
        for label, value, ink in self._rows():
            names, values = column.split(start=22, gap=2)
            names.top += 0.6  # the smaller letters on the line of the larger
            names.text(say(label), _LABEL.scaled(scale), most_lines=2)
            values.text(value, ink.scaled(scale), most_lines=3)
            column.top = max(names.top, values.top) + 1

    def _rows(self) -> Iterator[tuple[str, str, Ink]]:
        """Yield what is to be known of the appointment: label, text, and how it is written."""
        card = self._card
        yield N_("Appointment"), card.what, _VALUE
        if card.practitioner:
            yield N_("With"), card.practitioner, _VALUE
        if card.start:
            yield N_("When"), format_moment(card.start, card.language), _STRONG
        elif card.week:
            yield N_("When"), self._week(card.week), _STRONG
        if card.start is None and card.usable_until:
            yield N_("Book by"), format_date(card.usable_until, card.language), _STRONG

    def _week(self, monday: date) -> str:
        language = self._card.language
        number = format_number(monday.isocalendar().week, language)
        return self._say(N_("Week {number}, from {day}")).format(number=number, day=format_date(monday, language))

    def _how_to(self) -> None:
        card, column, say = self._card, self._column, self._say
        column.top = self._top + _A6[1] - _FOOT
        column.line(after=2)
        known_by_number = self._clinic.identity != NONE
        column.text(say(_HOW_TO[card.start is not None, known_by_number]), _SENTENCE, most_lines=4, after=1)
        column.text(card.page.removeprefix("https://"), _STRONG, most_lines=2, own="ltr")
        square, words = column.split(start=_QR_SIDE, gap=3)
        top = self._top + _A6[1] - _QR_SIDE - 4
        self._paper.qr_code(card.link, square.left, top, _QR_SIDE)
        words.top = top + _QR_SIDE / 2 - 6
        words.text(say(N_("Your code")), _LABEL)
        words.text(card.code, _CODE, own="ltr")


def _cutting_marks(paper: Paper) -> None:
    """Draw short lines where the sheet is cut: at its edges and where the cuts cross."""
    width, height = _A4
    for at in (_MARK_FROM_EDGE, height / 2 - _MARK / 2, height - _MARK_FROM_EDGE - _MARK):
        paper.line((width / 2, at), (width / 2, at + _MARK), grey=120)
    for at in (_MARK_FROM_EDGE, width / 2 - _MARK / 2, width - _MARK_FROM_EDGE - _MARK):
        paper.line((at, height / 2), (at + _MARK, height / 2), grey=120)
