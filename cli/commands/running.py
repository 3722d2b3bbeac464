"""`frontdesk up`, `serve`, `migrate`, `ping`, `broker-users`: what runs the processes, and what they need before.

`up` and `serve` run services on eventlet, which has to patch the standard library before anything else is imported;
all other commands are ordinary blocking programs. So each imports what it needs only when it is called.
"""

import click

from shared.settings import SERVICES, from_environment

PROCESSES = (*SERVICES, "gateway")


@click.command()
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


@click.command()
@click.argument("processes", metavar="PROCESS...", type=click.Choice(PROCESSES), nargs=-1, required=True)
def serve(processes: tuple[str, ...]) -> None:
    """Run services, or the gateway, against RabbitMQ, PostgreSQL and Redis: one, or several in one process."""
    from cli import green_threads

    green_threads.begin()
    from cli.serve import run_together

    run_together(list(dict.fromkeys(processes)), from_environment())


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
def migrate(services: tuple[str, ...]) -> None:
    """Bring the databases of all services, or of those named, up to date."""
    from sqlalchemy.exc import OperationalError

    from cli.faces.endings import fail
    from shared.storage.migrations import upgrade

    settings = from_environment()
    for service in services or SERVICES:
        try:
            upgrade(service, settings.database_url(service))
        except OperationalError as trouble:
            fail(f"the database of {service} cannot be used: {str(trouble.orig).splitlines()[0]}")
        click.echo(f"{service}: up to date")


@click.command("broker-users")
@click.option("--passwords", envvar="BROKER_PASSWORDS", required=True, help="BROKER_PASSWORDS: name:password,…")
@click.option("--management", envvar="BROKER_MANAGEMENT_URL", help="Where to make them; without it they are printed.")
def broker_users(passwords: str, management: str | None) -> None:
    """Make a user of RabbitMQ with narrow rights for each process and tool."""
    from cli.broker_users import make_users

    make_users(from_environment(), passwords, management)


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
def ping(service: str) -> None:
    """Ask a service over the bus whether it answers; the exit code tells health checks."""
    from cli.remote import connect, installation

    click.echo(connect(installation()).call(service, "ping", timeout=3.0))
