"""What is wrong with a clinic document: each finding with the exact path of the value it is about."""

import reprlib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One finding. `path` is written as in `types[2].slots.step`, or `line 3` where the text cannot be read at all;
    `message` is one sentence that says what to do."""

    path: str
    message: str

    def to_json(self) -> dict[str, str]:
        """Return the finding as `check_document` answers it."""
        return {"path": self.path, "message": self.message}


class Wrong(ValueError):
    """A single value that is not what its key wants; whoever knows the path makes a Problem of it."""


_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = 60
_brief.maxlevel = 2


def shown(value: object) -> str:
    """Return `value` for use in a sentence: as a document writes it, and cut short where it is long."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f'"{value}"' if isinstance(value, str) and len(value) <= 60 and value.isprintable() else _brief.repr(value)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` where one of `known` looks much like `word`, else nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""


def listed(words: Iterable[str]) -> str:
    """Return the words in a row for a sentence."""
    return ", ".join(words)


def inside(path: str, key: str) -> str:
    """Return the path of `key` in the section at `path`."""
    return f"{path}.{key}" if path else key
