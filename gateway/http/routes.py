"""A route: which function answers what is asked by one method at addresses of one form.

Wings list theirs in tables; `gateway.service` puts the tables together, and one entrypoint dispatches them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from werkzeug.wrappers import Response

from gateway.http.bounds import BODY_LIMIT, FORM_FIELDS

Function = Callable[..., Response]

ADMITTED = Response(status=100)
"""What is answered to the head of a large body (`Request.is_announced`) whose sender may send the rest."""


@dataclass(frozen=True, eq=False)
class Route:
    """`method url` is answered by `function(services, request, **what the address holds)`, which may raise Refusals.

    `url` is in Werkzeug's form, `/v1/clinics/<clinic>`; `body_limit` is in bytes, and a form has at most
    `form_fields`. What is `framed` stands inside clinics' own sites (B16), and so do its refusals. `in_doubt` says what
    a program can do that was told `timeout` or `unavailable`, since what it asked for may be done all the same.
    """

    method: str
    url: str
    function: Function
    body_limit: int = field(default=BODY_LIMIT, kw_only=True)
    form_fields: int = field(default=FORM_FIELDS, kw_only=True)
    framed: bool = field(default=False, kw_only=True)
    in_doubt: str = field(default="", kw_only=True)

    settles_first: ClassVar[bool] = False
    """Whether it answers `ADMITTED`, or why not, where there is only a request's head."""

    @property
    def name(self) -> str:
        """The function's name, which is the operation's in the API's description."""
        return self.function.__name__
