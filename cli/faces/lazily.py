"""Groups of commands whose modules are imported when they are called, so that `--help` does not wait for all."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Section(dict[str, tuple[str, str]]):
    """Commands that stand under one heading of the help: by name `module:object`, and in a line what they are for."""


class LazyGroup(click.Group):
    """A group that knows its commands by where they are."""

    def __init__(self, *args: Any, sections: Mapping[str, Section], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sections = sections
        self._places = {name: place for section in sections.values() for name, (place, _) in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now; None where there is none of that name."""
        place = self._places.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; raise NoSuchCommand with those that were perhaps meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as unknown:
            raise click.NoSuchCommand(unknown.command_name, possibilities=self._places, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what there is, under its headings, without importing it."""
        for heading, section in self._sections.items():
            rows = [(name, line) for name, (_, line) in section.items() if line]
            with formatter.section(heading):
                formatter.write_dl(rows)
