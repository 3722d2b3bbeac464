"""`frontdesk events`: what services tell, and have told."""

import click

from cli.remote import installation
from shared.settings import SERVICES, from_environment


@click.group()
def events() -> None:
    """Hear what services tell as it happens, or have it told once more.

    \b
      frontdesk events tail
      frontdesk events tail --type BookingCreated --clinic frenda --json
      frontdesk events republish --since 2026-12-24T03:00
    """


@events.command("tail")
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICES), help="Only those of this service.")
@click.option("--type", "types", multiple=True, metavar="BookingCreated", help="Only those of this type.")
@click.option("--clinic", "clinics", multiple=True, help="Only those of this clinic.")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@click.option("--json", "as_json", is_flag=True, help="Each event whole, as a line of JSON, for programs.")
def events_tail(
    services: tuple[str, ...], types: tuple[str, ...], clinics: tuple[str, ...], count: int | None, *, as_json: bool
) -> None:
    """Show events as services tell them from now on, until Ctrl-C.

    It takes nothing from anybody, and holds nobody up: of who does not keep up the oldest are dropped. What is sealed
    in them is not shown.
    """
    from cli.listening import Wanted, tail

    wanted = Wanted(frozenset(services), frozenset(types), frozenset(clinics))
    tail(installation(), wanted, count, as_json=as_json)


@events.command("republish")
@click.option("--since", required=True, help="From when on: 2026-12-24T03:00, in UTC, or with an offset as …+01:00.")
@click.option("--service", "services", multiple=True, type=click.Choice(SERVICES), help="Only those of this service.")
def events_republish(since: str, services: tuple[str, ...]) -> None:
    """Publish once more what happened since a moment: after a back-up was restored, or a queue was lost.

    Services may run meanwhile; what they have already changes nothing.
    """
    from cli.events import moment, republish

    republish(from_environment(), moment(since), services)
