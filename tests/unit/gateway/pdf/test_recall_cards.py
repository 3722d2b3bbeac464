"""Printed recall cards: paper, words, code and QR code (PRODUCT M2, R2)."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import segno
from pypdf import PageObject

from gateway.pdf.printing import QUIET_MODULES, Column, Ink, Paper
from gateway.pdf.recall_cards import Card, card_of, printed
from services.availability.document import check
from shared.texts.direction import first_direction
from shared.texts.language import LANGUAGES
from tests.builders.gateway.clinics import DOCUMENT
from tests.builders.gateway.paper import LINK, POINTS_PER_MM, ROW, pages_of, size_of, words_on

BOOKED = Card(
    code="7K3M-9QX2",
    link=LINK,
    page="https://booking.example/recall",
    name="Maja Ek",
    what="Undersökning",
    practitioner="Anna Berg",
    start=datetime(2026, 12, 1, 14, 15, tzinfo=ZoneInfo("Europe/Stockholm")),
    week=date(2026, 11, 30),
    usable_until=None,
    language="sv",
)
NEED = replace(BOOKED, start=None, practitioner=None, usable_until=date(2027, 3, 16))
UNLIMITED = replace(NEED, usable_until=None)
LINKS = [LINK, "https://booking.example/m/7K3M9QX2VTabcdefghijklmnopqrstuvwx", LINK * 3]


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a clinic's document in normal form."""
    checked = check({**DOCUMENT, **changes})
    assert not checked.problems, checked.problems
    document: dict[str, Any] = checked.document
    return document


def in_all_languages(card: Card) -> list[Card]:
    """Return a card as it is written in each language."""
    return [replace(card, language=language) for language in LANGUAGES]


class Sheets:
    """Cards of the usual clinic, a card to a page, in one PDF: its fonts take longer than all that they write."""

    def __init__(self) -> None:
        linked = [replace(BOOKED, link=link) for link in LINKS]
        cards = list(dict.fromkeys([*in_all_languages(BOOKED), *in_all_languages(NEED), UNLIMITED, *linked]))
        self._pages = dict(zip(cards, pages_of(printed(cards, a_document(), "a6")), strict=True))

    def page(self, card: Card) -> PageObject:
        """Return a card's page."""
        return self._pages[card]

    def words(self, card: Card) -> str:
        """Return the words on a card's page."""
        return words_on(self._pages[card])


@pytest.fixture(scope="module")
def sheets() -> Sheets:
    """Return the cards that are looked at for many things."""
    return Sheets()


