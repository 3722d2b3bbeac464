"""Whose word a record's consent to messages is, in people's words (PRODUCT A3, B18a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.contracts.people import CONSENTS

_WAYS = {
    "patient": N_("by booking on the web"),
    "import": N_("from the former system"),
    "tool": N_("by a program"),
    "service": N_("by a program"),
}


@dataclass(frozen=True)
class Said:
    """When somebody said it, `how`, and their account or name: None of patients."""

    at: datetime
    how: str
    who: str | None


def words_of(here: Here, record: Mapping[str, Any]) -> dict[str, Said | None]:
    """Return whose words `sms_ok` and `email_ok` are, None where that is not noted or told."""
    told = {name: record.get(f"{name}_said") for name in CONSENTS.values()}
    return {name: _said(here, word) if word else None for name, word in told.items()}


def _said(here: Here, word: Mapping[str, Any]) -> Said:
    actor = word["actor"]
    how = _WAYS.get(actor["kind"])
    return Said(moment(word["at"], here.zone), here.say(how) if how else "", actor["id"])
