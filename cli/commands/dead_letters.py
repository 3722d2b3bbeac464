"""`frontdesk dead-letters`: events that could not be acted on, and those that wait."""

import click

from cli.remote import installation


@click.group("dead-letters")
def dead_letters() -> None:
    """Events that a service could not act on, after all retries, and those that wait for somebody else."""


@dead_letters.command("list")
def dead_letters_list() -> None:
    """List them, oldest first, by queue, and count what waits."""
    from cli.dead_letters import show_list

    show_list(installation())


@dead_letters.command("show")
@click.argument("letter")
def dead_letters_show(letter: str) -> None:
    """Show one with its error; personal data in it stays sealed."""
    from cli.dead_letters import show_one

    show_one(installation(), letter)


@dead_letters.command("replay")
@click.argument("letters", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All there are.")
@click.option("--queue", "queues", multiple=True, help="Those of this queue: all, or the letters named.")
def dead_letters_replay(letters: tuple[str, ...], everything: bool, queues: tuple[str, ...]) -> None:
    """Hand them to their consumers once more: the letters named, wherever they lie, all of a queue, or all."""
    from cli.dead_letters import replay

    if everything == bool(letters or queues):
        raise click.UsageError("Name letters, a queue with --queue, or --all.")
    replay(installation(), letters, queues)


@dead_letters.command("park")
@click.argument("events", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that wait.")
@click.option("--queue", "queues", multiple=True, help="Those of this queue: all, or the events named.")
def dead_letters_park(events: tuple[str, ...], everything: bool, queues: tuple[str, ...]) -> None:
    """Set aside what waits for somebody who does not come; takes some ten seconds."""
    from cli.dead_letters import park

    if everything == bool(events or queues):
        raise click.UsageError("Name events, a queue with --queue, or --all.")
    park(installation(), events, queues)


@dead_letters.command("drop")
@click.argument("letters", nargs=-1, required=True)
@click.option("--queue", "queues", multiple=True, help="Only from this queue; else wherever they lie.")
@click.confirmation_option(prompt="What these events should have done will never happen. Drop them?")
def dead_letters_drop(letters: tuple[str, ...], queues: tuple[str, ...]) -> None:
    """Throw them away for good."""
    from cli.dead_letters import drop

    drop(installation(), letters, queues)
