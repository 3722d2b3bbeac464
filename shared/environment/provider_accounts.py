"""How to reach the providers of SMS and email, as the environment says it (PRODUCT N5). Each stands by itself."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shared.environment.web_address import web_address

TWILIO_URL = "https://api.twilio.com"
SENDGRID_URL = "https://api.sendgrid.com"

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_MESSAGING_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_NAMED_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class Twilio:
    """An account that sends SMS. `sender` is a number, a messaging service (`MG…`) or a name of up to 11 letters."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    url: str = TWILIO_URL

    @property
    def is_messaging_service(self) -> bool:
        """Whether the sender is chosen by a messaging service."""
        return _MESSAGING_SERVICE.fullmatch(self.sender) is not None


@dataclass(frozen=True)
class SendGrid:
    """An account that sends email. `webhook_key` is the public key of its signed events; empty: it sends none."""

    api_key: str = field(repr=False)
    sender: str
    url: str = SENDGRID_URL
    webhook_key: str = ""


def twilio_from(environ: Mapping[str, str]) -> Twilio | None:
    """Return the account, None where nothing names one; raise ValueError with one sentence for half or wrong ones."""
    sid, token, sender = _set(environ, "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
    url = web_address(environ, "TWILIO_URL", TWILIO_URL, example=TWILIO_URL)
    if not sid:
        return None
    if not _ACCOUNT.fullmatch(sid):
        raise ValueError("TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits, as the Twilio console shows it.")
    sender = sender if _NAMED_SENDER.fullmatch(sender) else sender.replace(" ", "")
    if not any(shape.fullmatch(sender) for shape in (_NUMBER, _MESSAGING_SERVICE, _NAMED_SENDER)):
        raise ValueError("TWILIO_FROM must be a number such as +46701234567, a messaging service MG…, or a name.")
    return Twilio(sid, token, sender, url)


def sendgrid_from(environ: Mapping[str, str]) -> SendGrid | None:
    """Return the account, None where nothing names one; raise ValueError with one sentence for half or wrong ones."""
    key, sender = _set(environ, "SENDGRID_API_KEY", "SENDGRID_FROM")
    url = web_address(environ, "SENDGRID_URL", SENDGRID_URL, example=SENDGRID_URL)
    webhook_key = "".join((environ.get("SENDGRID_WEBHOOK_KEY") or "").split())
    if webhook_key and not key:
        raise ValueError("SENDGRID_API_KEY and SENDGRID_FROM must be set where SENDGRID_WEBHOOK_KEY is.")
    if not key:
        return None
    if not _EMAIL.fullmatch(sender):
        raise ValueError(f"SENDGRID_FROM must be a bare email address, not {sender!r}.")
    if webhook_key:
        _check_public_key(webhook_key)
    return SendGrid(key, sender, url, webhook_key)


def _set(environ: Mapping[str, str], *names: str) -> list[str]:
    """Return the values of variables that go together: all of them or none."""
    values = [(environ.get(name) or "").strip() for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and len(missing) < len(names):
        given = ", ".join(name for name in names if name not in missing)
        raise ValueError(f"{', '.join(missing)} must be set where {given} is; leave all out for the local outbox.")
    return values


def _check_public_key(key: str) -> None:
    if not _is_elliptic(key):
        raise ValueError("SENDGRID_WEBHOOK_KEY must be the verification key that SendGrid shows for signed events.")


def _is_elliptic(key: str) -> bool:
    try:
        return isinstance(load_der_public_key(base64.b64decode(key, validate=True)), EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False
