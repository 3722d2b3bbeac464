"""Personal links: tokens that are derived where they are needed and never stored (DESIGN rule 9, PRODUCT M1, M2).

A manage token opens a booking; a need token lets its holder book the need of a recall; a password token lets
somebody who works at clinics choose a password; a feed token lets a calendar program fetch a practitioner's calendar.
The first key of `LINK_KEY` makes them, and all of its keys open them.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

_MAC_BYTES = 18  # 144 bits: above the 128 that cannot be guessed, and 24 characters without padding
_MAC_LENGTH = 24
_NEED = "n"
_PASSWORD = "p"
_FEED = "c"
_LENGTH_WITH_ID = 1 + 32 + _MAC_LENGTH
"""An id is a UUID in hexadecimal; no booking's token is as long."""


def manage_token(key: str, reference: str, epoch: int) -> str:
    """Return the token that opens the booking `reference`; a new `epoch` makes older tokens void."""
    return f"{reference}{_mac(key, 'manage', reference, str(epoch))}"


def token_reference(token: str) -> str | None:
    """Return the reference that a token claims, or None where it cannot be a token; check it next."""
    return token[:-_MAC_LENGTH] if _MAC_LENGTH < len(token) <= 64 and token.isascii() else None


def token_opens(keys: Sequence[str], token: str, reference: str, epoch: int) -> bool:
    """Tell in constant time whether `token` opens `reference` by one of `keys`."""
    return _is_among(token, [manage_token(key, reference, epoch) for key in keys])


def need_token(key: str, need: str) -> str:
    """Return the token by which the holder of a recall books the need with this id (PRODUCT B9)."""
    return f"{_NEED}{need}{_mac(key, 'need', need)}"


def need_of(keys: Sequence[str], token: str) -> str | None:
    """Return the id of the need that `token` proves by one of `keys`, or None where it is no need's token."""
    need = _id_in(token)
    return need if need and _is_among(token, [need_token(key, need) for key in keys]) else None


def password_token(key: str, link: str) -> str:
    """Return the token of the link with this id, by which a password is chosen (PRODUCT C4)."""
    return f"{_PASSWORD}{link}{_mac(key, 'password', link)}"


def password_link_of(keys: Sequence[str], token: str) -> str | None:
    """Return the id of the link whose token this is by one of `keys`, or None where it is none."""
    link = _id_in(token)
    return link if link and _is_among(token, [password_token(key, link) for key in keys]) else None


def feed_token(key: str, feed: str) -> str:
    """Return the token by which a calendar program fetches the feed with this id (PRODUCT C16)."""
    return f"{_FEED}{feed}{_mac(key, 'feed', feed)}"


def feed_of(keys: Sequence[str], token: str) -> str | None:
    """Return the id of the feed whose token this is by one of `keys`, or None where it is none."""
    feed = _id_in(token)
    return feed if feed and _is_among(token, [feed_token(key, feed) for key in keys]) else None


def _is_among(token: str, right: Sequence[str]) -> bool:
    return any(hmac.compare_digest(token.encode(), each.encode()) for each in right)


def _id_in(token: str) -> str | None:
    """Return the id that a token claims to prove; None where it cannot be a token."""
    return token[1:-_MAC_LENGTH] if len(token) == _LENGTH_WITH_ID and token.isascii() else None


def _mac(key: str, *parts: str) -> str:
    digest = hmac.new(key.encode(), "\x1f".join(parts).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_MAC_BYTES]).decode()
