"""Each service reads of others' events the fields that it needs, as the contract has them, and never raw."""

import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from shared.contracts.plain import Excerpt

ROOT = Path(__file__).parents[4]


def excerpts() -> Iterator[tuple[type, type]]:
    """Yield every excerpt of a service with its contract."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        if "Excerpt[" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(name)
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, Excerpt) and kind.__module__ == name:
                    yield kind, contract_of(kind)


def contract_of(kind: Any) -> type:
    """Return what an excerpt is one of."""
    (contract,) = get_args(kind.__orig_bases__[0])
    found: type = contract
    return found


def is_same(read: Any, told: Any) -> bool:
    """Tell whether a field is read as what it is told as; of a part of it an excerpt may be read."""
    if isinstance(read, type) and issubclass(read, Excerpt):
        return contract_of(read) is told
    if get_args(read) and len(get_args(read)) == len(get_args(told)):
        return all(map(is_same, get_args(read), get_args(told)))
    return read == told


def test_every_service_that_hears_events_has_excerpts() -> None:
    services = {kind.__module__.split(".")[1] for kind, _ in excerpts()}
    assert services == {"availability", "booking", "notification", "patient", "staff"}


@pytest.mark.parametrize(("kind", "contract"), list(excerpts()), ids=lambda kind: kind.__qualname__)
def test_an_excerpt_has_fields_of_its_contract_as_they_are_there(kind: type, contract: type) -> None:
    told, read = get_type_hints(contract), get_type_hints(kind)
    for field in dataclasses.fields(kind):
        assert field.name in told, field.name
        assert is_same(read[field.name], told[field.name]), field.name


@pytest.mark.parametrize(("kind", "contract"), list(excerpts()), ids=lambda kind: kind.__qualname__)
def test_what_older_neighbours_may_leave_out_has_a_default_in_every_excerpt(kind: type, contract: type) -> None:
    optional = {field.name for field in dataclasses.fields(contract) if has_default(field)}
    assert not [field.name for field in dataclasses.fields(kind) if field.name in optional and not has_default(field)]


def has_default(field: dataclasses.Field[Any]) -> bool:
    """Tell whether a field may be left out."""
    return not (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)


def test_no_service_reads_an_event_raw() -> None:
    raw = re.compile(r"event\.data(?!\))")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "services").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if raw.search(line)
    ]
    assert not found, "\n".join(found)
