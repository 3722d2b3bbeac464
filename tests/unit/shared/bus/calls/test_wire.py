"""How calls and answers are written."""

import pytest

from shared.bus.calls.wire import RemoteFault, decoded_answer, encoded_call, rebuilt_refusal
from shared.contracts.errors import REFUSALS, Malformed


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_is_rebuilt_as_itself(name: str) -> None:
    refusal = REFUSALS[name].because("no", errors={"start": ["past"]})
    rebuilt = rebuilt_refusal({"exc_type": name, "exc_args": list(refusal.args)})
    assert type(rebuilt) is REFUSALS[name]
    assert rebuilt.extra == {"errors": {"start": ["past"]}}


@pytest.mark.parametrize(
    "error",
    [
        {"exc_type": "KeyError", "exc_args": ["x"]},
        {"exc_type": "Invalid", "exc_args": ["a", "{}", "c"]},
        {"exc_type": "Invalid", "exc_args": [{"not": "text"}]},
        {},
    ],
)
def test_other_errors_are_no_refusals(error: dict[str, object]) -> None:
    assert rebuilt_refusal(error) is None


def test_a_call_is_namekos_json() -> None:
    assert encoded_call(("solna",), {"type": "exam"}) == b'{"args":["solna"],"kwargs":{"type":"exam"}}'


@pytest.mark.parametrize("value", [2**70, "\ud800", object(), {1: 2}])
def test_what_json_cannot_carry_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        encoded_call((), {"value": value})


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", "null"])
def test_an_answer_that_is_none_counts_as_an_error(body: bytes | str) -> None:
    assert decoded_answer(body)["error"]


def test_a_fault_says_where_to_look() -> None:
    assert str(RemoteFault("booking.book", "KeyError", "c-1")) == (
        "booking.book failed with KeyError (correlation id c-1)"
    )
