"""Logging in by two steps: what an authenticator app shows, and codes on paper for when it is lost (PRODUCT C4)."""

import secrets
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime

STEP_SECONDS, DIGITS = 30, 6
"""As every authenticator app has it (RFC 6238)."""

INSTALLATION = "installation"
"""Whose second step it is where it is the administrator's of the environment, who has no account."""

RECOVERY_CODES = 10
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another on paper."""
_SIGNS_OF_CODE = 10
"""50 bits: beyond all guessing at the tries that there are."""


@dataclass(frozen=True)
class TwoStep:
    """Somebody's second step; until it is `confirmed` nobody is asked for it.

    `secret` is sealed. `last_step` is the half minute whose code was used last: neither it nor an earlier one works
    again.
    """

    owner: str
    secret: str = field(repr=False)
    confirmed: bool = False
    last_step: int | None = None

    def steps(self, now: datetime) -> list[int]:
        """Return the half minutes whose codes may be used now: telephones' clocks are some seconds off."""
        this = int(now.timestamp()) // STEP_SECONDS
        return [step for step in (this - 1, this, this + 1) if self.last_step is None or step > self.last_step]

    def used(self, step: int) -> "TwoStep":
        """Return it after a code of this half minute was used, which proves that the app is set up."""
        return replace(self, confirmed=True, last_step=step)


def new_recovery_codes() -> list[str]:
    """Return the codes that are shown once: each stands for the app one time."""
    return [_new_code() for _ in range(RECOVERY_CODES)]


def plain_code(typed: str) -> str:
    """Return a code however it was typed: digits of any script, with gaps, dashes, in small letters."""
    kept = (sign for sign in typed if unicodedata.category(sign) not in {"Zs", "Cf", "Pd"})
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept).upper()


def _new_code() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_SIGNS_OF_CODE))
    return f"{signs[:5]}-{signs[5:]}"
