"""What a page of the set-up draws over or beside its fields, by the part that it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.console.frame.here import Here
from gateway.console.frame.typed import Typed
from gateway.console.set_up.checking import Mistake
from gateway.console.set_up.drawn.kept import last_runs
from gateway.console.set_up.drawn.strip import blocks_by_plan, strip_of
from gateway.console.set_up.drawn.takers import TakersSheet
from gateway.console.set_up.drawn.week import week_of
from gateway.console.set_up.form.around import Pairs
from gateway.console.set_up.form.field import Drawn
from gateway.console.set_up.parts import RETENTION
from gateway.console.set_up.rows import row_of
from gateway.console.set_up.sheets import ItemSheet, KeysSheet, Sheet
from gateway.http.wording import N_
from shared.clinic.times.durations import parse_minutes
from shared.texts.language import format_length

STRIP = "strip"
"""The part of a page that is drawn anew as one types a plan."""
BY_PLAN = "plan"
"""What the button says that fills a single day in."""
_NO_DATE = N_("Enter a real date with day, month and year.")
_NO_WORK = N_("By the plan nobody works on this date.")


@dataclass(frozen=True)
class Row:
    """A type in the table of who takes what: its usual length, and its fields."""

    key: str
    name: str
    length: str
    drawn: Drawn


@dataclass(frozen=True)
class Table:
    """Types by practitioners."""

    rows: Sequence[Row]
    people: Pairs


def drawn_over(here: Here, sheet: Sheet, typed: Typed, drawn: Drawn) -> dict[str, Any]:
    """Return what templates draw besides the fields: a `week`, a `strip`, a `table`, `runs`; None for what is not."""
    found: dict[str, Any] = {"week": None, "strip": None, "table": None, "by_plan": None, "runs": None}
    if isinstance(sheet, KeysSheet) and sheet.keys == (RETENTION,):
        return {**found, "runs": last_runs(here)}
    if isinstance(sheet, TakersSheet):
        return {**found, "table": _table(sheet, drawn)}
    if not isinstance(sheet, ItemSheet):
        return found
    found["week"] = week_of(sheet.key, sheet.around)
    if sheet.key == "plans":
        document, _ = sheet.changed(typed)
        key = sheet.fields.read(typed, sheet.present)["practitioner"]
        found["strip"] = strip_of(document, key, who(sheet, key), here.today)
    if sheet.key == "days":
        found["by_plan"] = BY_PLAN
    return found


def who(sheet: ItemSheet, practitioner: str | None) -> str:
    """Return who a plan is for."""
    named = dict(sheet.around.named(["practitioners"]))
    nothing = sheet.around.words.nothing(f"{sheet.key}.practitioner")
    return nothing if practitioner is None else named.get(practitioner, practitioner)


def filled_by_plan(sheet: ItemSheet, typed: Typed) -> tuple[Typed, str | None]:
    """Return a day's form with the blocks that the plans say for its date, and what there is to say of it."""
    item = sheet.fields.read(typed, sheet.present)
    blocks = blocks_by_plan(sheet.around.document, item["practitioner"], item["date"])
    if blocks is None:
        return typed, _NO_DATE
    others = {name: texts for name, texts in typed.lists.items() if not name.startswith("blocks.")}
    written = sheet.fields.fields["blocks"].written(blocks)
    return Typed.written({**others, **written}), None if blocks else _NO_WORK


def _table(sheet: TakersSheet, drawn: Drawn) -> Table:
    around = sheet.around
    rows = [
        Row(
            row["key"],
            row_of(row, "types", around)[0],
            format_length(parse_minutes(row["length"]), around.language),
            part,
        )
        for row, part in zip(around.document["types"], drawn.parts, strict=True)
    ]
    return Table(rows, around.named(["practitioners"]))


def at_fields(sheet: Sheet, mistakes: Sequence[Mistake]) -> Sequence[Mistake]:
    """Return mistakes by the paths that a sheet's fields have."""
    return sheet.at_fields(mistakes) if isinstance(sheet, TakersSheet) else mistakes
