"""Emails as they were sent, and what hangs at them: shown by themselves, where nothing of them runs or gets out."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from gateway.http.answers import attached
from gateway.http.headers import page_policy
from shared.contracts.errors import NotFound

_POLICY = (
    page_policy(frame_ancestors=("'self'",), styles=("'unsafe-inline'",))
    + "; sandbox allow-top-navigation-by-user-activation"
)
"""Emails bring their own styles and may hold anything; they run nothing and reach nobody, and links leave the frame."""

_LINKS_LEAVE_THE_FRAME = '<base target="_top">'


def letter(message: Mapping[str, Any]) -> Response:
    """Return an email's HTML by itself, as a mail reader shows it; raise NotFound where it has none."""
    html = message["html"]
    if not html:
        raise NotFound.because("The message has no HTML.")
    head, tag, rest = html.partition("<head>")
    framed = head + tag + _LINKS_LEAVE_THE_FRAME + rest if tag else _LINKS_LEAVE_THE_FRAME + html
    response = Response(framed, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def attachment(message: Mapping[str, Any], number: int) -> Response:
    """Return an attachment as a file to keep; raise NotFound where there is none."""
    attachments: Sequence[Mapping[str, str]] = message["attachments"]
    if number >= len(attachments):
        raise NotFound.because("The message has no such attachment.")
    found = attachments[number]
    return attached(Response(found["content"], content_type=found["type"]), found["name"])
