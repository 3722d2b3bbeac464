"""Patients' records as the command line shows, hands out and erases them (PRODUCT C8, A3)."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click

from cli.faces.asking import Answer, services
from cli.faces.endings import AWAY, fail
from cli.faces.printing import moment, show_fields, show_json
from cli.remote import Client
from gateway.clients.held import held_of
from shared.clock import SystemClock
from shared.settings import SERVICES
from shared.storage.private_files import write_privately

_ERASED_WITHIN = 30.0
_LOOK_AGAIN = 0.5
_SAID = (
    "birth_date", "mobile", "mobile_confirmed", "email", "email_confirmed", "sms_ok", "email_ok",
    "sms_reminder", "note", "origin",
)  # fmt: skip
_STEPS = {
    "erased_at": "the record",
    "bookings_at": "bookings",
    "messages_at": "messages",
    "everywhere_at": "everywhere",
}


def show_patient(clinic: str, id: str, *, as_json: bool) -> None:
    """Print a patient's record."""
    with services() as client:
        found = client.call("patient", "get", clinic, id)
    if as_json:
        show_json(found)
        return
    number = found["identity"] and found["identity"]["number"]
    show_fields(
        [
            ("id", found["id"]),
            ("name", _name(found)),
            ("number", number),
            *((name.replace("_", " "), found[name]) for name in _SAID),
            ("since", moment(found["created_at"])),
            ("version", found["version"]),
        ]
    )


def export(clinic: str, id: str, output: Path | None) -> None:
    """Write all that is held of a patient, or print it; ends the program where the file cannot be written."""
    with services() as client:
        held = held_of(_as_the_gateway(client), clinic, id)
    if not held["complete"]:
        click.echo("frontdesk: lists were too long to be handed out whole: `complete` is false.", err=True)
    if output is None:
        show_json(held)
        return
    try:
        write_privately(output, json.dumps(held, ensure_ascii=False, indent=2) + "\n")
    except OSError as refused:
        fail(f"{output} cannot be written: {refused.strerror}.")
    click.echo(f"Written to {output}; it is yours to keep safe, and to delete.", err=True)


def erase(clinic: str, id: str, confirm: str | None, *, as_json: bool) -> None:
    """Erase a patient once their name was typed, and wait until every service has; exit code 3 where it takes long."""
    with services() as client:
        typed = _typed(client, clinic, id) if confirm is None else confirm
        found: Answer = client.call("patient", "erase", clinic, id, confirm=typed)
        end = time.monotonic() + _ERASED_WITHIN
        while found["everywhere_at"] is None and time.monotonic() < end:
            time.sleep(_LOOK_AGAIN)
            found = client.call("patient", "erasure", clinic, id)
    show_erasure(found, as_json=as_json)
    if found["everywhere_at"] is None:
        sys.exit(AWAY)


def show_erasure(found: Mapping[str, Any], *, as_json: bool) -> None:
    """Print how far an erasure is."""
    if as_json:
        show_json(found)
    else:
        show_fields((what, moment(found[name]) or "not yet") for name, what in _STEPS.items())


def _typed(client: Client, clinic: str, id: str) -> str:
    """Return the name that somebody types who has seen whose record it is; end the program where nobody can."""
    if not sys.stdin.isatty():
        fail("Say the patient's name by --confirm where nobody is there to type it.", code=2)
    name = _name(client.call("patient", "get", clinic, id))
    click.echo(f"All that is held of {name} is erased in every service, and cannot be had back.", err=True)
    typed: str = click.prompt("Type the name to erase it", err=True)
    return typed


def _name(patient: Mapping[str, Any]) -> str:
    return f"{patient['first_name']} {patient['last_name']}"


class _Service:
    """A service's methods, called as the gateway calls them."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name

    def __getattr__(self, method: str) -> Any:
        return lambda *args, **fields: self._client.call(self._name, method, *args, **fields)


def _as_the_gateway(client: Client) -> Any:
    """Return the services as `gateway.clients` asks them."""
    return SimpleNamespace(clock=SystemClock(), **{name: _Service(client, name) for name in SERVICES})
