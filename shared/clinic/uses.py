"""What a type uses besides its practitioner: rooms and devices, one for each entry of its `uses` (PRODUCT S12, S14).

A use is the keys of the resources that will do, in document order; all uses of an appointment are met at once, each by
a resource of its own.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from shared.clinic.document import Document

Use = tuple[str, ...]


class Demand(NamedTuple):
    """At least so many of these resources must be free at once."""

    resources: tuple[str, ...]
    number: int


def resources_for(entry: str | list[str], resources: Iterable[Document]) -> Use:
    """Return which of the document's resources will do for an entry of `uses`: those of a pool, or those named."""
    return tuple(
        row["key"] for row in resources if (row["pool"] == entry if isinstance(entry, str) else row["key"] in entry)
    )


def uses_of(type: Document, document: Document) -> tuple[Use, ...]:
    """Return what a type of the document uses, in its order."""
    return tuple(resources_for(entry, document["resources"]) for entry in type["uses"])


def first_unmet(uses: Sequence[Iterable[str]], busy: Collection[str] = ()) -> int | None:
    """Return the place of the first use that cannot be met beside those before it, `busy` resources left out.

    However the resources are dealt out: a bipartite matching by augmenting paths. None where all can be met at once.
    """
    taken_by: dict[str, int] = {}

    def deal(place: int, tried: set[str]) -> bool:
        for key in uses[place]:
            if key in busy or key in tried:
                continue
            tried.add(key)
            if key not in taken_by or deal(taken_by[key], tried):
                taken_by[key] = place
                return True
        return False

    return next((place for place in range(len(uses)) if not deal(place, set())), None)


def demands(uses: Iterable[Use]) -> tuple[Demand, ...]:
    """Return what is both necessary and enough for every use to get a resource of its own (Hall's theorem).

    Any set of uses must find, among all resources that would do for one of them, as many free ones as it has uses.
    Sets that fall apart into uses without a common resource follow from their parts and are left out.
    """
    each = [frozenset(use) for use in uses]
    found: dict[frozenset[str], int] = {}
    waiting = list(each)
    while waiting:
        resources = waiting.pop()
        if resources in found:
            continue
        found[resources] = sum(resources.issuperset(use) for use in each)
        waiting.extend(resources.union(use) for use in each if resources.intersection(use))
    return tuple(Demand(tuple(sorted(resources)), count) for resources, count in found.items())
