"""What is told of the document's shape, by which forms are drawn (C3)."""

import json
from collections.abc import Iterator
from typing import Any

from services.availability.document import check, shape
from tests.builders.clinics.written import a_written_document


def keys(told: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every key that is told, by its path."""
    for key in told.get("keys", ()):
        own = f"{path}.{key['name']}".strip(".")
        yield own, key
        yield from keys(key, own)
        yield from keys(key.get("item", {}), own)


def test_c3_every_key_is_told_with_kind_limits_choices_and_default() -> None:
    told = dict(keys(shape()))
    assert told["booking.few"].items() >= {"kind": "whole", "low": 0, "high": 1000, "default": 3}.items()
    assert told["types.slots.mode"].items() >= {"kind": "choice", "choices": ["fixed", "flexible", "spaced"]}.items()
    assert told["types.description"].items() >= {"kind": "texts", "longest": 500, "default": None}.items()
    assert told["types.practitioners"]["item"] == {"kind": "key", "of": ["practitioners"]}
    assert told["templates.week.mon.kind"].items() >= {"required": True, "of": ["block_kinds"]}.items()
    assert told["practitioners"]["ordered"] is True
    assert told["absences.from"]["whole_days"] is True


def test_c3_just_the_keys_of_the_normal_form_are_told() -> None:
    told = {path for path, _ in keys(shape()) if "." not in path}
    assert told == set(check(a_written_document()).document)


def test_c3_the_shape_travels_as_json() -> None:
    assert json.loads(json.dumps(shape())) == shape()
