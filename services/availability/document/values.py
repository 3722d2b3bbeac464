"""Single values of the clinic document: what each kind looks like, and its one written form.

A reader takes what the document says and returns the normal form, or raises Wrong with a sentence that says what to
write instead. The ones that make readers take the limits.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from services.availability.document.problems import Wrong, did_you_mean, listed, shown
from shared.clinic.document import KEY
from shared.clinic.look import LEAST_CONTRAST, is_readable, readable_like
from shared.texts.spoken_languages import is_language


@dataclass(frozen=True)
class Reader:
    """What reads one kind of value; `kind` and `limits` are what forms are told of it."""

    read: Callable[[Any], Any]
    kind: str
    limits: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, value: Any) -> Any:
        """Return the value in its one written form, or raise Wrong."""
        return self.read(value)


def reads(kind: str, **limits: Any) -> Callable[[Callable[[Any], Any]], Reader]:
    """Make a function the reader of a kind."""
    return lambda read: Reader(read, kind, limits)


_CLINIC = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_MONEY = re.compile(r"\d{1,12}(?:\.\d{1,2})?", re.ASCII)
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\]+\.[^\s@<>(),;:\"\[\]\\.]+")
_PHONE = re.compile(r"\+?[\d\s()./-]{3,30}")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_NEEDED_HIDDEN = "\u200c\u200d\u200e\u200f"  # joiners, and marks of direction beside digits and brackets
_RESERVED_CLINICS = frozenset(
    {"v1", "staff", "m", "recall", "outbox", "docs", "static", "healthz", "readyz", "metrics", "openapi.json"}
)


def text(longest: int, *, lines: bool = False) -> Reader:
    """Return a reader of 1 to `longest` characters without control characters.

    `lines` allows line breaks. Without them it is a name or title, which holds nothing hidden but what scripts need.
    """

    @reads("text", longest=longest, lines=lines)
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(f"{shown(value)} is not a text; put it in quotes.")
        if not value.strip():
            raise Wrong("The text is empty; write something, or leave the key out.")
        if len(value) > longest:
            raise Wrong(f"The text has {len(value)} characters; shorten it to at most {longest}.")
        allowed = "\n\r\t" if lines else ""
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in value):
            raise Wrong("The text contains control characters; remove them.")
        if not lines and any(unicodedata.category(sign) == "Cf" and sign not in _NEEDED_HIDDEN for sign in value):
            raise Wrong("The text contains hidden characters; write it anew.")
        return value

    return read


def choice(*options: str) -> Reader:
    """Return a reader of one of `options`."""

    @reads("choice", choices=list(options))
    def read(value: Any) -> str:
        if isinstance(value, str) and value in options:
            return value
        quoting = ' A bare off or no means false in YAML: write it in quotes, "off".' if value is False else ""
        raise Wrong(f"{shown(value)} is not one of {listed(options)}.{quoting}{did_you_mean(str(value)[:60], options)}")

    return read


@reads("flag")
def flag(value: Any) -> bool:
    """Return a yes or no."""
    if isinstance(value, bool):
        return value
    raise Wrong(f"{shown(value)} is neither true nor false; write one of them, without quotes.")


def whole(low: int, high: int, *, usual: int | None = None) -> Reader:
    """Return a reader of a whole number from `low` to `high`; forms are told the `usual` one of what may be unsaid."""
    told = {} if usual is None else {"usual": usual}

    @reads("whole", low=low, high=high, **told)
    def read(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON Schema calls 3.0 an integer, and some writers of JSON know no other numbers
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise Wrong(f"{shown(value)} is not a whole number from {low} to {high}; write one, without quotes.")

    return read


@reads("key")
def key(value: Any) -> str:
    """Return the key of an item."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    raise Wrong(
        f"{shown(value)} is not a key; use 1 to 40 of the signs A-Z a-z 0-9 - _ and start with a letter or digit."
    )


def key_of(*sections: str) -> Reader:
    """Return a reader of a key of one of the document's `sections`; that there is such a one is checked elsewhere."""
    return Reader(key.read, "key", {"of": list(sections)})


