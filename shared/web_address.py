"""Web addresses, as the environment gives them."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def web_address(environ: Mapping[str, str], name: str, default: str, example: str) -> str:
    """Return the address that the variable `name` holds, or `default`, without a slash at its end.

    Raises ValueError with one sentence that shows an `example`.
    """
    text = (environ.get(name) or default).rstrip("/")
    if not _is_web_address(text):
        raise ValueError(f"{name} must be an address such as {example}, not {text!r}.")
    return text


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # not even the form of an address: a bracket that is left open, a port that is no number
        return False
