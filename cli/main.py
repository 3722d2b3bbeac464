"""The `frontdesk` command: every sub-command is a thin face over one module of this package.

`up` and `serve` run services on eventlet, which has to patch the standard library before anything else is imported;
all other commands are ordinary blocking programs. So each imports what it needs only when it is called.
"""

import sys
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli.keys.commands import keys
from shared.contracts.errors import Refusal
from shared.moving_in.encodings import ENCODINGS
from shared.moving_in.fields import KINDS, ORDERS
from shared.settings import SERVICES, SettingsError, from_environment

PROCESSES = (*SERVICES, "gateway")


class Commands(click.Group):
    """The commands; what a service refuses, or is set wrongly, ends the program with one sentence and no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(refusal.detail) from refusal
        except SettingsError as wrong:
            click.echo(f"frontdesk: {wrong}", err=True)
            sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after Frontdesk, online booking for clinics.

    Everything is configured by environment variables; docs/operations.md lists them.
    """
    # Nameko 2 is built on eventlet, whose own advice to leave it is known and not an operator's business
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")


@main.command()
@click.option("--demo/--no-demo", default=True, help="Load the five demo clinics where they are missing (default).")
@click.option(
    "--demo-day/--no-demo-day", default=True, help="Let people work at demo clinics that are new (default); see README."
)
def up(demo: bool, demo_day: bool) -> None:
    """Run all services in this one process, with everything they need inside it."""
    from cli import green_threads

    green_threads.begin()
    from cli.up import run_everything

    run_everything(from_environment(), demo=demo, demo_day=demo_day)


@main.command()
@click.argument("processes", metavar="PROCESS...", type=click.Choice(PROCESSES), nargs=-1, required=True)
def serve(processes: tuple[str, ...]) -> None:
    """Run services, or the gateway, against RabbitMQ, PostgreSQL and Redis: one, or several in one process."""
    from cli import green_threads

    green_threads.begin()
    from cli.serve import run_together

    run_together(list(dict.fromkeys(processes)), from_environment())


@main.command()
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
def migrate(services: tuple[str, ...]) -> None:
    """Bring the databases of all services, or of those named, up to date."""
    from sqlalchemy.exc import OperationalError

    from cli.remote import fail
    from shared.storage.migrations import upgrade

    settings = from_environment()
    for service in services or SERVICES:
        try:
            upgrade(service, settings.database_url(service))
        except OperationalError as trouble:
            fail(f"the database of {service} cannot be used: {str(trouble.orig).splitlines()[0]}")
        click.echo(f"{service}: up to date")


main.add_command(keys)


@main.command("broker-users")
@click.option("--passwords", envvar="BROKER_PASSWORDS", required=True, help="BROKER_PASSWORDS: name:password,…")
@click.option("--management", envvar="BROKER_MANAGEMENT_URL", help="Where to make them; without it they are printed.")
def broker_users(passwords: str, management: str | None) -> None:
    """Make a user of RabbitMQ with narrow rights for each process and tool."""
    from cli.broker_users import make_users

    make_users(from_environment(), passwords, management)


@main.command()
@click.argument("service", type=click.Choice(SERVICES))
def ping(service: str) -> None:
    """Ask a service over the bus whether it answers; the exit code tells health checks."""
    from cli.remote import connect

    click.echo(connect(from_environment()).call(service, "ping", timeout=3.0))


@main.group()
def clinic() -> None:
    """Look at clinics and set them up by their documents."""


@clinic.command("list")
def clinic_list() -> None:
    """List all clinics."""
    from cli.clinics import show_list

    show_list(from_environment())


@clinic.command("export")
@click.argument("name")
def clinic_export(name: str) -> None:
    """Print a clinic's whole document as YAML."""
    from cli.clinics import export

    export(from_environment(), name)


@clinic.command("check")
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_check(document: Path) -> None:
    """Check a document, and show what applying it would change."""
    from cli.clinics import check

    check(from_environment(), document)


