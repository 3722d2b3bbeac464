"""`--help` teaches, and does not wait for what it does not need (PRODUCT C5)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import SECTIONS, main
from tests.builders.commands import frontdesk

ROOT = Path(__file__).parents[4]


def all_commands(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every group and command below a group, with the words by which it is called."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield (*names, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, *names, name)


COMMANDS = dict(all_commands(main))


def test_the_help_says_of_each_command_what_it_is_for_and_imports_none_of_them() -> None:
    look = (
        "import sys; from click.testing import CliRunner; from cli.main import main;"
        "print(CliRunner().invoke(main, ['--help']).output);"
        "heavy = ('cli.commands.', 'rich', 'pika', 'nameko', 'sqlalchemy');"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")
    for section in SECTIONS.values():
        for name, (_, line) in section.items():
            assert f"  {name} " in done.stdout or not line


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_c5_every_command_is_there_and_explains_itself(words: tuple[str, ...]) -> None:
    shown = frontdesk(*words, "--help")
    assert shown.exit_code == 0
    command = COMMANDS[words]
    assert command.help
    assert all(param.help for param in command.params if isinstance(param, click.Option) and param.prompt is None) or (
        words == ("bookings", "book")
    ), "but what the name of an option says"


@pytest.mark.parametrize("group", [*[*SECTIONS["The work of clinics"]][2:9], "clinics", "audit", "events"])
def test_c5_the_help_of_each_group_teaches_by_examples_that_are_commands(group: str) -> None:
    shown = frontdesk(group, "--help").stdout
    examples = [line.split()[1:] for line in shown.splitlines() if line.startswith("    frontdesk ")]
    assert examples
    for words in examples:
        assert tuple(words[: 1 if group == "report" else 2]) in COMMANDS, words


def test_a_command_that_there_is_not_is_said() -> None:
    unknown = frontdesk("bokings")
    assert unknown.exit_code == 2
    assert "No such command 'bokings'. Did you mean 'bookings'" in unknown.stderr
