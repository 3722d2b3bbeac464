"""The language in which clinics write their own messages, and what a message may name (CONTRACTS 1, `messages`).

Notification writes messages by it; availability checks by it what a clinic saves, so that a mistake is found then
and not when the message is due (PRODUCT N4).
"""

from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = frozenset(
    {
        "patient.first_name", "patient.last_name",
        "booking.type", "booking.practitioner", "booking.start", "booking.end", "booking.date", "booking.time",
        "booking.length", "booking.reference", "booking.message",
        "clinic.name", "clinic.phone", "clinic.address", "clinic.website",
        "texts.confirmation", "link", "code", "old.start", "comment",
    }
)  # fmt: skip
"""What every message may name; what an event has not (a code, an old start, a comment) is empty text."""

_OTHER_FILES: tuple[type[nodes.Node], ...] = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)


class OwnTemplates(ImmutableSandboxedEnvironment):
    """Where clinics' templates run: no globals, no repetition by `*` and `**`, an unknown name is an error.

    Nothing is worked out while a template is only read.
    """

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *, autoescape: bool) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, optimized=False)
        self.globals.clear()

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what makes much out of little."""
        raise SecurityError(f"{operator} is not allowed in a message")


def unknown_variables(source: str) -> list[str]:
    """Return what the template `source` names and no message has, in order of the alphabet.

    Raises ValueError, with one sentence, where it cannot be read as a template.
    """
    environment = OwnTemplates(autoescape=False)
    try:
        tree = environment.parse(source)
        environment.compile(environment.parse(source))  # finds filters that do not exist
    except TemplateSyntaxError as broken:
        raise ValueError(f"Line {broken.lineno} is no template: {broken.message}") from broken
    except (RecursionError, SyntaxError, MemoryError) as deep:
        raise ValueError("The template has too many levels; write it simpler.") from deep
    if any(tree.find(kind) for kind in _OTHER_FILES):
        raise ValueError("A message stands alone; it cannot take in other templates.")
    return sorted(set(_named(tree)) - VARIABLES - {name.split(".")[0] for name in VARIABLES})


def _named(tree: nodes.Template) -> Iterator[str]:
    """Yield the names that the template does not make itself, whole (`patient`) and with a part (`patient.mobile`)."""
    outside = find_undeclared_variables(tree)
    yield from outside
    for access in tree.find_all(nodes.Getattr):
        if isinstance(access.node, nodes.Name) and access.node.name in outside:
            yield f"{access.node.name}.{access.attr}"
