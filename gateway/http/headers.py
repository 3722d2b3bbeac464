"""Headers that keep browsers from doing harm: what a page may load, who may frame it, what caches may keep."""

import re
from collections.abc import Sequence

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

_NEVER_FRAMED = re.compile(r"/(staff|m|outbox(?!/[^/]+/letter$)|recall|calendar/[^/]+\.ics|[^/]+/my)(/|$)")
_PERSONAL = re.compile(
    r"/(v1/(staff|manage|holds|recalls|clinics/[^/]+/(my|logins))|staff|m|outbox|recall"
    r"|calendar/[^/]+\.ics|[^/]+/my)(/|$)"
)


def page_policy(
    frame_ancestors: Sequence[str] = ("'none'",),
    images: Sequence[str] = (),
    styles: Sequence[str] = ("'self'",),
    frames: Sequence[str] = ("'none'",),
) -> str:
    """Return a Content-Security-Policy: only our own scripts and styles, images from us and `images`.

    `frame_ancestors` are the sites that may frame the page (B16), `images` origins of tracking images (B17).
    `frames` are what the page itself may frame.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {' '.join(styles)}",
            " ".join(("img-src 'self' data:", *images)),
            "font-src 'self'",
            f"frame-src {' '.join(frames)}",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(frame_ancestors)}",
        )
    )


NOTHING_LOADED = "default-src 'none'; frame-ancestors 'none'"
"""The policy of answers that are not pages."""


_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"


def kept_by_browsers(response: Response, *, is_named: bool) -> Response:
    """Let browsers keep what is the same to everybody: for ever where its address names what it holds (`is_named`)."""
    response.headers["Cache-Control"] = _FOR_EVER if is_named else _FOR_A_WHILE
    return response


def is_never_framed(path: str) -> bool:
    """Tell whether what stands at `path` is personal, so that no site shows it inside its own (CONTRACTS 1)."""
    return _NEVER_FRAMED.match(path) is not None


def protect(headers: Headers, path: str, *, is_page: bool, is_kept: bool, is_https: bool) -> None:
    """Add the headers that are missing; what carries personal links or staff data is neither framed nor kept.

    `is_kept` says whether a cache may keep the answer at all, to be asked about anew each time.
    """
    present = {name.lower(): value for name, value in headers}
    policy = present.get("content-security-policy") or (page_policy() if is_page else NOTHING_LOADED)
    safe = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-cache" if is_kept and not _PERSONAL.match(path) else "no-store",
    }
    if is_https:
        safe["Strict-Transport-Security"] = "max-age=31536000"
    headers.extend({name: value for name, value in safe.items() if name.lower() not in present})
    if is_never_framed(path) or "frame-ancestors 'none'" in policy:
        headers["X-Frame-Options"] = "DENY"