@reads("clinic_key")
def clinic_key(value: Any) -> str:
    """Return the clinic's short name, which is part of its addresses."""
    if isinstance(value, str) and value in _RESERVED_CLINICS:
        raise Wrong(f"{shown(value)} is an address of the installation itself; choose another short name.")
    if isinstance(value, str) and _CLINIC.fullmatch(value):
        return value
    raise Wrong(f"{shown(value)} is not a short name; use 1 to 40 of the signs a-z 0-9 - and no hyphen first or last.")


@reads("money")
def money(value: Any) -> str:
    """Return an amount of money as a decimal string."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and _MONEY.fullmatch(value):
        return value
    raise Wrong(f'{shown(value)} is not an amount; write a decimal number in quotes, for example "995.00".')


@reads("colour")
def colour(value: Any) -> str:
    """Return a colour as `#rrggbb`."""
    if isinstance(value, str) and _COLOUR.fullmatch(value):
        return value
    raise Wrong(f'{shown(value)} is not a colour; write it in quotes as "#1a73e8".')


@reads("accent")
def accent(value: Any) -> str:
    """Return a colour that can be read on our pages' light ground, as `#rrggbb`; on dark ground a lighter one is."""
    given: str = colour(value)
    if is_readable(given):
        return given
    raise Wrong(
        f"{shown(value)} is too light for texts and buttons: its contrast must be {LEAST_CONTRAST} to 1; write a "
        f'darker one, for example "{readable_like(given)}".'
    )


@reads("spoken_language")
def spoken_language(value: Any) -> str:
    """Return the code of a language that somebody speaks."""
    if isinstance(value, str) and is_language(value):
        return value
    quoting = ' A bare no means false in YAML: write it in quotes, "no".' if value is False else ""
    raise Wrong(f"{shown(value)} is not a code of a language, such as sv, en or fa.{quoting}")


@reads("email")
def email(value: Any) -> str:
    """Return an email address, checked by its look only."""
    if isinstance(value, str) and len(value) <= 254 and _EMAIL.fullmatch(value) and value.isprintable():
        return value
    raise Wrong(f"{shown(value)} is not an email address; write for example info@clinic.example.")


@reads("phone")
def phone(value: Any) -> str:
    """Return a telephone number as the clinic writes it."""
    if isinstance(value, str) and _PHONE.fullmatch(value) and sum(sign.isdigit() for sign in value) >= 3:
        return value
    raise Wrong(f'{shown(value)} is not a telephone number; write it in quotes, for example "+46 8 123 45 67".')


def web_address(*schemes: str) -> Reader:
    """Return a reader of an absolute web address with one of `schemes`."""

    @reads("web_address", schemes=list(schemes))
    def read(value: Any) -> str:
        if isinstance(value, str) and len(value) <= 2000 and value.isprintable() and " " not in value:
            parts = _split(value)
            if parts and parts.scheme in schemes and not parts.username:
                return value
        raise Wrong(f"{shown(value)} is not a web address; write one that starts with {schemes[0]}://.")

    return read


@reads("origin")
def origin(value: Any) -> str:
    """Return a web origin: scheme, host and perhaps port, as browsers write it."""
    parts = _split(value) if isinstance(value, str) else None
    if (
        parts
        and parts.scheme in {"https", "http"}
        and f"{parts.scheme}://{parts.netloc}" == value
        and not parts.username
    ):
        return str(value).lower()
    raise Wrong(
        f"{shown(value)} is not an origin; write scheme and host without a path, for example https://clinic.example."
    )


def _split(address: str) -> Any:
    try:
        parts = urlsplit(address)
        return parts if parts.hostname and _HOST.fullmatch(parts.hostname) and parts.port != 0 else None
    except ValueError:
        return None  # not even the form of an address, such as a port of six digits; the caller says what is


def code(letters: int, example: str) -> Reader:
    """Return a reader of an official code of so many capital letters."""

    @reads("code", letters=letters, example=example)
    def read(value: Any) -> str:
        if isinstance(value, str) and len(value) == letters and value.isascii() and value.isalpha() and value.isupper():
            return value
        quoting = (
            f' A bare NO means false in some YAML readers: write it in quotes, "{example}".' if value is False else ""
        )
        raise Wrong(f"{shown(value)} is not a code of {letters} capital letters such as {example}.{quoting}")

    return read
