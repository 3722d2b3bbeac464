"""Names of people as they type them: of any script, and nothing that no name has (CONTRACTS 2, Limits).

Names stand in messages that others read, in subject lines and in calendars; an address of a site or a sign that turns
the direction of a line would make something else of them.
"""

import re
import unicodedata
from itertools import pairwise

_LONGEST = 100
_LONG = "A name can have at most 100 characters."
_ADDRESS = "A name cannot contain a web or email address. Put a space after each full stop."
_NOT_A_NAME = (
    "Use only letters in a name. If it looks right, delete it and type it again: it may contain a hidden character."
)

_OF_NAMES = ("L", "M", "Nd", "Nl", "Pd", "Zs")
"""Categories of Unicode: letters, marks, digits, Roman numerals, hyphens, spaces."""
_SIGNS = frozenset("'’‘´`′՚׳״.,·・་/")
"""What names have besides: apostrophes as keyboards make them, Hebrew, Catalan, Japanese and Tibetan dots, `a/l`."""
_JOINERS = "\u200c\u200d"
_DIRECTION_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
"""What comes along when a name is copied out of a text that runs both ways; it changes nothing in a name."""
_SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_AROUND_A_SPACE = re.compile(f"[{_JOINERS}]*[{_SPACES}][{_SPACES}{_JOINERS}]*")
_NAME_OF_ONE_WHO_HAS_ONE = re.compile(r"[-.]")
"""What people with a single name give for the other."""
_DOMAINS = frozenset(
    [
        *("app", "biz", "click", "co", "com", "dev", "info", "io", "link", "live", "ly", "me", "net", "online", "org"),
        *("page", "pro", "shop", "site", "store", "to", "top", "tv", "us", "vip", "world", "xyz"),
    ]
)
"""Top-level domains of which mail programs make links however they are written, and short addresses are sold."""
_CHILD_OF = re.compile(r"\w{1,2}/\w{1,2}")
"""The Malay `a/l` and `a/p`, the Indian `s/o` and `d/o`."""

_JOINED = (
    *("ARABIC", "SYRIAC", "MANDAIC", "NKO", "ADLAM", "HANIFI ROHINGYA", "MONGOLIAN"),
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA"),
    *("MYANMAR", "KHMER", "BALINESE", "JAVANESE"),
)
"""Scripts whose letters change where they meet; joiners say whether they do."""
_NEEDED_AFTER = {
    **dict.fromkeys(_JOINERS, _JOINED),
    **dict.fromkeys("\u180b\u180c\u180d\u180e\u180f", ("MONGOLIAN",)),
    **{chr(selector): ("CJK",) for selector in range(0xE0100, 0xE01F0)},
}
"""What is not seen itself and yet changes how the sign before it is written, by that sign's name in Unicode."""
_NEVER_SEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(each) for each in range(0xFE00, 0xFE10)}
"""Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point)."""


def normal_name(text: str) -> str:
    """Return a name of 1 to 100 characters, composed (NFC), with single spaces and without marks of direction.

    Raises ValueError with a sentence that says what to do, without repeating what was typed.
    """
    composed = unicodedata.normalize("NFC", text.translate(_DIRECTION_MARKS).strip().strip(_JOINERS))
    name = _AROUND_A_SPACE.sub(" ", composed).strip()
    if len(name) > _LONGEST:
        raise ValueError(_LONG)
    if _NAME_OF_ONE_WHO_HAS_ONE.fullmatch(name):
        return name
    if any(map(_is_address, name.split(" "))):
        raise ValueError(_ADDRESS)
    if not any(map(str.isalpha, name)) or not all(_belongs(name, at) for at in range(len(name))):
        raise ValueError(_NOT_A_NAME)
    return name


def _is_address(word: str) -> bool:
    """Tell whether mail programs could make a link of a word: initials before a full stop are none."""
    labels = ["".join(filter(str.isalnum, label)) for label in word.split(".")]
    has_domain = any(_is_domain(*pair) for pair in pairwise(labels)) or (labels[0].casefold() == "www" and labels[1:])
    return bool(has_domain) or "@" in word or ("/" in word and not _CHILD_OF.fullmatch(word))


def _is_domain(label: str, next_label: str) -> bool:
    """Tell whether what stands before and after a full stop could be an address: behind an initial stands a name."""
    if not label or len(next_label) < 2:
        return False
    return len(label) > 1 or next_label.islower() or next_label.casefold() in _DOMAINS


def _belongs(name: str, at: int) -> bool:
    """Tell whether the sign at this place may stand in a name."""
    sign = name[at]
    if sign in _NEEDED_AFTER:
        return at > 0 and unicodedata.name(name[at - 1], "").startswith(_NEEDED_AFTER[sign])
    return sign in _SIGNS or (sign not in _NEVER_SEEN and unicodedata.category(sign).startswith(_OF_NAMES))
