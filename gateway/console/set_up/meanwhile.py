"""Who was overtaken while they wrote is told who saved meanwhile, and what became different by it (C3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from gateway.console.set_up.form.field import Texts
from gateway.console.set_up.form.merging import Clash, merged
from gateway.console.set_up.history.entries import Happened, happened
from gateway.console.set_up.places import place_of, value_in_words
from gateway.console.set_up.sheets import PLACE, ItemSheet, Sheet, over
from gateway.http.bounds import LONG_CALL_SECONDS
from shared.contracts.errors import Gone, Invalid, NotFound

_AT_MOST = 50
_BESIDE_THE_DOCUMENT = ("absence", "picture")


@dataclass(frozen=True)
class Both:
    """A field that both have changed, in words; `typed` is carried along, to hold where that is chosen."""

    name: str
    label: str
    mine: str
    theirs: str
    typed: Texts


@dataclass(frozen=True)
class Meanwhile:
    """What others did since a form was opened, and how it is filled in now that it stands on theirs."""

    entries: list[Happened]
    both: list[Both]
    typed: Typed
    sheet: Sheet

    @property
    def is_beside(self) -> bool:
        """Whether nothing of the document but its absences, or pictures, became another."""
        return all(each.kind in _BESIDE_THE_DOCUMENT for each in self.entries)


def meanwhile(here: Here, sheet: Sheet, typed: Typed, since: int) -> Meanwhile | None:
    """Return what a form that was opened at the revision `since` becomes over the document in force.

    None where nobody knows any more what was in force then.
    """
    availability = here.services.availability
    try:
        base = availability.document_state(here.clinic, revision=since)["document"]
        found = availability.document_history(here.clinic, since=since, limit=_AT_MOST)["history"]
    except (NotFound, Gone, Invalid):
        return None
    then = written(over(sheet, base))
    sheet = _found_again(sheet, base)
    now = written(sheet)
    sent = {name: list(texts) for name, texts in typed.lists.items()}
    texts, clashes = merged(sheet.fields, then, sent, now)
    place = {PLACE: now[PLACE]} if PLACE in now and sent.get(PLACE) == then[PLACE] else {}
    typed = Typed.written({**sent, **texts, **place})
    return Meanwhile([happened(here, each) for each in found], [_both(here, each) for each in clashes], typed, sheet)


def _found_again(sheet: Sheet, base: Mapping[str, Any]) -> Sheet:
    """Return the form of the item that was opened, which has no key and stands elsewhere by now; raise NotFound."""
    then = over(sheet, base)
    if not (isinstance(sheet, ItemSheet) and isinstance(then, ItemSheet)) or sheet.is_new or "key" in sheet.present:
        return sheet
    found = next((index for index, item in enumerate(sheet.items) if item == then.present), None)
    if found is None and len(sheet.items) != len(then.items):
        raise NotFound.because("There is nothing of this name in the set-up.")
    return sheet if found is None else replace(sheet, name=str(found + 1))


@dataclass(frozen=True)
class Overtaken:
    """What others did since a text was opened at another revision; it as a document with theirs, where none clash."""

    revision: int
    entries: list[Happened]
    document: dict[str, Any] | None = None
    both: Sequence[Both] = ()


def overtaken(here: Here, text: str, since: int) -> Overtaken:
    """Return what a text that was opened at the revision `since` becomes over the document in force."""
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    try:
        found = availability.merge_document(here.clinic, document=text, since=since)
    except (NotFound, Gone, Invalid):
        return Overtaken(availability.document(here.clinic)["revision"], [])
    entries = [happened(here, each) for each in found["meanwhile"]]
    both = [_clash(here, each) for each in found["both"]]
    return Overtaken(found["revision"], entries, None if both else found["document"], both)


def _clash(here: Here, told: Mapping[str, Any]) -> Both:
    path = told["path"]
    place = place_of(path, here)
    label = " – ".join(filter(None, (place.part, place.item, place.rest)))
    return Both("", label, value_in_words(path, told["mine"], here), value_in_words(path, told["theirs"], here), {})


def written(sheet: Sheet) -> Texts:
    """Return what stands in a form before anybody types."""
    return sheet.written() if isinstance(sheet, ItemSheet) else sheet.fields.written(sheet.present)


def _both(here: Here, clash: Clash) -> Both:
    field = clash.field
    mine, theirs = (value_in_words(field.path, value, here) for value in (clash.mine, clash.theirs))
    return Both(field.name, field.label, mine, theirs, clash.typed)
