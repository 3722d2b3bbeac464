"""A method's fields: the clinic that a call names, and those that are missing or that nobody knows."""

from typing import Any

import pytest

from shared.bus.calls.fields import Fields
from shared.contracts.errors import Invalid


class Service:
    """A service with methods of each shape."""

    def get(self, clinic: str, reference: str) -> None: ...

    def find(self, clinic: str, **query: Any) -> None: ...

    def rebook(self, token: str | None = None, clinic: str | None = None, **fields: Any) -> None: ...

    def open_recall(self, **fields: Any) -> None: ...


@pytest.mark.parametrize(
    ("method", "args", "kwargs", "clinic"),
    [
        (Service.get, ["solna", "ABC"], {}, "solna"),
        (Service.get, [], {"reference": "ABC", "clinic": "solna"}, "solna"),
        (Service.get, [], {}, None),
        (Service.get, ["solna"], {"clinic": "lund"}, "solna"),
        (Service.rebook, ["token"], {}, None),
        (Service.rebook, ["token", "solna"], {}, "solna"),
        (Service.rebook, [], {"clinic": "solna"}, "solna"),
        (Service.open_recall, [], {"clinic": "solna"}, None),
    ],
)
def test_a_call_names_its_clinic_by_position_or_by_name(
    method: Any, args: list[Any], kwargs: dict[str, Any], clinic: str | None
) -> None:
    assert Fields(method).clinic(args, kwargs) == clinic


@pytest.mark.parametrize(
    ("method", "args", "kwargs", "wrong"),
    [
        (Service.get, ["solna"], {}, ["reference"]),
        (Service.get, [], {"reference": "ABC", "start": 1}, ["start", "clinic"]),
        (Service.get, ["solna", "ABC", "more"], {}, []),
        (Service.get, ["solna", "ABC"], {"clinic": "lund"}, []),
        (Service.find, [], {"limit": 5}, ["clinic"]),
    ],
)
def test_fields_that_are_missing_or_unknown_are_named(
    method: Any, args: list[Any], kwargs: dict[str, Any], wrong: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        Fields(method).require(args, kwargs)
    assert list(refused.value.extra["errors"]) == wrong


def test_what_a_method_takes_by_any_name_is_its_own_business() -> None:
    Fields(Service.find).require(["solna"], {"limit": 5, "whatever": None})
