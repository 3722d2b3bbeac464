"""What all pages of the console share: whose language they speak, and how they are drawn."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.http.request import Request
from gateway.http.wording import reader_language
from gateway.views.rendering import page


class Typed(dict[str, str]):
    """What was typed into a form, as templates of all wings ask for it; nothing is carried along in addresses."""

    is_private = False

    def __missing__(self, name: str) -> str:
        return ""

    def value(self, name: str) -> str:
        """Return what was typed into a field."""
        return self[name]

    def hidden(self, **_changes: object) -> tuple[()]:
        """Return what forms carry along besides their own fields: nothing."""
        return ()


def language_of(request: Request) -> str:
    """Return the language that the reader wants."""
    return reader_language(request.headers.get("Accept-Language"), request.values.get("lang"))


def show(request: Request, template: str, *, status: int = 200, typed: Typed | None = None, **context: Any) -> Response:
    """Return a page of the console's own."""
    shared = {"draft": Typed() if typed is None else typed, "path": request.path, "errors": {}}
    return page(template, language_of(request), {**shared, **context}, status=status)
