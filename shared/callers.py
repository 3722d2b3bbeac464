"""Who may call a method: said beside it, `@rpc(by=STAFF)`, and settled before what was sent is looked at (C1).

What depends on more than the caller and the clinic that is named, a therapist's own calendar or a patient's need, is
for the method itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.actor import Actor
from shared.contracts.errors import Forbidden, LoginRequired

ALL_CLINICS = "*"
"""What stands for the clinic where the messages of the whole installation are meant."""


@dataclass(frozen=True)
class Callers:
    """Some of those who call.

    `refuse_others` gets who acts and the clinic that the call names (None: none) and raises LoginRequired or Forbidden
    for all others; where it is None, nobody is asked who they are.
    """

    name: str
    refuse_others: Callable[[Actor, object], None] | None


def _patients_and_staff(actor: Actor, clinic: object) -> None:
    if actor.kind != "patient" and clinic is not None:
        actor.require_staff(clinic)


def _staff_where_a_clinic_is_named(actor: Actor, clinic: object) -> None:
    if clinic is not None:
        actor.require_staff(clinic)


def _services(actor: Actor, _clinic: object) -> None:
    if actor.kind != "service":
        raise Forbidden.because("Only the other services may ask for this.")


def _staff_or_tools_of_all(actor: Actor, clinic: object) -> None:
    if clinic not in (None, ALL_CLINICS):
        actor.require_staff(clinic)
    elif actor.kind not in {"tool", "service"}:
        raise Forbidden.because("Name a clinic; the messages of all are for the installation's own tools.")


def _people_of_clinics(actor: Actor, _clinic: object) -> None:
    if actor.kind == "patient":
        raise LoginRequired.because("Log in as staff of a clinic.")
    if actor.kind != "staff" or actor.id is None:
        raise Forbidden.because("This is for the people of clinics themselves.")


def _tools(actor: Actor, _clinic: object) -> None:
    if actor.kind not in {"tool", "service"}:
        raise Forbidden.because("Only the installation's own tools may ask for this.")


ANYBODY = Callers("anybody", None)
"""Whoever calls, also without a token that says who that is."""

PUBLIC = Callers("public", _patients_and_staff)
"""Patients, logged in or not, and for them staff of the clinic that is named, tools and services."""

STAFF = Callers("staff", Actor.require_staff)
"""Staff of the clinic that is named, tools and services."""

ADMINISTRATOR = Callers("administrator", Actor.require_administrator)
"""Administrators of the clinic that is named, tools and services."""

LINK_OR_STAFF = Callers("link or staff", _staff_where_a_clinic_is_named)
"""Whoever has a personal link; where a clinic is named instead, as STAFF."""

STAFF_OR_ALL = Callers("staff, or tools for all clinics", _staff_or_tools_of_all)
"""As STAFF where a clinic is named; where none is, or `*`, tools and services."""

TOOLS = Callers("tools", _tools)
"""Internal tools, and the services."""

OWN = Callers("own account", _people_of_clinics)
"""Whoever works at a clinic or administers the installation, for what is their own: nobody else's behalf is taken."""

HOUSE = Callers("house", _services)
"""The other services and the gateway, for themselves."""
