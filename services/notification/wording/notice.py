"""What a built-in message is made of, for the templates, and how its parts are put together in any language.

Every sentence is a gettext message whose msgid is the English; `locales/<language>.po` holds the others.
`appointment_notice` words what happens to bookings, `call_notice` what calls patients in or lets them in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from services.notification.wording.facts import Facts
from services.notification.wording.short import Brief
from shared.texts.direction import first_direction
from shared.texts.language import colon, comma

LOCALES = Path(__file__).parent / "locales"

Translate = Callable[[str], str]

_ASKS = ("?", "؟")
_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}


@dataclass(frozen=True)
class Action:
    """A link, what it does, and both as one line of text."""

    label: str
    url: str
    line: str


@dataclass(frozen=True)
class Notice:
    """A message in parts, for the templates.

    `rows` are labels and values, `lines` the same as text; `brief` is what an SMS says of it; `otherwise` is how to go
    on where `action` fails.
    """

    subject: str
    greeting: str
    headline: str
    rows: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    brief: tuple[Brief, ...]
    paragraphs: tuple[str, ...]
    action: Action | None
    signature: tuple[str, ...]
    otherwise: str = ""


def greeting(_: Translate, facts: Facts) -> str:
    """Return the first line of an email to a patient; empty where the clinic asks for no name."""
    return _("Hello %(name)s,") % {"name": facts.first_name} if facts.first_name else ""


def signature(facts: Facts) -> tuple[str, ...]:
    """Return who writes, and where to find them."""
    return tuple(filter(None, (facts.clinic, left_to_right(facts.phone, facts), facts.website)))


def time_rows(_: Translate, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield when it is and how long it takes."""
    yield _("Date"), facts.date
    yield _("Time"), f"{facts.time}–{facts.end_time}"
    yield _("Length"), facts.length


def line(label: str, value: str, facts: Facts) -> str:
    """Return a label and what it stands for as one line; no colon follows a clinic's question."""
    mark = "" if label.endswith(_ASKS) else colon(facts.language)
    return f"{label}{mark} {value}"


def action(label: str, url: str, facts: Facts) -> Action:
    """Return a link."""
    return Action(label, url, line(label, url, facts))


def joined(facts: Facts, *parts: str) -> str:
    """Return those parts that there are, in a row."""
    return f"{comma(facts.language)} ".join(filter(None, parts))


def opening(headline: str, facts: Facts) -> Brief:
    """Return how an SMS begins: who writes, and what it is about.

    A telephone lays the line out by its first letter: where the clinic's name is written the other way than the
    language, a mark says which way that goes (U+200E, U+200F). Such an SMS is in UCS-2 already.
    """
    runs_against = first_direction(facts.clinic) not in (facts.direction, None)
    return Brief((_MARKS[facts.direction] if runs_against else "") + line(facts.clinic, headline, facts))


def way(action: Action | None, facts: Facts, *, rank: int | None) -> Iterator[Brief]:
    """Yield the last lines of an SMS: its link, and before that what the link is for, where there is room by `rank`.

    With None that is left out: the SMS has said it already.
    """
    if action:
        if rank is not None:
            yield Brief(f"{action.label}{colon(facts.language)}", rank)
        yield Brief(action.url)


def filled(rows: Iterator[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the rows that say something."""
    return tuple((label, value) for label, value in rows if value)


def left_to_right(text: str, facts: Facts) -> str:
    """Return a number or code so that its signs keep their order in right-to-left text (Unicode isolates)."""
    return f"\u2066{text}\u2069" if text and facts.direction == "rtl" else text
