"""`frontdesk accounts`: who works at a clinic (PRODUCT C1)."""

import click

from cli.faces.options import Paging, as_json, clinic, listing

_ROLES = ("administrator", "therapist")
_PASSWORD = click.option("--password", is_flag=True, help="You are asked for it; or it is a line of input.")
account = click.argument("account", metavar="EMAIL|ID")


@click.group()
def accounts() -> None:
    """Show and change who works at a clinic and may log in there.

    \b
      frontdesk accounts list frenda
      frontdesk accounts add frenda eva@solna.example --role therapist --practitioner anna
      frontdesk accounts end frenda eva@solna.example
    """


@accounts.command("list")
@clinic
@listing
def show_list(clinic: str, paging: Paging, *, as_json: bool) -> None:
    """List the accounts of a clinic."""
    from cli.desk.accounts import show_accounts

    show_accounts(clinic, paging, as_json=as_json)


@accounts.command("add")
@clinic
@click.argument("email")
@click.option("--role", type=click.Choice(_ROLES), required=True, help="As what.")
@click.option("--practitioner", help="Whose calendar is theirs, by key.")
@_PASSWORD
@as_json
def add(clinic: str, email: str, role: str, practitioner: str | None, *, password: bool, as_json: bool) -> None:
    """Let somebody work at the clinic; without a password they are invited by email to choose one."""
    from cli.desk.accounts import add, new_password

    chosen = new_password() if password else None
    add(clinic, {"email": email, "role": role, "practitioner": practitioner, "password": chosen}, as_json=as_json)


@accounts.command("update")
@clinic
@account
@click.option("--email", help="Another address.")
@click.option("--role", type=click.Choice(_ROLES), help="As what.")
@click.option("--practitioner", help="Whose calendar is theirs, by key; '' takes it away.")
@click.option("--one-step", is_flag=True, help="Who has lost the app and its codes logs in by the password alone.")
@_PASSWORD
@as_json
def update(
    clinic: str,
    account: str,
    email: str | None,
    role: str | None,
    practitioner: str | None,
    *,
    one_step: bool,
    password: bool,
    as_json: bool,
) -> None:
    """Change an account; whoever is logged in with it is logged out."""
    from cli.desk.accounts import new_password, update

    chosen = new_password() if password else None
    changes = {
        "email": email,
        "role": role,
        "practitioner": practitioner,
        "password": chosen,
        "two_step": False if one_step else None,
    }
    if all(value is None for value in changes.values()):
        raise click.UsageError("Say what is to change: --email, --role, --practitioner, --password or --one-step.")
    update(clinic, account, changes, as_json=as_json)


@accounts.command("end")
@clinic
@account
@click.confirmation_option(prompt="Whoever has it is logged out and works at this clinic no more. End it?")
def end(clinic: str, account: str) -> None:
    """Let somebody work at the clinic no more."""
    from cli.desk.accounts import end

    end(clinic, account)
