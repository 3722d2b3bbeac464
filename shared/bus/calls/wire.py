"""How calls and answers are written: Nameko's JSON, read and written alike by services and by blocking programs."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from shared.contracts.errors import REFUSALS, Malformed, Refusal, Unavailable


class RemoteFault(Exception):
    """The other side failed in a way that is no refusal: a defect, to be found in its log by the correlation id."""

    def __init__(self, method: str = "", exc_type: str = "", correlation_id: str = "") -> None:
        super().__init__(method, exc_type, correlation_id)
        self.method = method
        self.exc_type = exc_type
        self.correlation_id = correlation_id

    def __str__(self) -> str:
        return f"{self.method} failed with {self.exc_type} (correlation id {self.correlation_id})"


def rebuilt_refusal(error: Mapping[str, Any]) -> Refusal | None:
    """Return the refusal that an answer's error stands for; None where it is none of ours.

    A method that the other side does not know is one that it, of an older version, does not serve yet.
    """
    if error.get("exc_type") == "MethodNotFound":
        return Unavailable.because("The other service does not know this call; it may be of an older version.")
    refusal = REFUSALS.get(str(error.get("exc_type")))
    arguments = error.get("exc_args") or []
    if refusal is None or len(arguments) > 2 or not all(isinstance(argument, str) for argument in arguments):
        return None
    return refusal(*arguments)


def encoded_call(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bytes:
    """Return a request's body; raise Malformed where the arguments cannot be written as JSON."""
    try:
        return orjson.dumps({"args": list(args), "kwargs": dict(kwargs)})
    except TypeError as unwritable:  # lone surrogates and integers beyond 64 bits come from outside
        raise Malformed.because(f"A value cannot be written as JSON ({unwritable}).") from None


def decoded_call(body: bytes | str) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments of a request's body; raise Malformed where it is none."""
    try:
        request = orjson.loads(body)
        args, kwargs = request["args"], request["kwargs"]
    except (ValueError, TypeError, KeyError):
        args = kwargs = None
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        raise Malformed.because("A call is a JSON object with a list `args` and an object `kwargs`.")
    return args, kwargs


def decoded_answer(body: bytes | str) -> dict[str, Any]:
    """Return an answer's body; what is none counts as a fault of the other side."""
    try:
        answer = orjson.loads(body)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {"error": {"exc_type": "an answer that is no JSON object"}}
