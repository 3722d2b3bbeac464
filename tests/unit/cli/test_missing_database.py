"""A service whose database nobody has named, while others have theirs at a server, does not begin with an empty one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.serve import run_together
from shared.settings import SettingsError, from_environment, new_seal_key

ELSEWHERE = "postgresql+psycopg2://booking:own@postgres.example/booking"


def without_staffs(folder: Path) -> dict[str, str]:
    """Return the settings of an installation of 0.1.0, which had no service staff."""
    secrets = dict.fromkeys(("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"), "k" * 32)
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    return {"DATA_DIR": str(folder), "BOOKING_DATABASE_URL": ELSEWHERE, "STAFF_DATABASE_URL": "", **secrets, **seals}


@pytest.mark.parametrize(
    "command", [["migrate", "staff"], ["events", "republish", "--service", "staff", "--since", "2026-01-01"]]
)
def test_a_command_ends_with_one_sentence_that_names_the_setting(command: list[str], tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, command, env=without_staffs(tmp_path))

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("frontdesk: STAFF_DATABASE_URL must be set")
    assert list(tmp_path.iterdir()) == []


def test_no_process_begins_to_serve_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^STAFF_DATABASE_URL must be set"):
        run_together(["booking", "staff"], from_environment(without_staffs(tmp_path)))


def test_a_database_that_nobody_has_made_yet_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Nothing listens on port 1, which is one way of not being let in; a user that is missing is another."""
    away = {**without_staffs(tmp_path), "STAFF_DATABASE_URL": "postgresql+psycopg2://staff:own@127.0.0.1:1/staff"}

    ended = CliRunner().invoke(main, ["migrate", "staff"], env=away)

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("frontdesk: the database of staff cannot be used: connection to server")
    assert len(ended.stderr.splitlines()) == 1
