"""Where a request ends is said once and in one way, or the request is refused (RFC 9112, sections 3.2, 5 and 6.3).

What two servers on the way may read differently (two lengths, a space before a colon, a folded line), one of them can
be made to take for a second request.
"""

import re
from collections.abc import Sequence

_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\xff]+ HTTP/1\.[01]\r?\n")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no value may hold; a tab may stand between words."""
_ONCE = {b"content-length", b"transfer-encoding", b"host"}


def fault_in_head(request_line: bytes, lines: Sequence[bytes]) -> str | None:
    """Return the sentence that says what is wrong with a request's head, None where it can be read in one way only.

    `lines` are the header lines as they came, with their ends, the empty one last.
    """
    if not _REQUEST_LINE.fullmatch(request_line):
        return "The first line must be a method, an address and HTTP/1.1, with one space between."
    found: dict[bytes, bytes] = {}
    for line in lines:
        text = line.removesuffix(b"\n").removesuffix(b"\r")
        if not text:
            break
        name, colon, value = text.partition(b":")
        if not colon or not _NAME.fullmatch(name) or _FORBIDDEN.search(value):
            return "A header line must be a name, a colon and a value, without control characters or folded lines."
        name = name.lower()
        if name in found:
            return f"{name.decode().title()} must be given once."
        if name in _ONCE:
            found[name] = value.strip(b" \t")
    return _fault_in_fields(found, needs_host=b"HTTP/1.1" in request_line)


def _fault_in_fields(found: dict[bytes, bytes], *, needs_host: bool) -> str | None:
    if needs_host and b"host" not in found:
        return "A request of HTTP/1.1 needs a Host."
    if not found.get(b"content-length", b"0").isdigit():
        return "Content-Length must be a whole number."
    if b"content-length" in found and b"transfer-encoding" in found:
        return "Content-Length and Transfer-Encoding must not come together."
    return None
