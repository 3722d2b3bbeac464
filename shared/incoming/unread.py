"""What a caller sent, read later: where the contract puts other refusals before `invalid` (CONTRACTS 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Request = TypeVar("Request")


@dataclass(frozen=True)
class Unread(Generic[Request]):
    """The fields of a call as they came, and what reads them."""

    sent: Mapping[str, Any]
    reader: Callable[[Mapping[str, Any]], Request]

    def read(self) -> Request:
        """Return the request that the fields are; raise Invalid where they are none."""
        return self.reader(self.sent)
