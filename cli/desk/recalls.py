"""Needs and recalls as the command line lists, issues and prints them (PRODUCT R1, R2, R3, M2)."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from cli.faces.asking import Answer, given, listed, services
from cli.faces.endings import REFUSED, fail
from cli.faces.options import Paging
from cli.faces.printing import Column, column, show_json, show_rows
from cli.remote import Client
from gateway.pdf.recall_cards import LAYOUTS, card_of, printed
from shared.storage.private_files import write_privately

_PATIENCE = 30.0
_NAMED_AT_ONCE = 200


def show_needs(clinic: str, week: str | None, which: str, paging: Paging, *, as_json: bool) -> None:
    """Print a list of needs, each with whose it is."""
    with services() as client:
        found = listed(client, "patient", "needs", clinic, "needs", paging, list=which, week=week)
        names = {} if as_json else _names(client, clinic, sorted({need["patient"] for need in found["needs"]}))
    if as_json:
        show_json(found)
        return
    columns = (
        column("need", "id"), column("week"), column("type"), column("with", "practitioner"),
        column("until", "usable_until", spare=True), column("booking", spare=True),
        Column("patient", lambda need: names.get(need["patient"])),
    )  # fmt: skip
    show_rows(columns, found["needs"], nothing="No need matches.", more=found["next"] is not None)


def issue(clinic: str, of: Mapping[str, str | None], send: Sequence[str], *, as_json: bool) -> None:
    """Send recalls, and print to whom they went; exit code 1 where one does not reach its patient."""
    with services() as client:
        done = client.call("booking", "issue_recalls", clinic, timeout=_PATIENCE, send=list(send), **given(**of))
    if as_json:
        show_json(done)
    else:
        which = Column("recall", lambda row: row["need"] or row["reference"])
        show_rows((which, column("code")), done["issued"], nothing="Nobody was called in.")
        if done["not_sent"]:
            click.echo("Not sent:")
            show_rows((which, column("by", "channel"), column("why", "reason")), done["not_sent"], nothing="")
    if done["not_sent"]:
        sys.exit(REFUSED)


def write_cards(clinic: str, of: Mapping[str, str | None], output: Path, layout: str) -> None:
    """Write the cards into a file; ends the program where there are none, or it cannot be written."""
    with services() as client:
        document = client.call("availability", "document", clinic)["document"]
        found: list[Answer] = []
        page: int | None = None
        while True:
            answer = client.call("booking", "recall_cards", clinic, timeout=_PATIENCE, **given(page=page, **of))
            found += answer["cards"]
            page = answer["next"]
            if page is None:
                break
    if not found:
        fail("There is no recall to print. Send those of the week by card first: `frontdesk recalls issue`.")
    (chosen,) = (each for each in LAYOUTS if each == layout)
    try:
        write_privately(output, printed([card_of(card) for card in found], document, chosen))
    except OSError as refused:
        fail(f"{output} cannot be written: {refused.strerror}.")
    click.echo(f"{output}: {len(found)} card(s)")


def _names(client: Client, clinic: str, patients: Sequence[str]) -> dict[str, str]:
    """Return what patients are called, by id."""
    found: dict[str, str] = {}
    for start in range(0, len(patients), _NAMED_AT_ONCE):
        answer = client.call("patient", "find", clinic, ids=list(patients[start : start + _NAMED_AT_ONCE]))
        found |= {each["id"]: f"{each['first_name']} {each['last_name']}" for each in answer["patients"]}
    return found
