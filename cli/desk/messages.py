"""Messages as the command line shows them (PRODUCT N5, N6)."""

from collections.abc import Mapping

import click

from cli.faces.asking import listed, services
from cli.faces.options import Paging
from cli.faces.printing import Column, Row, column, moment, moments, said, show_fields, show_json, show_rows

_SAID = (
    "state",
    "clinic",
    "channel",
    "event",
    "audience",
    "to",
    "booking",
    "sender",
    "reply_to",
    "segments",
    "subject",
)


def show_messages(clinic: str, paging: Paging, asked: Mapping[str, str | None], *, as_json: bool) -> None:
    """Print a list of messages."""
    with services() as client:
        found = listed(client, "notification", "messages", clinic, "messages", paging, **asked)
    if as_json:
        show_json(found)
        return
    columns = (
        column("id"), moments("when", "at"), column("state"), column("what", "event"),
        column("by", "channel"), column("to"), column("booking"), Column("why", _why),
    )  # fmt: skip
    show_rows(columns, found["messages"], nothing="No message matches.", more=found["next"] is not None)


def show_message(message: Row, *, as_json: bool) -> None:
    """Print one message with its text."""
    if as_json:
        show_json(message)
        return
    attached = [each["name"] for each in message.get("attachments") or ()]
    show_fields(
        [
            ("id", message["id"]),
            ("when", moment(message["at"])),
            *((name.replace("_", " "), message.get(name)) for name in _SAID),
            ("why", _why(message)),
            ("attachments", attached),
        ]
    )
    click.echo()
    click.echo(said(message["text"]))


def _why(message: Row) -> str | None:
    """Return why a message failed."""
    reason = message.get("reason")
    return None if reason is None else " ".join(filter(None, (reason["text"], reason.get("detail"))))
