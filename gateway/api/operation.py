"""One operation of the API, described once: its route, its fields, its answers and its OpenAPI entry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from marshmallow import Schema

from gateway.http.bounds import BODY_VALUES
from gateway.http.routes import Route

NO_SLOT = ("slot_not_offered", "slot_taken", "slot_held")
"""The refusals of a time that is not to be had, wherever one is chosen."""

KEY = {"Idempotency-Key": "Repeated within 24 hours: the first answer again."}
"""The header by which a call that was repeated is known."""

REPEAT_WITH_KEY = "It may be done all the same. With an Idempotency-Key repeat the very call: it gets the first answer."
"""What who was told 503 or 504 can do where a key is taken."""

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
"""What stands in a route's address for a value, with the value's name."""


@dataclass(frozen=True, eq=False)
class Operation(Route):
    """A route that does `summary`; the schemas name the fields that it takes and describe what it answers.

    `query` and `body` say which names are allowed; what they may hold is for the services to check. A body holds so
    many `body_values` at most. With `reads_body` False the function reads the body itself; one that is a file comes in
    one of the types that it `takes`. `answer` None is an answer without a described body, `media` are the types it
    comes in, and `also` holds answers under other statuses that are no refusals. `refusals` are the codes it may give
    besides those that every operation may. `staff` operations want a staff session, which is checked before anything
    else (CONTRACTS 2). `patient` says whether a patient's session or a recall's token is `required` (checked as early),
    `welcome`, or of no use here (None).
    """

    summary: str
    answer: type[Schema] | None = None
    status: int = 200
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    refusals: tuple[str, ...] = ()
    staff: bool = False
    patient: Literal["welcome", "required"] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: tuple[str, ...] = ("application/json",)
    reads_body: bool = True
    body_values: int = BODY_VALUES
    takes: tuple[str, ...] = ()
    also: Mapping[int, type[Schema]] = field(default_factory=dict)

    settles_first = True

    @cached_property
    def query_names(self) -> tuple[str, ...]:
        """The query parameters that are known here."""
        return names_of(self.query)

    @cached_property
    def body_names(self) -> tuple[str, ...]:
        """The fields of the body that are known here."""
        return names_of(self.body)

    @cached_property
    def required_names(self) -> tuple[str, ...]:
        """The fields of the body that must be given."""
        return _required(self.body)

    @cached_property
    def required_parameters(self) -> tuple[str, ...]:
        """The query parameters that must be given."""
        return _required(self.query)


def operations_in(routes: Iterable[Route]) -> list[Operation]:
    """Return the API's operations among `routes`, in the order of their addresses."""
    found = [each for each in routes if isinstance(each, Operation)]
    return sorted(found, key=lambda each: (each.url, each.method))


def names_of(schema: type[Schema] | None) -> tuple[str, ...]:
    """Return the names that a schema's fields have in JSON."""
    if schema is None:
        return ()
    return tuple(field.data_key or name for name, field in schema().fields.items())


def _required(schema: type[Schema] | None) -> tuple[str, ...]:
    if schema is None:
        return ()
    return tuple(field.data_key or name for name, field in schema().fields.items() if field.required)
