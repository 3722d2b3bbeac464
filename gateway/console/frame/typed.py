"""What was typed into a form of the console."""

from collections.abc import Mapping, Sequence
from datetime import date

from gateway.http.bounds import BODY_VALUES
from gateway.http.request import Request, refuse_odd_values
from gateway.http.wording import N_
from shared.texts.language import calendar_date

_LONGEST = 20_000
_NO_DATE = N_("Enter a real date with day, month and year.")


class Typed(dict[str, str]):
    """What was typed, as templates of all wings ask for it: "" for what is missing; nothing is carried in addresses."""

    is_private = False
    lists: Mapping[str, Sequence[str]] = {}

    @classmethod
    def of(cls, request: Request, longest: int = _LONGEST, most_values: int = BODY_VALUES) -> "Typed":
        """Return what a form sent, without white space around it.

        Raise Invalid for control characters, Malformed where names and texts are too many.
        """
        lists = {name: [text.strip()[:longest] for text in texts] for name, texts in request.form.lists()}
        refuse_odd_values(lists, most_values)
        return cls.written(lists)

    @classmethod
    def written(cls, lists: Mapping[str, Sequence[str]]) -> "Typed":
        """Return what would have been typed where these texts stood in a form."""
        typed = cls({name: texts[-1] for name, texts in lists.items() if texts})
        typed.lists = lists
        return typed

    def __missing__(self, name: str) -> str:
        return ""

    def all(self, name: str) -> Sequence[str]:
        """Return all that was chosen under a name that can be there several times."""
        return self.lists.get(name, [self[name]] if name in self else [])

    def is_on(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return self[name] == "yes"

    def date(self, name: str, language: str) -> date | None:
        """Return a date as the browser's own field sends it, or as three parts by the reader's calendar; None for none.

        Raise ValueError, with a text for the reader, for what is no date.
        """
        parts = [self[f"{name}.{part}"] for part in ("year", "month", "day")]
        try:
            if any(parts):
                year, month, day = (int(part) for part in parts)
                return calendar_date(year, month, day, language)
            return date.fromisoformat(self[name]) if self[name] else None
        except ValueError:
            raise ValueError(_NO_DATE) from None

    def value(self, name: str) -> str:
        """Return what was typed into a field."""
        return self[name]

    def hidden(self, **_changes: object) -> tuple[()]:
        """Return what forms carry along besides their own fields: nothing."""
        return ()
