"""Addresses of the web and of servers, as the environment gives them."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

_WEB = frozenset({"http", "https"})
_BROKERS = frozenset({"amqp", "amqps", "pyamqp"})


def web_address(environ: Mapping[str, str], name: str, default: str, example: str) -> str:
    """Return the address that the variable `name` holds, or `default`, without a slash at its end.

    Raises ValueError with one sentence that shows an `example`.
    """
    text = (environ.get(name) or default).rstrip("/")
    if not _is_address(text, _WEB):
        raise ValueError(f"{name} must be an address such as {example}, not {text!r}.")
    return text


def broker_address(environ: Mapping[str, str], embedded: str) -> str:
    """Return where RabbitMQ is, as `AMQP_URI` says, with `AMQP_PASSWORD`; `embedded` where it says nothing.

    Raises ValueError with one sentence, which does not repeat what may hold a password.
    """
    text = environ.get("AMQP_URI") or embedded
    if text != embedded and not _is_address(text, _BROKERS):
        raise ValueError("AMQP_URI must be an address such as pyamqp://user:password@host:5672//.")
    return with_password(text, environ.get("AMQP_PASSWORD") or "")


def with_password(address: str, password: str) -> str:
    """Return a server's address with its user's password, of whatever characters; one that has its own keeps it."""
    parts = urlsplit(address)
    if not password or not parts.username or parts.password:
        return address
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.rstrip(':')}:{quote(password, safe='')}@{host}"))


def _is_address(text: str, schemes: frozenset[str]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # not even the form of an address: a bracket that is left open, a port that is no number
        return False
