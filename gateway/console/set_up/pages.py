"""The pages of the set-up: what there is, and each part or item of it by its form (C3)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.document_words import DocumentWords
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.set_up.checking import APPLIED
from gateway.console.set_up.drawn.ordering import OrderSheet, is_ordered
from gateway.console.set_up.drawn.strip import strips_of
from gateway.console.set_up.drawn.takers import TakersSheet
from gateway.console.set_up.drawn.week import looks_of
from gateway.console.set_up.drawn.year import Year, year_of
from gateway.console.set_up.editing import Editing
from gateway.console.set_up.finding import settings_called
from gateway.console.set_up.form.around import Around
from gateway.console.set_up.parts import TAKERS, Part, parts_of
from gateway.console.set_up.rows import row_of
from gateway.console.set_up.sheets import NEW, ItemSheet, KeysSheet, Sheet, name_of
from gateway.console.set_up.still_open import made, still_open
from gateway.http.bounds import DOCUMENT_FIELDS, DOCUMENT_LIMIT
from gateway.http.wording import N_
from shared.contracts.errors import NotFound

_DONE = {"applied": APPLIED, "gone": N_("Somebody else had removed it already.")}
_FOUND = "found"
"""Into which element of a page what is looked for is put."""


def overview(here: Here) -> Response:
    """Show what there is to set up, and where that stands which somebody looks for."""
    told = here.services.availability.document_shape(here.clinic)["shape"]
    text = here.asked("find").get("find", "")
    settings = settings_called(text, told, DocumentWords(here.language))
    if here.wants_part(_FOUND):
        return here.show("console/set_up/found.html", section="set_up", find=text, settings=settings)
    return here.show(
        "console/set_up/overview.html", section="set_up", parts_of_set_up=parts_of(told), find=text, settings=settings,
        still_open=still_open(here), done=made(here),
    )  # fmt: skip


def part(here: Here, part: str) -> Response:
    """Show a part: its form, or its items."""
    told, found = _asked(here)
    chosen = _part(told, part)
    done = here.done(_DONE)
    if not chosen.has_items:
        return Editing(here, chosen, _sheet(told, chosen, _around(here, found)), found).show(done=done)
    (key,) = chosen.keys
    around = _around(here, found)
    rows = [(name_of(item, index), row_of(item, key, around)) for index, item in enumerate(found["document"][key])]
    everybody = around.words.nothing("plans.practitioner")
    strips = strips_of(found["document"], here.today, here.language, everybody) if key == "plans" else []
    return here.show(
        "console/set_up/items.html", section="set_up", part=chosen, rows=rows, done=done, new=NEW, of_all=strips,
        year=_year(here, found["document"][key], around) if key == "days" else None,
        revision=found["revision"], is_ordered=len(rows) > 1 and is_ordered(told, key), **looks_of(key, around),
    )  # fmt: skip


def item(here: Here, part: str, item: str) -> Response:
    """Show the form of an item."""
    return _of_item(here, part, item).shown()


def save_part(here: Here, part: str) -> Response:
    """Show what a part's form would change, or put it into force."""
    told, found = _asked(here)
    chosen = _part(told, part)
    if chosen.has_items and not is_ordered(told, *chosen.keys):
        raise NotFound.because("There is nothing to save here.")
    return Editing(here, chosen, _sheet(told, chosen, _around(here, found)), found).answered()


def save_item(here: Here, part: str, item: str) -> Response:
    """Show what an item's form would change, or put it into force, or take the item out."""
    return _of_item(here, part, item).answered()


def _year(here: Here, days: Sequence[Mapping[str, Any]], around: Around) -> Year:
    items = [(name_of(item, index), item) for index, item in enumerate(days)]
    return year_of(items, here.names, around.words.nothing("days.practitioner"), here.today, here.language)


def _of_item(here: Here, part: str, name: str) -> Editing:
    told, found = _asked(here)
    chosen = _part(told, part)
    sheet = ItemSheet(told, chosen.keys[0], name, _around(here, found)) if chosen.has_items else None
    if sheet is None:
        raise NotFound.because("There is nothing of this name in the set-up.")
    return Editing(here, chosen, sheet, found)


def _asked(here: Here) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the document's shape, and what is in force."""
    availability = here.services.availability
    return availability.document_shape(here.clinic)["shape"], availability.document(here.clinic)


def _around(here: Here, found: Mapping[str, Any]) -> Around:
    return Around(here.language, found["document"], DocumentWords(here.language))


def _sheet(told: Mapping[str, Any], part: Part, around: Around) -> Sheet:
    """Return the form of a part that is one page; of a list, that of its order."""
    if part.has_items:
        return OrderSheet(told, part.keys[0], around)
    return TakersSheet(told, around) if part.address == TAKERS else KeysSheet(told, part.keys, around)


def _part(told: Mapping[str, Any], address: str) -> Part:
    found = next((each for each in parts_of(told) if each.address == address), None)
    if found is None:
        raise NotFound.because("There is no such part of the set-up.")
    return found


_sent = partial(Page, "POST", administrators=True, body_limit=DOCUMENT_LIMIT, form_fields=DOCUMENT_FIELDS)

ROUTES = (
    Page("GET", "/set-up", overview, administrators=True),
    Page("GET", "/set-up/<part>", part, administrators=True),
    _sent("/set-up/<part>", save_part),
    Page("GET", "/set-up/<part>/<item>", item, administrators=True),
    _sent("/set-up/<part>/<item>", save_item),
)
