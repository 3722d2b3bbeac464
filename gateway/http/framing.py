"""Where a request ends is said once and in one way, or the request is refused (RFC 9112, sections 3.2, 5 and 6.3).

What two servers on the way may read differently (two lengths, a space before a colon, a folded line), one of them can
be made to take for a second request. The head is read here and by nobody else: a mail's parser, which Python's servers
read it with, is more lenient, and takes ten times as long.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\xff]+) (HTTP/1\.[01])\r?\n")
_LATER_HTTP = re.compile(rb".* HTTP/[2-9]\.[0-9]\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\x00-\x08\x0a-\x1f\x7f]*)(?:\r?\n)?")
"""A value holds no control characters; a tab may stand between words."""
_ONCE = frozenset({"content-length", "transfer-encoding", "host"})

MOST_FIELDS = 100


class Misframed(Exception):
    """A head that is refused, with the HTTP status and the sentence that say why."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


class Fields:
    """A head's fields as Eventlet asks for them: by name whatever its case, or all in their order."""

    type = "text/plain"
    """What Eventlet takes a body for where no field says what it is."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._headers = pairs
        self._first = {name.lower(): value for name, value in reversed(pairs)}

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the value of the first field of this name."""
        return self._first.get(name.lower(), default)


@dataclass(frozen=True)
class Head:
    """What stands before a request's body, decoded as Latin-1."""

    method: str
    target: str
    version: str
    fields: Fields = field(compare=False)

    @property
    def ends_connection(self) -> bool:
        """Whether no other request follows on the connection, as the client says or its version does."""
        said = (self.fields.get("connection") or "").lower()
        return said == "close" or (self.version == "HTTP/1.0" and said != "keep-alive")


def head_of(request_line: bytes, lines: Sequence[bytes]) -> Head:
    """Return a request's head; raise Misframed where it cannot be read in one way only.

    `lines` are the header lines as they came, with their ends, without the empty one.
    """
    first = _REQUEST_LINE.fullmatch(request_line)
    if first is None:
        if _LATER_HTTP.fullmatch(request_line):
            raise Misframed("This is HTTP/1.1 only.", 505)
        raise Misframed("The first line must be a method, an address and HTTP/1.1, with one space between.")
    method, target, version = (part.decode("latin-1") for part in first.groups())
    pairs = [_field(line) for line in lines]
    _require_one_end(pairs, needs_host=version == "HTTP/1.1")
    return Head(method, target, version, Fields(pairs))


def _field(line: bytes) -> tuple[str, str]:
    found = _FIELD.fullmatch(line)
    if found is None:
        raise Misframed(
            "A header line must be a name, a colon and a value, without control characters or folded lines."
        )
    name, value = found.groups()
    return name.decode("ascii"), value.strip(b" \t").decode("latin-1")


def _require_one_end(pairs: Sequence[tuple[str, str]], *, needs_host: bool) -> None:
    """Refuse what is said twice, or in another way than in that which all servers read."""
    found: dict[str, str] = {}
    for name, value in pairs:
        low = name.lower()
        if low in found:
            raise Misframed(f"{low.title()} must be given once.")
        if low in _ONCE:
            found[low] = value
    length = found.get("content-length")
    if needs_host and "host" not in found:
        raise Misframed("A request of HTTP/1.1 needs a Host.")
    if length is not None and not (length.isascii() and length.isdigit()):
        raise Misframed("Content-Length must be a whole number.")
    if length is not None and "transfer-encoding" in found:
        raise Misframed("Content-Length and Transfer-Encoding must not come together.")
    if "transfer-encoding" in found:
        raise Misframed("Send a Content-Length; chunked bodies are not accepted.", 411)
