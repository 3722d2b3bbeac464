"""Email addresses as people type them."""

import re

_LONGEST_EMAIL = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def normal_email(text: str) -> str:
    """Return the address with its domain in lower case; raise ValueError where its syntax is not RFC 5321's.

    Letters of any script are accepted (RFC 6531); quoted local parts, address literals and bare hosts are not.
    """
    stripped = text.strip()
    local, _, domain = stripped.rpartition("@")
    if len(stripped) <= _LONGEST_EMAIL and len(local) <= 64 and _LOCAL_PART.fullmatch(local) and _is_domain(domain):
        return f"{local}@{domain.lower()}"
    raise ValueError("Enter an email address such as name@example.org.")


def _is_domain(domain: str) -> bool:
    try:
        labels = domain.encode("idna").decode().split(".")
    except UnicodeError:
        return False
    return len(labels) > 1 and all(map(_DOMAIN_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
