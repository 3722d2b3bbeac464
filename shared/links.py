"""Personal links: tokens that are derived where they are needed and never stored (DESIGN rule 9, PRODUCT M1, M2).

A manage token opens a booking; a need token lets its holder book the need of a recall.
"""

import base64
import hashlib
import hmac

_MAC_BYTES = 18  # 144 bits: above the 128 that cannot be guessed, and 24 characters without padding
_MAC_LENGTH = 24
_NEED = "n"
_NEED_LENGTH = len(_NEED) + 32 + _MAC_LENGTH
"""A need's id is a UUID in hexadecimal; no booking's token is as long."""


def manage_token(key: str, reference: str, epoch: int) -> str:
    """Return the token that opens the booking `reference`; a new `epoch` makes older tokens void."""
    return f"{reference}{_mac(key, 'manage', reference, str(epoch))}"


def token_reference(token: str) -> str | None:
    """Return the reference that a token claims, or None where it cannot be a token; check it next."""
    return token[:-_MAC_LENGTH] if _MAC_LENGTH < len(token) <= 64 and token.isascii() else None


def token_opens(key: str, token: str, reference: str, epoch: int) -> bool:
    """Tell in constant time whether `token` opens `reference`."""
    return hmac.compare_digest(token.encode(), manage_token(key, reference, epoch).encode())


def need_token(key: str, need: str) -> str:
    """Return the token by which the holder of a recall books the need with this id (PRODUCT B9)."""
    return f"{_NEED}{need}{_mac(key, 'need', need)}"


def need_of(key: str, token: str) -> str | None:
    """Return the id of the need that `token` proves, or None where it is no need's token."""
    if len(token) != _NEED_LENGTH or not token.isascii():
        return None
    need = token[len(_NEED) : -_MAC_LENGTH]
    return need if hmac.compare_digest(token.encode(), need_token(key, need).encode()) else None


def _mac(key: str, *parts: str) -> str:
    digest = hmac.new(key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode()
