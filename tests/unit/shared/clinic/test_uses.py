"""Which rooms and devices a type uses, and whether all that it uses can be had at once (PRODUCT S12, S14)."""

from itertools import combinations, product

import pytest

from shared.clinic.uses import demands, first_unmet, resources_for, uses_of
from tests.builders.clinics.documents import a_document, a_resource, a_type

NAMES = ("a", "b", "c", "d")
SETS = [found for size in (1, 2, 3) for found in combinations(NAMES, size)][:9]
ROOMS = [a_resource("room-1"), a_resource("laser", None), a_resource("room-2")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("room", ("room-1", "room-2")),
        ("kitchen", ()),
        (["room-2", "laser"], ("laser", "room-2")),
        (["nowhere"], ()),
    ],
)
def test_a_pool_or_a_list_of_names_means_resources_in_document_order(
    entry: str | list[str], expected: tuple[str, ...]
) -> None:
    assert resources_for(entry, ROOMS) == expected


def test_a_type_uses_one_resource_for_each_entry() -> None:
    kind = a_type(uses=["room", "room", ["laser"]])
    document = a_document(resources=ROOMS, types=[kind])
    assert uses_of(kind, document) == (("room-1", "room-2"), ("room-1", "room-2"), ("laser",))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_first_unmet_use_is_where_the_resources_no_longer_suffice(number: int) -> None:
    for uses in product(SETS, repeat=number):
        for busy in (set(found) for size in range(5) for found in combinations(NAMES, size)):
            unmet = next((place for place in range(number) if not _can_be_met(uses[: place + 1], busy)), None)
            assert first_unmet(uses, busy) == unmet


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_is_demanded_is_exactly_that_all_can_be_given_different_resources(number: int) -> None:
    for some in product(SETS, repeat=min(number, 3)):
        uses = (*some, ("c", "d"))[:number]
        for free in (set(found) for size in range(5) for found in combinations(NAMES, size)):
            found = all(len(free.intersection(row.resources)) >= row.number for row in demands(uses))
            assert found == _can_be_met(uses, set(NAMES) - free)


def _can_be_met(uses: tuple[tuple[str, ...], ...], busy: set[str]) -> bool:
    free = ([resource for resource in use if resource not in busy] for use in uses)
    return any(len(set(chosen)) == len(uses) for chosen in product(*free))
