"""Personal links: a token that is derived where it is needed and never stored (DESIGN rule 9, PRODUCT M1)."""

import base64
import hashlib
import hmac

_MAC_BYTES = 18  # 144 bits: above the 128 that cannot be guessed, and 24 characters without padding
_MAC_LENGTH = 24


def manage_token(key: str, reference: str, epoch: int) -> str:
    """Return the token that opens the booking `reference`; a new `epoch` makes older tokens void."""
    return f"{reference}{_mac(key, reference, epoch)}"


def token_reference(token: str) -> str | None:
    """Return the reference that a token claims, or None where it cannot be a token; check it next."""
    return token[:-_MAC_LENGTH] if _MAC_LENGTH < len(token) <= 64 and token.isascii() else None


def token_opens(key: str, token: str, reference: str, epoch: int) -> bool:
    """Tell in constant time whether `token` opens `reference`."""
    return hmac.compare_digest(token.encode(), manage_token(key, reference, epoch).encode())


def _mac(key: str, reference: str, epoch: int) -> str:
    digest = hmac.new(key.encode(), f"manage\x1f{reference}\x1f{epoch}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode()
