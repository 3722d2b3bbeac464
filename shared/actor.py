"""Who acts: a short-lived signed token in every call's context (DESIGN rule 10, CONTRACTS 3)."""

import base64
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contracts.errors import Forbidden, LoginRequired

CONTEXT_KEY = "actor_token"
CORRELATION_KEY = "correlation_id"
LIFETIME = timedelta(seconds=60)
LONGEST = timedelta(hours=1)
"""How long a token may still hold at most: tools choose for themselves, and one for ever would be as good as a key."""

_KINDS = frozenset({"patient", "staff", "tool", "service"})
_ROLES = frozenset({None, "administrator", "therapist"})
_LONGEST_TOKEN = 8000
_LONGEST_CLAIMS = {"login": _LONGEST_TOKEN, "source": 200}
_LONGEST_CLAIM = 254
"""Characters: as long as an email address may be; the history keeps less of where from."""

_FAR_OFF = 1e11

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class Actor:
    """Who acts. `kind`: patient | staff | tool | service. `role`: administrator | therapist for staff.

    `clinic` limits staff and logged-in patients to one clinic; None is an installation's administrator, a tool
    or the anonymous public. `id`: the patient's id or None, the account's email, the tool's or service's name.
    `practitioner` is the key of a therapist's own calendar. `source` says from where, for the history: an address.
    `login` is what a patient's login has proven, sealed with the event keys: JSON `{mobile, identity}` (PRODUCT B14).
    `need` is the id of the need whose recall link a patient came by (B9). Both hold for `clinic` only.
    """

    kind: str
    id: str | None = None
    role: str | None = None
    clinic: str | None = None
    practitioner: str | None = None
    source: str | None = None
    login: str | None = None
    need: str | None = None

    def brief(self) -> dict[str, str | None]:
        """Return what events and history tell of the actor."""
        return {"kind": self.kind, "id": self.id}

    @property
    def is_staff(self) -> bool:
        """Whether staff rules apply: staff of a clinic, internal tools, and the other services."""
        return self.kind in {"staff", "tool", "service"}

    @property
    def own_calendar(self) -> str | None:
        """Whose calendar alone a therapist may see and change: "", nobody's key, where it is none; None: all (C1)."""
        if self.kind != "staff" or self.role == "administrator":
            return None
        return self.practitioner or ""

    def require_staff(self, clinic: object) -> None:
        """Refuse everybody who is not staff of `clinic` (or a tool or service, which belong to all)."""
        if self.kind == "patient":
            raise LoginRequired.because("Log in as staff of the clinic.")
        if not self.is_staff or (self.clinic is not None and self.clinic != clinic):
            raise Forbidden.because("This belongs to another clinic.")

    def require_administrator(self, clinic: object) -> None:
        """Refuse everybody but an administrator of `clinic`, a tool or a service (C1)."""
        self.require_staff(clinic)
        if self.kind == "staff" and self.role != "administrator":
            raise Forbidden.because("Only administrators may do this.")


PUBLIC = Actor(kind="patient")


@dataclass(frozen=True)
class Proven:
    """What a token proves: who acts, who vouches for it (`house`, `tool-x`), and until when."""

    actor: Actor
    signer: str
    until: datetime


def sign(actor: Actor, key_name: str, key: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return the token that proves `actor` for a while from `now`: for one minute where nothing else is said."""
    claims = {**vars(actor), "until": (now + lifetime).timestamp()}
    body = base64.urlsafe_b64encode(_compact(claims).encode()).decode()
    return f"{key_name}.{body}.{_mac(key, key_name, body)}"


def verify(token: str, keys: Mapping[str, Collection[str]], now: datetime) -> Actor:
    """Return the actor that `token` proves; raise as `proven` does."""
    return proven(token, keys, now).actor


def proven(token: str, keys: Mapping[str, Collection[str]], now: datetime) -> Proven:
    """Return what `token` proves; raise Forbidden where it is forged, unknown, too old, or holds for too long.

    `keys` maps a signer's name to its keys, of which there are two while they are rotated. The signer `tool-x` may only
    sign for the tool `x`.
    """
    name, _, rest = token.partition(".")
    body, _, mac = rest.partition(".")
    accepted = keys.get(name, ()) if token.isascii() else ()
    if not any(hmac.compare_digest(mac, _mac(key, name, body)) for key in accepted):
        raise Forbidden.because("The call's actor token is not signed by a key that is known here.")
    actor, until = _claimed(body)
    if until < now.timestamp():
        raise Forbidden.because("The call's actor token is too old; check that the machines' clocks agree.")
    if until > (now + LONGEST).timestamp():
        raise Forbidden.because("The call's actor token holds for too long: an hour is the most.")
    if name.startswith("tool-") and (actor.kind, actor.id) != ("tool", name.removeprefix("tool-")):
        raise Forbidden.because("A tool's key signs for that tool only.")
    return Proven(actor, name, datetime.fromtimestamp(until, UTC))


def _claimed(body: str) -> tuple[Actor, float]:
    """Return who a signed token's body says acts, and until when; a tool may have signed anything."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(body[:_LONGEST_TOKEN]))
        until = claims.pop("until")
        actor = Actor(**claims)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Forbidden.because("The call's actor token does not say who acts.") from None
    if not (_is_moment(until) and _is_somebody(actor)):
        raise Forbidden.because("The call's actor token does not say who acts.")
    return actor, float(until)


def _is_moment(until: object) -> bool:
    """Tell whether a claim is a time; a token until NaN, of which no comparison is true, would never end."""
    return isinstance(until, (int, float)) and not isinstance(until, bool) and 0 <= until < _FAR_OFF


def _is_somebody(actor: Actor) -> bool:
    """Tell whether all claims are of the kinds that services and their databases expect."""
    return (
        all(_is_text(claim, name) for name, claim in vars(actor).items() if claim is not None)
        and actor.kind in _KINDS
        and actor.role in _ROLES
    )


def _is_text(claim: object, name: str) -> bool:
    longest = _LONGEST_CLAIMS.get(name, _LONGEST_CLAIM)
    return isinstance(claim, str) and len(claim) <= longest and claim.isprintable()


def _mac(key: str, name: str, body: str) -> str:
    return hmac.digest(key.encode(), f"{name}.{body}".encode(), "sha256").hex()
