"""What an appointment type must be together with practitioners, resources, block kinds and the grid (S12, S14)."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.availability.document.grid import check_on_grid
from services.availability.document.problems import did_you_mean, listed, shown
from services.availability.document.references import Keys
from services.availability.document.shape import Reading

Item = Mapping[str, Any]


def check_types(document: Item, reading: Reading) -> None:
    """Report what is wrong with the types of `document` (normal form)."""
    practitioners = Keys(document["practitioners"], "practitioner")
    kinds = Keys(document["block_kinds"], "block kind")
    for index, kind in enumerate(document["types"]):
        path = f"types[{index}]"
        practitioners.check_all(kind["practitioners"], f"{path}.practitioners", reading)
        for key in kind["lengths"] or ():
            practitioners.check(key, f"{path}.lengths.{key}", reading)
        kinds.check_all(kind["blocks"], f"{path}.blocks", reading)
        _somebody_can_take_it(kind, document, path, reading)
        _lengths_are_of_its_practitioners(kind, path, reading)
        _on_the_grid(kind, document["grid"], path, reading)
        _resources_can_be_had(kind, document["resources"], path, reading)
        if kind["price"] and not document["currency"]:
            reading.report(f"{path}.price", "A price needs the clinic's currency; write currency too, for example SEK.")


def _somebody_can_take_it(kind: Item, document: Item, path: str, reading: Reading) -> None:
    named, everybody = kind["practitioners"] or [], document["practitioners"]
    known = {person["key"] for person in everybody}
    if any(key not in known for key in named):
        return  # already told
    possible = [person for person in everybody if not named or person["key"] in named]
    if not any(person["online"] is not False or kind["online"] is False for person in possible):
        reading.report(
            f"{path}.practitioners",
            "Nobody who is online can take this type; name a practitioner who is, or set the type's online to false.",
        )


def _lengths_are_of_its_practitioners(kind: Item, path: str, reading: Reading) -> None:
    for key in kind["lengths"] or ():
        if kind["practitioners"] and key not in kind["practitioners"]:
            reading.report(
                f"{path}.lengths.{key}",
                f"{shown(key)} does not take this type; add them to practitioners, or remove this.",
            )


def _on_the_grid(kind: Item, grid: str | None, path: str, reading: Reading) -> None:
    for name in ("length", "buffer_before", "buffer_after"):
        check_on_grid(kind[name], grid, f"{path}.{name}", reading)
    for key, length in (kind["lengths"] or {}).items():
        check_on_grid(length, grid, f"{path}.lengths.{key}", reading)
    slots = kind["slots"] or {}
    check_on_grid(slots.get("step"), grid, f"{path}.slots.step", reading, zero=slots.get("mode") in {"spaced", None})


def _resources_can_be_had(kind: Item, resources: list[Item], path: str, reading: Reading) -> None:
    before = len(reading.problems)
    named = Keys(resources, "resource")
    pools = {resource["pool"] for resource in resources} - {None}
    for index, entry in enumerate(kind["uses"] or ()):
        if isinstance(entry, list):
            named.check_all(entry, f"{path}.uses[{index}]", reading)
        elif entry is not None and entry not in pools:
            reading.report(f"{path}.uses[{index}]", _no_such_pool(entry, pools, named.known))
    if len(reading.problems) > before:
        return
    lacking = _first_without(list(_candidates(kind["uses"] or [], resources)))
    if lacking is not None:
        reading.report(
            f"{path}.uses[{lacking}]",
            "There are not enough resources for all that this type uses at once; add resources, or remove this entry.",
        )


def _no_such_pool(entry: str, pools: set[str], resources: list[str]) -> str:
    if entry in resources:
        return f"{shown(entry)} is a resource, not a pool; name single resources in a list of their own, [{entry}]."
    known = f" Known: {listed(sorted(pools))}." if pools else " No resource has a pool."
    return f"There is no pool {shown(entry)}; write a pool that resources have.{did_you_mean(entry, pools) or known}"


def _candidates(uses: list[Any], resources: list[Item]) -> Iterator[set[str]]:
    for entry in uses:
        wanted = entry if isinstance(entry, list) else [item["key"] for item in resources if item["pool"] == entry]
        yield {key for key in wanted if key is not None}


def _first_without(candidates: list[set[str]]) -> int | None:
    """Return the first entry for which no resource is left when each takes one, however they are dealt out."""
    taken_by: dict[str, int] = {}

    def deal(entry: int, tried: set[str]) -> bool:
        for key in sorted(candidates[entry] - tried):
            tried.add(key)
            if key not in taken_by or deal(taken_by[key], tried):
                taken_by[key] = entry
                return True
        return False

    return next((entry for entry in range(len(candidates)) if not deal(entry, set())), None)
