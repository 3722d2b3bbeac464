"""Who was overtaken while they wrote is told who saved meanwhile, and what became different by it (C3)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from gateway.console.set_up.drawn.ordering import OrderSheet
from gateway.console.set_up.drawn.takers import TakersSheet
from gateway.console.set_up.form.field import Field, Texts
from gateway.console.set_up.form.merging import Clash, merged
from gateway.console.set_up.history.entries import Happened, happened
from gateway.console.set_up.places import place_of, value_in_words
from gateway.console.set_up.sheets import NEW, PLACE, ItemSheet, Sheet, over
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

    is_gone: bool = False
    """Whether others removed the item that was opened: the form is that of a new one, as it was typed."""

    @property
    def is_beside(self) -> bool:
        """Whether it is known that nothing of the document but its absences, or pictures, became another."""
        return bool(self.entries) and all(each.kind in _BESIDE_THE_DOCUMENT for each in self.entries)


def meanwhile(here: Here, sheet: Sheet, typed: Typed, since: int) -> Meanwhile:
    """Return what a form that was opened at the revision `since` becomes over the document in force.

    As it was typed where nobody knows any more what was in force then. Raises NotFound for an item that was not there.
    """
    availability = here.services.availability
    base, found = None, []
    with suppress(NotFound, Gone, Invalid):
        base = availability.document_state(here.clinic, revision=since)["document"]
        found = availability.document_history(here.clinic, since=since, limit=_AT_MOST)["history"]
    entries = [happened(here, each) for each in found]
    again = _found_again(sheet, base)
    if again is None:
        return Meanwhile(entries, [], *_as_new(sheet, typed), is_gone=True)
    if base is None:
        return Meanwhile(entries, [], typed, sheet)
    then = written(over(sheet, base))
    sheet = again
    now = written(sheet)
    sent = {name: list(texts) for name, texts in typed.lists.items()}
    texts, clashes = merged(sheet.fields, then, sent, now)
    place = {PLACE: now[PLACE]} if PLACE in now and sent.get(PLACE) == then[PLACE] else {}
    typed = Typed.written({**sent, **texts, **place})
    return Meanwhile(entries, [_both(here, sheet, each) for each in clashes], typed, sheet)


def _found_again(sheet: Sheet, base: Mapping[str, Any] | None) -> Sheet | None:
    """Return the form of what was opened over `base`: an item without a key may stand elsewhere by now.

    None where it was removed. Raises NotFound where it is not there and was not.
    """
    if not isinstance(sheet, ItemSheet) or sheet.is_new:
        return sheet
    then = over(sheet, base) if base is not None else None
    if then is not None and then.index is None and sheet.index is None:
        raise NotFound.because("There is nothing of this name in the set-up.")
    if then is not None and then.index is not None and "key" not in then.present:
        found = next((index for index, item in enumerate(sheet.items) if item == then.present), None)
        if found is not None:
            return replace(sheet, name=str(found + 1))
        if len(sheet.items) != len(then.items):
            return None
    return sheet if sheet.index is not None else None


def _as_new(sheet: Sheet, typed: Typed) -> tuple[Typed, ItemSheet]:
    """Return what was typed as that of an item that is to be, by the key that the removed one had."""
    assert isinstance(sheet, ItemSheet)
    new = replace(sheet, name=NEW)
    key = {"key": [sheet.name]} if "key" in new.fields.fields else {}
    return Typed.written({**typed.lists, **key}), new


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


def _both(here: Here, sheet: Sheet, clash: Clash) -> Both:
    field = clash.field
    place = place_of(_path(sheet, field), here)
    label = " – ".join(filter(None, (place.item, place.rest))) or place.part
    mine, theirs = (value_in_words(field.path, value, here) for value in (clash.mine, clash.theirs))
    return Both(field.name, label, mine, theirs, clash.typed)


def _path(sheet: Sheet, field: Field) -> str:
    """Return where in the document a field stands, `types[visit].lengths.anna`: in an item, from its list on."""
    if isinstance(sheet, OrderSheet):
        return field.path
    if isinstance(sheet, TakersSheet):
        types, key, rest = field.name.split(".", 2)
        return f"{types}[{key}].{rest}"
    return f"{sheet.key}.{field.name}" if isinstance(sheet, ItemSheet) else field.name
