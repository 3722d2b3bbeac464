"""What an authenticator app is told, and the codes that it shows (RFC 4226, RFC 6238)."""

import base64
import hmac
import secrets
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services.staff.model.two_step import DIGITS, STEP_SECONDS

_SECRET_BYTES = 20
"""As long as what SHA-1 makes of it (RFC 4226, 4)."""

ISSUER = "Frontdesk"


def new_secret() -> str:
    """Return a secret as apps take it, in base 32."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def address_for_app(secret: str, email: str) -> str:
    """Return the `otpauth:` address that a QR code hands to an app."""
    totp = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)
    return totp.get_provisioning_uri(email, ISSUER)


def step_of(secret: str, code: str, steps: Iterable[int]) -> int | None:
    """Return the first of these half minutes in which the app shows `code`; None where it is in none of them."""
    hotp = HOTP(base64.b32decode(secret), DIGITS, SHA1())
    shown = [step for step in steps if hmac.compare_digest(hotp.generate(step), code.encode())]
    return next(iter(shown), None)