def bars_on(page: PageObject) -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height in mm of the filled bars of a page."""
    contents = page.get_contents()
    assert contents is not None
    found = re.findall(r"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re f", contents.get_data().decode("latin-1"))
    high = float(page.mediabox.height)
    read = [tuple(map(float, numbers)) for numbers in found]
    return [
        (x / POINTS_PER_MM, (high - y) / POINTS_PER_MM, w / POINTS_PER_MM, abs(h) / POINTS_PER_MM)
        for x, y, w, h in read
    ]


def squares_on(page: PageObject) -> tuple[list[list[int]], float]:
    """Return the one QR code of a page as rows of dark (1) and light (0), and the side of its symbol in mm."""
    bars = bars_on(page)
    module = bars[0][3]
    left, top = min(bar[0] for bar in bars), min(bar[1] for bar in bars)
    count = round((max(bar[0] + bar[2] for bar in bars) - left) / module)
    rows = [[0] * count for _ in range(count)]
    for x, y, width, _ in bars:
        first = round((x - left) / module)
        for column in range(first, first + round(width / module)):
            rows[round((y - top) / module)][column] = 1
    return rows, count * module


@pytest.mark.parametrize(
    ("layout", "count", "pages", "size"),
    [
        ("a6", 4, 4, (105, 148)),
        ("a4", 4, 1, (210, 297)),
        ("a4", 9, 3, (210, 297)),
    ],
)
def test_a_card_fills_a_page_of_a6_and_four_a_sheet_of_a4(layout, count, pages, size):
    codes = [f"CARD-{number:04d}" for number in range(count)]
    made = pages_of(printed([replace(BOOKED, code=code) for code in codes], a_document(), layout))
    assert [size_of(page) for page in made] == [size] * pages
    assert re.findall(r"CARD-\d{4}", " ".join(map(words_on, made))) == codes


def test_a_booked_recall_says_who_what_when_with_whom_and_how_to_change_it_m2(sheets):
    words = sheets.words(BOOKED)
    for told in (
        "Solna Tandvård", "Storgatan 1, Solna", "+46 8 123 45 67", "Maja Ek", "Undersökning", "Anna Berg",
        "tisdag 1 december 2026 kl. 14:15", "Vi har bokat en tid åt dig.", "Så här bokar du om eller avbokar",
        "ditt personnummer", "booking.example/recall", "7K3M-9QX2",
    ):  # fmt: skip
        assert told in words
    assert "m/n0123" not in words, "the personal link is in the QR code alone: nobody types it"


def test_a_need_says_its_week_and_last_day_b10(sheets):
    words = sheets.words(NEED)
    assert "Vecka 49, från måndag 30 november 2026" in words
    assert "Boka senast tisdag 16 mars 2027" in words
    assert "Behandlare" not in words
    assert "Boka senast" not in sheets.words(UNLIMITED)


def test_a_clinic_without_numbers_asks_for_the_birth_date():
    (page,) = pages_of(printed([BOOKED], a_document(identity="none"), "a6"))
    words = words_on(page)
    assert "ditt födelsedatum" in words
    assert "personnummer" not in words


@pytest.mark.parametrize("card", [BOOKED, NEED], ids=["booked", "need"])
def test_cards_are_written_in_all_languages(card, sheets):
    words = {each.language: sheets.words(each) for each in in_all_languages(card)}
    assert all("7K3M-9QX2" in each and "booking.example/recall" in each for each in words.values())
    assert [language for language in LANGUAGES if "Your code" in words[language]] == ["en"]
    assert len(set(words.values())) == len(LANGUAGES)


def test_a_persian_card_has_its_own_calendar_and_digits_and_is_mirrored(sheets):
    written_in_persian = replace(BOOKED, language="fa")
    swedish, persian = sheets.page(BOOKED), sheets.page(written_in_persian)
    words = sheets.words(written_in_persian)
    assert set("۱۴۰۵") <= set(words)
    assert "2026" not in words
    middle = 105 / 2
    assert max(bar[0] + bar[2] for bar in bars_on(swedish)) < middle < min(bar[0] for bar in bars_on(persian))


@pytest.mark.parametrize("link", LINKS)
def test_the_qr_code_is_the_personal_link_and_large_enough_to_be_read(link, sheets):
    """Error correction M; at least 20 mm; a quiet border of four modules in which nothing stands."""
    page = sheets.page(replace(BOOKED, link=link))
    drawn, side = squares_on(page)
    expected = segno.make_qr(link, error="m", boost_error=False)
    assert drawn == [list(row) for row in expected.matrix]
    assert expected.error == "M"
    assert side >= 20
    module = side / len(drawn)
    left, top = min(bar[0] for bar in bars_on(page)), min(bar[1] for bar in bars_on(page))
    assert left >= QUIET_MODULES * module
    assert top + side + QUIET_MODULES * module <= 148


LONGEST = [
    "Wolfeschlegelsteinhausenbergerdorff " * 5,
    "A" * 201,
    "محمدعلی " * 25,
    "Ẩ̃" * 100,
]
LONG_IN = [
    *((LONGEST[0], language) for language in LANGUAGES),
    *zip(LONGEST[1:], ("fa", "sv", "fa"), strict=True),
]
"""Each language, and each long name, some on a card that runs the other way."""


def test_nothing_runs_over_the_card_or_into_the_code():
    """A name of 201 signs, long type, practitioner, clinic and address, all on one card, in each language."""
    contact = {"phone": "+46 8 123 45 67", "address": "Storgatan med ett mycket långt namn, uppgång C, " * 4}
    document = a_document(name="Kliniken med det långa namnet som ingen minns " * 2, contact=contact)
    short = "https://b.example/m/n"  # the code takes the same place whatever it says, and reads quicker
    long = replace(NEED, link=short, what="Undersökning med röntgen " * 6, practitioner="Anna-Karin " * 12)
    cards = [replace(long, name=name.strip(), language=language) for name, language in LONG_IN]
    for page in pages_of(printed(cards, document, "a6")):
        lines, words = lines_of(page)
        assert all(0 < across < 105 for across, _ in lines)
        upper = [down for _, down in lines if down < 148 - 61]
        lower = [down for _, down in lines if down >= 148 - 61]
        assert len(upper) >= 9
        assert min(lower) - max(upper) > 4, "the lower part begins below the rule"
        assert "7K3M-9QX2" in words


def lines_of(page: PageObject) -> tuple[list[tuple[float, float]], str]:
    """Return where each text of a page starts, mm from the left and from above, and all of them as one."""
    found: list[tuple[float, float]] = []
    high = float(page.mediabox.height)

    def note(text: str, _page: Any, matrix: list[float], _font: Any, _size: Any) -> None:
        if text.strip():
            found.append((matrix[4] / POINTS_PER_MM, (high - matrix[5]) / POINTS_PER_MM))

    return found, page.extract_text(visitor_text=note)


def test_letters_that_the_font_lacks_are_boxes_on_paper_and_nothing_in_the_log(caplog):
    shown = {"王小明 Wang": "□□□ Wang", "\u2066Maja\u2069\u3000Ek": "Maja Ek", "สมชาย Jai": "□□□□□ Jai"}
    pages = pages_of(printed([replace(BOOKED, name=name) for name in shown], a_document(), "a6"))
    for page, words in zip(pages, shown.values(), strict=True):
        assert words in words_on(page)
    assert caplog.text == ""


class Written(Paper):
    """Paper that remembers each line, and what share of its place it takes."""

    def __init__(self) -> None:
        super().__init__((105, 148), "A test", "en")
        self.lines: list[tuple[str, float]] = []

    def write(self, text: str, ink: Ink, points: float, place: Any, own: Any, at_right: bool) -> None:
        self.lines.append((text, self.width(text, ink, points) / place[2]))


@pytest.fixture(scope="module")
def paper():
    """Return a sheet for all that is only measured."""
    paper = Written()
    paper.add_page()
    yield paper
    paper.finished()


@pytest.mark.parametrize("name", LONGEST, ids=["words", "one word", "Persian", "marks"])
@pytest.mark.parametrize("most_lines", [1, 3])
def test_a_text_is_made_smaller_then_cut_until_it_fits_its_place(name, most_lines, paper):
    paper.lines.clear()
    Column(paper, 0, 0, 50).text(name, Ink(12, bold=True), most_lines=most_lines)
    assert len(paper.lines) == most_lines
    assert all(share <= 1 for _, share in paper.lines)
    assert paper.lines[-1][0].endswith("…")


def test_what_a_no_break_space_joins_stays_on_one_line(paper):
    paper.lines.clear()
    Column(paper, 0, 0, 40).text("mardi 1er décembre à\u00a014h00", Ink(12), most_lines=2)
    assert paper.lines[-1][0].endswith("à\u00a014h00")


@pytest.mark.parametrize(
    ("text", "direction"), [("Maja", "ltr"), ("محمد", "rtl"), ("12 محمد Maja", "rtl"), ("7-12", None), ("", None)]
)
def test_a_text_runs_in_the_direction_of_its_first_letter(text, direction):
    assert first_direction(text) == direction


def test_a_row_of_the_service_becomes_a_card():
    card = card_of({**ROW, "first_name": None})
    assert card == replace(BOOKED, name="Ek")
    need = {**ROW, "start": None, "practitioner": None, "week": "2026-W53", "usable_until": "2027-03-16"}
    assert card_of(need) == replace(NEED, week=date(2026, 12, 28))
