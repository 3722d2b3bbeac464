"""A question on a page: what its widget needs (`field.html`), and what was typed into it, read back and shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.http.wording import N_
from shared.texts.language import calendar_date, format_date

_LONGEST = {"name": 100, "text": 500, "long_text": 5000, "email": 254, "tel": 40, "identity": 40, "number": 20}
_LONGEST_MESSAGE = 2000
"""As long as booking takes it: nothing is refused that could be typed."""

NUMBERS: Mapping[str, tuple[str, str]] = {
    "se.personnummer": (
        N_("Swedish personal identity number"),
        N_("Personnummer or coordination number, 10 or 12 digits. For example 19850412-1234."),
    ),
    "no.fodselsnummer": (
        N_("Norwegian national identity number"),
        N_("Fødselsnummer or D-number, 11 digits. For example 120485 12345."),
    ),
    "dk.cpr": (N_("Danish CPR number"), N_("10 digits. For example 120485-1234.")),
    "ch.ssn": (
        N_("Swiss AHV/AVS number"),
        N_("13 digits starting with 756. You find it on your health insurance card."),
    ),
    "ir.melli": (N_("Iranian national code"), N_("10 digits, as on your national ID card.")),
}
"""How the national number of a scheme is asked for: its name, and a hint."""


@dataclass(frozen=True)
class Field:
    """One question. `name` is the field's name in the API; a date is asked as `name.day`, `.month`, `.year`.

    `known` is the answer where it is proven already: it is shown and not asked for.
    """

    name: str
    kind: str
    label: str
    required: bool
    hint: str | None = None
    autocomplete: str | None = None
    choices: tuple[str, ...] = ()
    known: str | None = None

    @property
    def id(self) -> str:
        """The element that an error links to."""
        return self.name.replace(".", "-")

    @property
    def longest(self) -> int:
        """How many characters may be typed."""
        return _LONGEST_MESSAGE if self.name == "message" else _LONGEST.get(self.kind, 200)


def number_field(scheme: str, name: str) -> Field:
    """Return the question for a national number of a scheme, as a field of this name."""
    label, hint = NUMBERS[scheme]
    return Field(name, "identity", label, True, hint)


def answer_text(field: Field, typed: Mapping[str, str], language: str, say: Callable[[str], str]) -> str:
    """Return what was typed as a review shows it; `say` translates."""
    if field.known:
        return field.known
    if field.kind == "date":
        parts = _date_parts(field, typed)
        return format_date(_calendar_date(parts, language), language) if all(parts) else ""
    text = typed.get(field.name, "")
    return say({"yes": N_("Yes"), "no": N_("No")}.get(text, text)) if field.kind == "yes_no" else text


def typed_date(field: Field, typed: Mapping[str, str], language: str) -> date | None:
    """Return the date typed by the reader's calendar, None for none; raise ValueError where there is none such."""
    parts = _date_parts(field, typed)
    if not any(parts):
        return None
    try:
        return _calendar_date(parts, language)
    except ValueError:
        raise ValueError(N_("Enter a real date with day, month and year.")) from None


def _date_parts(field: Field, typed: Mapping[str, str]) -> list[str]:
    return [typed.get(f"{field.name}.{part}", "").strip() for part in ("year", "month", "day")]


def _calendar_date(parts: list[str], language: str) -> date:
    year, month, day = (int(part) for part in parts)
    return calendar_date(year, month, day, language)
