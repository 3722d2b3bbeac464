"""`frontdesk messages`: what was sent to whom, and what became of it (PRODUCT N5, N6)."""

import click

from cli.faces.options import Paging, as_json, clinic, listing

_STATES = ("planned", "sent", "delivered", "failed", "withdrawn")
_ALL = click.argument("clinic", metavar="CLINIC|*")
id = click.argument("id", metavar="MESSAGE")


@click.group()
def messages() -> None:
    """Show what was sent to whom, what failed and why, and send again.

    \b
      frontdesk messages list frenda
      frontdesk messages failed frenda
      frontdesk messages show frenda 9c2b…
      frontdesk messages resend frenda 9c2b…
    """


@messages.command("list")
@_ALL
@click.option("--booking", metavar="REFERENCE", help="Only of this booking.")
@click.option("--patient", help="Only to this patient, by id.")
@click.option("--state", type=click.Choice(_STATES), help="Only those that stand so.")
@click.option("--channel", type=click.Choice(("sms", "email")), help="Only those.")
@listing
def show_list(
    clinic: str,
    booking: str | None,
    patient: str | None,
    state: str | None,
    channel: str | None,
    paging: Paging,
    *,
    as_json: bool,
) -> None:
    """List messages, the newest first, of one clinic, or with '*' of all; what failed stands before all others."""
    from cli.desk.messages import show_messages

    asked = {"booking": booking, "patient": patient, "state": state, "channel": channel}
    show_messages(clinic, paging, asked, as_json=as_json)


@messages.command("failed")
@_ALL
@listing
def failed(clinic: str, paging: Paging, *, as_json: bool) -> None:
    """List messages that failed for good, with why."""
    from cli.desk.messages import show_messages

    show_messages(clinic, paging, {"state": "failed"}, as_json=as_json)


@messages.command("show")
@_ALL
@id
@as_json
def show(clinic: str, id: str, *, as_json: bool) -> None:
    """Show a message whole."""
    from cli.desk.messages import show_message
    from cli.faces.asking import services

    with services() as client:
        found = client.call("notification", "message", clinic, id)
    show_message(found, as_json=as_json)


@messages.command("resend")
@clinic
@id
@as_json
def resend(clinic: str, id: str, *, as_json: bool) -> None:
    """Send a message once more, to the same address."""
    from cli.desk.messages import show_message
    from cli.faces.asking import services

    with services() as client:
        again = client.call("notification", "resend", clinic, id)
    show_message(again, as_json=as_json)
