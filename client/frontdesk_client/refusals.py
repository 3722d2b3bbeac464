"""What a call comes to that is not done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A service's considered no, or nobody's answer.

    `code` is for programs: `slot_taken`, `not_found`, `invalid` … `detail` is a sentence for the log. `extra` holds
    what goes with it: `errors` by field, `alternatives`, `retry_after` in seconds. With `timeout` and `unavailable` a
    change may have been made all the same; look before it is tried again, or book with an `idempotency_key`.
    `forbidden`, also where RabbitMQ says so, and `method_not_found` are no better another time.
    """

    def __init__(self, code: str, detail: str = "", extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.extra = dict(extra or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Fault(Exception):
    """The other side failed in a way that it did not expect: its log tells more by `correlation_id`."""

    def __init__(self, kind: str, correlation_id: str) -> None:
        super().__init__(kind, correlation_id)
        self.kind = kind
        self.correlation_id = correlation_id


def raised(error: Mapping[str, Any], correlation_id: str) -> Exception:
    """Return the exception for the `error` of an answer.

    A refusal travels as the path and arguments of its class in Frontdesk: a sentence, and the rest as JSON. Its code is
    the class's name in small letters: `SlotTaken` is `slot_taken`.
    """
    kind = str(error.get("exc_type"))
    if kind == "MethodNotFound":
        return Refused("method_not_found", "The service knows no such method; it may be of an older version.")
    if not str(error.get("exc_path", "")).startswith("shared.contracts.errors."):
        return Fault(kind, correlation_id)
    detail, extra = (*error.get("exc_args", ()), "", "{}")[:2]
    return Refused(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower(), str(detail), json.loads(extra or "{}"))
