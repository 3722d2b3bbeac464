"""The `frontdesk` command: which commands there are and where, and how all of them end."""

import sys
import warnings
from typing import Any

import click

from cli.faces.endings import STOPPED, WRONG_USE, end_broken, end_refused, fail
from cli.faces.lazily import LazyGroup, Section
from shared.bus.calls.wire import RemoteFault
from shared.contracts.errors import Refusal
from shared.settings import SettingsError

_COMMANDS = "cli.commands"

SECTIONS = {
    "The work of clinics": Section(
        {
            "clinics": (f"{_COMMANDS}.clinics:clinics", "Look at clinics and set them up by their documents."),
            "clinic": (f"{_COMMANDS}.clinics:clinics", ""),  # what `clinics` was called in version 0.1.0
            "bookings": (f"{_COMMANDS}.bookings:bookings", "Find, show, make, move and cancel bookings."),
            "patients": (f"{_COMMANDS}.patients:patients", "Find and show patients, hand out what is held, erase."),
            "watch-list": (f"{_COMMANDS}.watch_list:watch_list", "Who cancelled, or whose time was taken."),
            "recalls": (f"{_COMMANDS}.recalls:recalls", "Who is to be called in, and calling them in."),
            "messages": (f"{_COMMANDS}.messages:messages", "What was sent, what failed, and sending again."),
            "report": (f"{_COMMANDS}.report:report", "What online booking brought."),
            "accounts": (f"{_COMMANDS}.accounts:accounts", "Who works at a clinic and may log in."),
            "import": (f"{_COMMANDS}.moving_in:take_over", "Take over what a former system has saved."),
            "day-lists": (f"{_COMMANDS}.upkeep:day_lists", "Write the clinics' day lists as PDF."),
        }
    ),
    "Looking after it": Section(
        {
            "audit": (f"{_COMMANDS}.audit:audit", "Whether what happened stands as it was written."),
            "events": (f"{_COMMANDS}.events:events", "Hear what services tell, or have it told again."),
            "dead-letters": (f"{_COMMANDS}.dead_letters:dead_letters", "Events that could not be acted on, or wait."),
            "reconcile": (f"{_COMMANDS}.upkeep:reconcile", "Compare what all services hold of bookings."),
            "keys": ("cli.keys.commands:keys", "Make keys, and take old ones out."),
            "broker-users": (f"{_COMMANDS}.running:broker_users", "Make users of RabbitMQ with narrow rights."),
        }
    ),
    "Running it": Section(
        {
            "up": (f"{_COMMANDS}.running:up", "Run everything in this one process."),
            "serve": (f"{_COMMANDS}.running:serve", "Run services, or the gateway, on real servers."),
            "migrate": (f"{_COMMANDS}.running:migrate", "Bring the databases up to date."),
            "ping": (f"{_COMMANDS}.running:ping", "Ask a service whether it answers."),
        }
    ),
}


class Commands(LazyGroup):
    """The commands; what a service refuses, or is set wrongly, ends the program with a sentence and no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            end_refused(ctx, refusal)
        except RemoteFault as fault:
            end_broken(fault)
        except SettingsError as wrong:
            fail(str(wrong), WRONG_USE)
        except KeyboardInterrupt:
            sys.exit(STOPPED)
        except click.Abort as aborted:
            if isinstance(aborted.__context__, KeyboardInterrupt):  # Ctrl-C where click asks something
                sys.exit(STOPPED)
            raise


@click.group(cls=Commands, sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after Frontdesk, online booking for clinics.

    Commands talk to the installation that AMQP_URI names, or else to the one that runs on DATA_DIR (`data`), such as
    that of `make run`. Everything is configured by environment variables; docs/operations.md lists them.

    \b
      frontdesk clinics list
      frontdesk bookings find frenda --from tomorrow
      frontdesk bookings find frenda --json | jq '.bookings[].start'

    Exit codes: 0 done, 1 refused or something is not as it should be, 2 wrong use or setting, 3 nobody answers just
    now, 4 a defect.
    """
    # Nameko 2 is built on eventlet, whose own advice to leave it is known and not an operator's business
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")


if __name__ == "__main__":
    main()
