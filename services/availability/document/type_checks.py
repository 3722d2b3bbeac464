"""What an appointment type must be together with practitioners, resources, block kinds and the grid (S12, S14)."""

from collections.abc import Mapping
from typing import Any

from services.availability.document.grid import check_on_grid
from services.availability.document.problems import did_you_mean, listed, shown
from services.availability.document.references import References
from services.availability.document.shape import Reading
from shared.clinic.uses import first_unmet, resources_for

Item = Mapping[str, Any]


def check_types(document: Item, known: References, reading: Reading) -> None:
    """Report what is wrong with the types of `document` (normal form)."""
    for index, kind in enumerate(document["types"]):
        path = f"types[{index}]"
        known.practitioners.check_all(kind["practitioners"], f"{path}.practitioners")
        for key in kind["lengths"]:
            known.practitioners.check(key, f"{path}.lengths.{key}")
        known.practitioners.check_all(kind["needs"]["without"], f"{path}.needs.without")
        known.block_kinds.check_all(kind["blocks"], f"{path}.blocks")
        if known.practitioners.complete:
            _somebody_can_take_it(kind, document["practitioners"], path, reading)
        named = [(key, f"{path}.lengths.{key}") for key in kind["lengths"]]
        named += [(key, f"{path}.needs.without[{place}]") for place, key in enumerate(kind["needs"]["without"])]
        _are_its_practitioners(kind, named, reading)
        _on_the_grid(kind, document["grid"], path, reading)
        _resources_can_be_had(kind, document["resources"], known, path, reading)
        if kind["price"] and not document["currency"] and not reading.is_broken("currency"):
            reading.report(f"{path}.price", "A price needs the clinic's currency; write currency too, for example SEK.")


def _somebody_can_take_it(kind: Item, everybody: list[Item], path: str, reading: Reading) -> None:
    named = kind["practitioners"]
    if not {person["key"] for person in everybody}.issuperset(named):
        return  # already told
    possible = [person for person in everybody if not named or person["key"] in named]
    if not any(person["online"] is not False or kind["online"] is False for person in possible):
        reading.report(
            f"{path}.practitioners",
            "Nobody who is online can take this type; name a practitioner who is, or set the type's online to false.",
        )


def _are_its_practitioners(kind: Item, named: list[tuple[str | None, str]], reading: Reading) -> None:
    """Report each practitioner who is named, by key and path, and does not take the type."""
    for key, path in named:
        if key is not None and kind["practitioners"] and key not in kind["practitioners"]:
            reading.report(path, f"{shown(key)} does not take this type; add them to practitioners, or remove this.")


def _on_the_grid(kind: Item, grid: str | None, path: str, reading: Reading) -> None:
    for name in ("length", "buffer_before", "buffer_after"):
        check_on_grid(kind[name], grid, f"{path}.{name}", reading)
    for key, length in kind["lengths"].items():
        check_on_grid(length, grid, f"{path}.lengths.{key}", reading)
    mode, step = kind["slots"]["mode"], kind["slots"]["step"]
    check_on_grid(step, grid, f"{path}.slots.step", reading, zero=mode in {"spaced", None})


def _resources_can_be_had(kind: Item, resources: list[Item], known: References, path: str, reading: Reading) -> None:
    if not known.resources.complete:
        return
    before = len(reading.problems)
    pools = {resource["pool"] for resource in resources} - {None}
    for index, entry in enumerate(kind["uses"]):
        if isinstance(entry, list):
            known.resources.check_all(entry, f"{path}.uses[{index}]")
        elif entry is not None and entry not in pools:
            reading.report(f"{path}.uses[{index}]", _no_such_pool(entry, pools, known.resources.known))
    uses = [resources_for(entry, resources) for entry in kind["uses"]]
    if len(reading.problems) > before or not all(uses):
        return  # already told
    lacking = first_unmet(uses)
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