@clinic.command("apply")
@click.argument("documents", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_apply(documents: tuple[Path, ...]) -> None:
    """Apply documents: each all or nothing."""
    from cli.clinics import apply

    apply(from_environment(), documents)


@clinic.command("pictures")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def clinic_pictures(name: str, files: tuple[Path, ...]) -> None:
    """Put pictures (PNG, JPEG, WebP) of a clinic, each called as its file is: anna.jpg is anna."""
    from cli.clinics import put_pictures

    put_pictures(from_environment(), name, files)


@main.group("dead-letters")
def dead_letters() -> None:
    """Events that a service could not act on, after all retries, and those that wait for somebody else."""


@dead_letters.command("list")
def dead_letters_list() -> None:
    """List them, oldest first, by queue, and count what waits."""
    from cli.dead_letters import show_list

    show_list(from_environment())


@dead_letters.command("show")
@click.argument("letter")
def dead_letters_show(letter: str) -> None:
    """Show one with its error; personal data in it stays sealed."""
    from cli.dead_letters import show_one

    show_one(from_environment(), letter)


@dead_letters.command("replay")
@click.argument("letters", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All there are.")
@click.option("--queue", "queues", multiple=True, help="Those of this queue: all, or the letters named.")
def dead_letters_replay(letters: tuple[str, ...], everything: bool, queues: tuple[str, ...]) -> None:
    """Hand them to their consumers once more: the letters named, wherever they lie, all of a queue, or all."""
    from cli.dead_letters import replay

    if everything == bool(letters or queues):
        raise click.UsageError("Name letters, a queue with --queue, or --all.")
    replay(from_environment(), letters, queues)


@dead_letters.command("park")
@click.argument("events", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@click.option("--queue", "queues", multiple=True, help="Those of this queue: all, or the events named.")
def dead_letters_park(events: tuple[str, ...], everything: bool, queues: tuple[str, ...]) -> None:
    """Set aside what waits for somebody who does not come; takes some ten seconds."""
    from cli.dead_letters import park

    if everything == bool(events or queues):
        raise click.UsageError("Name events, a queue with --queue, or --all.")
    park(from_environment(), events, queues)


@dead_letters.command("drop")
@click.argument("letters", nargs=-1, required=True)
@click.option("--queue", "queues", multiple=True, help="Only from this queue; else wherever they lie.")
@click.confirmation_option(prompt="What these events should have done will never happen. Drop them?")
def dead_letters_drop(letters: tuple[str, ...], queues: tuple[str, ...]) -> None:
    """Throw them away for good."""
    from cli.dead_letters import drop

    drop(from_environment(), letters, queues)


@main.group()
def audit() -> None:
    """Whether what happened stands as it was written."""


@audit.command("verify")
@click.argument("clinics", metavar="[CLINIC]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each clinic, for programs.")
def audit_verify(clinics: tuple[str, ...], *, as_json: bool) -> None:
    """Check that no history of a booking was changed, cut off or taken away, at the clinics named or all.

    Exit code 0 where all is as it was written, 1 where something is not.
    """
    from cli.audit import verify

    verify(from_environment(), clinics, as_json=as_json)


@main.group()
def events() -> None:
    """Events that services have published."""


@events.command("republish")
@click.option("--since", required=True, help="From when on: 2026-12-24T03:00, in UTC, or with an offset as …+01:00.")
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICES), help="Only those of this service.")
def events_republish(since: str, services: tuple[str, ...]) -> None:
    """Publish once more what happened since a moment: after a back-up was restored, or a queue was lost.

    Services may run meanwhile; what they have already changes nothing.
    """
    from cli.events import moment, republish

    republish(from_environment(), moment(since), services)


@main.command("day-lists")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--clinic", "clinics", multiple=True, help="Only of this clinic; else of all.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of this day: 2026-12-24; else of tomorrow.")
def day_lists(folder: Path, clinics: tuple[str, ...], day: datetime | None) -> None:
    """Write the clinics' day lists into FOLDER as PDF, for the day on which nothing else works.

    To be run each evening. The files hold patients' names and telephones.
    """
    from cli.day_lists import write

    write(from_environment(), folder, clinics, day.date() if day else None)


@main.command()
@click.option("--clinic", "clinics", multiple=True, help="Only of this clinic; else of all.")
@click.option("--since", help="Bookings that start from then on: 2026-12-24, in UTC; two weeks ago where left out.")
@click.option("--all", "everything", is_flag=True, help="All bookings that there ever were.")
@click.option("--repair", is_flag=True, help="Put right what differs; else it is only shown.")
def reconcile(clinics: tuple[str, ...], since: str | None, everything: bool, repair: bool) -> None:
    """Compare what all services hold of bookings with what booking says.

    The exit code is 1 where anything differs that was not put right.
    """
    from cli.events import moment
    from cli.reconcile import reconcile, two_weeks_ago

    if since and everything:
        raise click.UsageError("Say --since or --all.")
    first = moment(since) if since else two_weeks_ago()
    reconcile(from_environment(), clinics, None if everything else first, repair=repair)


@main.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", required=True, help="Which clinic moves in.")
@click.option("--columns", multiple=True, help="Which column is what: first_name=Förnamn,note= (note is no column).")
@click.option("--name", "names", multiple=True, help="What a name stands for: type:Kontroll=exam; =- leaves it out.")
@click.option("--always", multiple=True, help="What holds for all lines: practitioner=anna, type=exam.")
@click.option("--decide", multiple=True, help="Of a doubtful line: 12=new, 12=leave, 12=read, 12=ID of the patient.")
@click.option("--dates", type=click.Choice(ORDERS), help="In which order days, months and years stand.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Else it is told by the letters.")
@click.option("--delimiter", help="Else it is told by the lines.")
@click.option("--dry-run", is_flag=True, help="Only tell what would come of it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def take_over(
    kind: str,
    file: Path,
    clinic: str,
    columns: tuple[str, ...],
    names: tuple[str, ...],
    always: tuple[str, ...],
    decide: tuple[str, ...],
    dates: str | None,
    encoding: str | None,
    delimiter: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take patients, needs or appointments of a clinic's former system over, from a CSV or an iCalendar.

    Patients first: needs and appointments are of patients who are there. Nobody is told anything. A file that is
    taken over a second time changes nothing, so that one that was stopped is simply taken over again. What is left,
    wrong, doubtful or colliding, stands in FILE.left.csv with why; the exit code is 1 then.
    """
    from cli.moving_in.taking import Wanted
    from cli.moving_in.taking import take_over as taken_over

    wanted = Wanted(
        kind,
        file,
        clinic,
        columns,
        names,
        always,
        decide,
        dates,
        encoding,
        delimiter,
        is_trial=dry_run,
        as_json=as_json,
    )
    taken_over(from_environment(), wanted)


if __name__ == "__main__":
    main()
