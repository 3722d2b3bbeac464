"""`frontdesk keys …`: makes keys, shows what is sealed with which, seals it anew, and tells which may go."""

import secrets

import click

from shared.settings import SERVICES, from_environment, new_seal_key

SEALS = ("EVENT_KEYS", "IDENTITY_KEYS")
"""The settings whose keys seal what is stored."""


@click.group("keys", invoke_without_command=True)
@click.pass_context
def keys(ctx: click.Context) -> None:
    """Make a fresh set of keys, and passwords of the broker's users, as lines for an environment file.

    The commands below replace EVENT_KEYS, IDENTITY_KEYS and LOOKUP_KEY while everything serves: docs/operations.md has
    the steps.
    """
    if ctx.invoked_subcommand is None:
        _print_new()


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each key, for programs.")
@click.option("--metrics", "as_metrics", is_flag=True, help="Gauges of what is left, for a file that Prometheus reads.")
def keys_status(*, as_json: bool, as_metrics: bool) -> None:
    """Count what is sealed with which key, and found by which, in all databases, Redis and dead letters.

    Exit code 0 where every key but the newest may be taken out, 1 where one is still needed.
    """
    from cli.keys.use import show_metrics, show_status

    if as_metrics:
        show_metrics(from_environment())
    else:
        show_status(from_environment(), as_json=as_json)


@keys.command("reseal")
def keys_reseal() -> None:
    """Seal and hash anew with the newest keys what older ones have, in small batches, while everything serves.

    What was stopped goes on where it is begun again. Begin when all processes have the new key in front.
    """
    from cli.keys.resealing import reseal

    reseal(from_environment())


@keys.command("retire")
@click.argument("name")
def keys_retire(name: str) -> None:
    """Say that the key NAME may be taken out; refuse where anything needs it.

    NAME is one of EVENT_KEYS or IDENTITY_KEYS, of LOOKUP_KEY as status names it, or LOOKUP_KEY for all but its first.
    """
    from cli.keys.use import retire

    retire(from_environment(), name)


@keys.command("reader")
@click.argument("name")
@click.option("--clinic", "clinics", multiple=True, required=True, help="Of this clinic; * is all.")
@click.option("--event", "events", multiple=True, required=True, help="Of these events, as BookingCreated; * is all.")
@click.option("--field", "fields", multiple=True, required=True, help="These fields, as first_name; * is all.")
def keys_reader(name: str, clinics: tuple[str, ...], events: tuple[str, ...], fields: tuple[str, ...]) -> None:
    """Make a key by which the program NAME reads persons in events, as a line for an environment file.

    Each option may be given several times. Nothing else opens with this key; docs/operations.md has the steps.
    """
    from cli.keys.readers import make_reader_key

    make_reader_key(name, clinics, events, fields)


def _print_new() -> None:
    for name in ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"):
        click.echo(f"{name}={secrets.token_hex(32)}")
    for name in (*SEALS, "EVENT_SIGNING_KEYS"):
        click.echo(f"{name}={new_seal_key()}")
    for process in (*SERVICES, "gateway"):
        click.echo(f"{process.upper()}_RABBITMQ_PASSWORD={secrets.token_hex(16)}")
