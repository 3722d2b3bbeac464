"""The internal tools that may call services: by whose key they sign, for which clinics and methods (PRODUCT C5).

And whose events they hear, which is for the broker to hold.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from shared.contracts.errors import Forbidden
from shared.sealed import require_long

_SHAPE = (
    "TOOL_KEYS must be written name:key[:clinics[:methods[:events]]], comma separated; a name has no dots, clinics, "
    "methods and services whose events are heard stand between +, * is all clinics or methods, and a method is written "
    "service.method or service.*."
)
_METHOD = re.compile(r"[a-z]+\.([a-z_]+|\*)")
_CLINIC = re.compile(r"[a-z0-9-]+")
_ALL = "*"
_MOST_PARTS = 5


@dataclass(frozen=True)
class Tool:
    """A tool's key, and what it is limited to: clinics, and methods as `service.method` or `service.*`; None is all.

    It hears the events of the services that it `hears`, of all clinics. `others` are accepted too, while the key is
    rotated.
    """

    key: str = field(repr=False)
    clinics: frozenset[str] | None = None
    methods: frozenset[str] | None = None
    hears: frozenset[str] = frozenset()
    others: tuple[str, ...] = field(default=(), repr=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys by which it may sign."""
        return (self.key, *self.others)

    @property
    def is_limited(self) -> bool:
        """Whether there is anything that it may not do."""
        return self.clinics is not None or self.methods is not None

    def require(self, method: str, clinic: object) -> None:
        """Refuse what it is not for: raise Forbidden. `clinic` is what the call names, None where it names none."""
        service = method.partition(".")[0]
        if self.methods is not None and not self.methods & {method, f"{service}.*"}:
            raise Forbidden.because("This tool's key is not for this method.")
        if self.clinics is not None and not (isinstance(clinic, str) and clinic in self.clinics):
            raise Forbidden.because("This tool's key is for certain clinics; name one of them.")


def tools_from(text: str, services: Collection[str]) -> dict[str, Tool]:
    """Read `name:key[:clinics[:methods[:events]]]`, comma separated; raise ValueError, which repeats no key.

    `services` are those whose events may be heard. A tool that is named again, with the same limits, has another key
    that is accepted.
    """
    tools: dict[str, Tool] = {}
    for name, tool in _tools(text, services):
        require_long(f"The key of {name} in TOOL_KEYS", tool.key)
        known = tools.get(name)
        if known is None:
            tools[name] = tool
        elif replace(known, key=tool.key, others=()) == tool:
            tools[name] = replace(known, others=(*known.others, tool.key))
        else:
            raise ValueError(f"TOOL_KEYS names the tool {name} twice, with different limits.")
    return tools


def _tools(text: str, services: Collection[str]) -> Iterator[tuple[str, Tool]]:
    for entry in filter(None, (entry.strip() for entry in text.split(","))):
        name, *parts = entry.split(":")
        if not name or "." in name or not 1 < len(parts) + 1 <= _MOST_PARTS or not all(parts):
            raise ValueError(_SHAPE)
        key, clinics, methods, *hears = (*parts, *(_ALL, _ALL)[len(parts) - 1 :])
        heard = frozenset(hears[0].split("+") if hears else ())
        if not heard <= {*services}:
            raise ValueError(f"{_SHAPE} Events are those of {', '.join(services)}.")
        yield name, Tool(key, _limits(clinics, _CLINIC), _limits(methods, _METHOD), heard)


def _limits(text: str, shape: re.Pattern[str]) -> frozenset[str] | None:
    limits = frozenset(text.split("+"))
    if limits == {_ALL}:
        return None
    if not all(shape.fullmatch(limit) for limit in limits):
        raise ValueError(_SHAPE)
    return limits
