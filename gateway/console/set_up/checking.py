"""What a document would change if it came into force, and what is wrong with it, as pages tell it (C3, S8)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.here import Here
from gateway.console.set_up.drawn.kept import NOTHING, Deletions, deletions
from gateway.console.set_up.places import Place, place_of, value_in_words
from gateway.console.set_up.two_weeks import TwoWeeks, Wish, two_weeks
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.contracts.errors import Timeout, Unavailable

TYPED = "checked"
"""The part of a page that is asked for as one types: what was found of the form."""

_NO_REVISION = -1
APPLIED = N_("The set-up is saved. It holds from now on.")


class Mistake(NamedTuple):
    """What is wrong somewhere in the document."""

    path: str
    place: Place
    message: str


class Difference(NamedTuple):
    """What of the document becomes another; "" is nothing."""

    place: Place
    before: str
    after: str


class Meeting(NamedTuple):
    """A booking that new absences would meet, or that would lie outside working hours."""

    reference: str
    start: Any
    practitioner: str
    patient: str


@dataclass(frozen=True)
class Checked:
    """What was found; `meetings` are the first of them, `more` how many there are besides.

    Whether they are `unknown`, since booking does not answer, and whether `not_all` was looked at.
    """

    mistakes: Sequence[Mistake]
    differences: Sequence[Difference]
    meetings: Sequence[Meeting]
    more: int
    unknown: bool
    not_all: bool
    weeks: TwoWeeks | None = None
    """What patients would see, where that was asked and there is something to see."""
    has_no_weeks: bool = False
    """Whether it was asked in vain."""
    deletions: Deletions = NOTHING
    """What its periods would delete."""


def checked(here: Here, document: Any, wish: Wish | None = None) -> Checked:
    """Ask availability what a document, or the text of one, would change, and by a `wish` what patients would see."""
    found = here.services.availability.with_timeout(LONG_CALL_SECONDS).check_document(here.clinic, document=document)
    weeks, in_vain = _weeks(here, document, wish) if wish and found["changes"] else (None, False)
    return Checked(
        [_mistake(each, here, document) for each in found["errors"]],
        [difference(each, here) for each in found["changes"]],
        [_meeting(each, here) for each in found.get("collisions") or ()],
        _more(found),
        found.get("collisions", ()) is None,
        bool(found.get("absences_unchecked")),
        weeks,
        in_vain,
        deletions(here, found["changes"]),
    )


def _weeks(here: Here, document: Any, wish: Wish) -> tuple[TwoWeeks | None, bool]:
    """Return the two weeks, and whether they were asked for in vain: all else is known, and may be saved."""
    try:
        return two_weeks(here, wish, document), False
    except (Unavailable, Timeout):
        return None, True


def apply(here: Here, document: Any, revision: int) -> None:
    """Put a document into force; raise ChangedMeanwhile, Invalid."""
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    availability.apply_document(here.clinic, document=document, if_revision=revision)


def page_of(here: Here, template: str) -> dict[str, Any]:
    """Return which template shows what was found: a page's own, or where only that is wanted the part of it."""
    is_part = here.wants_part(TYPED)
    return {"template": "console/set_up/checked_part.html" if is_part else template, "is_part": is_part}


def fingerprint(document: Any) -> str:
    """Return by what a document is known again: what was seen of another one is not applied.

    One that comes from a form is the same whatever its absences are, which no form changes.
    """
    text = document if isinstance(document, str) else json.dumps({**document, "absences": []}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _mistake(found: Mapping[str, Any], here: Here, document: Any) -> Mistake:
    """Return a mistake in the reader's words; who writes the text is told what is known there, which a form shows."""
    known = document if isinstance(document, Mapping) else None
    told = DocumentWords(here.language).mistake(found["message"], hints=known is None)
    return Mistake(found["path"], place_of(found["path"], here, known), told)


def difference(change: Mapping[str, Any], here: Here) -> Difference:
    """Return a difference as services tell it, in words."""
    before, after = (value_in_words(change["path"], change[name], here) for name in ("before", "after"))
    added = change["after"] if change["path"].endswith("]") and isinstance(change["after"], Mapping) else None
    return Difference(place_of(change["path"], here, added=added), before, after)


def _meeting(booking: Mapping[str, Any], here: Here) -> Meeting:
    patient = booking["patient"]
    name = " ".join(filter(None, (patient["first_name"], patient["last_name"])))
    who = here.names.practitioner(booking["practitioner"])
    return Meeting(booking["reference"], moment(booking["start"], here.zone), who, name)


def number(text: str) -> int:
    """Return a revision as a form sends it; one that no document has where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _NO_REVISION


def _more(found: Mapping[str, Any]) -> int:
    listed: Sequence[Any] = found.get("collisions") or ()
    return max(0, int(found.get("collision_count") or 0) - len(listed))
