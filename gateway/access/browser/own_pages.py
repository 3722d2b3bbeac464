"""Whether a form was sent by a page of ours, and not by somebody else's page in the same browser (CSRF)."""

from urllib.parse import urlsplit

from gateway.http.request import Request


def is_sent_by_us(request: Request, public_url: str) -> bool:
    """Tell whether a form was sent by a page of ours: browsers say of which origin it was."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc in (request.host, urlsplit(public_url).netloc)


def is_surely_sent_by_us(request: Request, public_url: str) -> bool:
    """Tell the same where staff act: what a browser says beside the origin must not speak against it.

    A browser that leaves the origin away, as some do for their own page, says at least that it was the same.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if "Origin" in request.headers:
        return site in (None, "same-origin") and is_sent_by_us(request, public_url)
    return site == "same-origin"
