"""Accounts as the command line lists and changes them (PRODUCT C1)."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from cli.faces.asking import Answer, given, listed, services
from cli.faces.options import Paging
from cli.faces.printing import Row, column, show_fields, show_json, show_rows
from cli.remote import Client
from shared.contracts.errors import NotFound
from shared.ids import is_id

_SAID = ("id", "email", "role", "practitioner", "state", "two_step")


def show_accounts(clinic: str, paging: Paging, *, as_json: bool) -> None:
    """Print who works at a clinic."""
    with services() as client:
        found = listed(client, "staff", "accounts", clinic, "accounts", paging)
    if as_json:
        show_json(found)
        return
    columns = (
        column("id", spare=True), column("email"), column("role"), column("practitioner"), column("state"),
        column("two steps", "two_step"),
    )  # fmt: skip
    show_rows(columns, found["accounts"], nothing="Nobody works there yet.", more=found["next"] is not None)


def new_password() -> str:
    """Return a password, typed twice unseen, or a line of standard input: never an argument, which others see."""
    if sys.stdin.isatty():
        chosen: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return chosen
    return sys.stdin.readline().rstrip("\r\n")


def add(clinic: str, fields: Mapping[str, Any], *, as_json: bool) -> None:
    """Make an account, and print it."""
    with services() as client:
        _show(client.call("staff", "add_account", clinic, **given(**fields)), as_json=as_json)


def update(clinic: str, account: str, changes: Mapping[str, Any], *, as_json: bool) -> None:
    """Change an account, and print it."""
    with services() as client:
        id = _id_of(client, clinic, account)
        _show(client.call("staff", "update_account", clinic, id, **given(**changes)), as_json=as_json)


def end(clinic: str, account: str) -> None:
    """End an account at a clinic."""
    with services() as client:
        client.call("staff", "remove_account", clinic, _id_of(client, clinic, account))
    click.echo(f"{account} works at {clinic} no more.")


def _id_of(client: Client, clinic: str, account: str) -> str:
    """Return the id of an account that is named by it, or by its address; raise NotFound."""
    if is_id(account):
        return account
    found: Answer = listed(client, "staff", "accounts", clinic, "accounts", Paging(None))
    for each in found["accounts"]:
        if each["email"].casefold() == account.casefold():
            return str(each["id"])
    raise NotFound.because(f"Nobody with the address {account} works at {clinic}.")


def _show(account: Row, *, as_json: bool) -> None:
    if as_json:
        show_json(account)
    else:
        show_fields((name.replace("_", " "), account[name]) for name in _SAID)
