"""What patients typed lies in files that their owner alone reads."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from shared.bus.events.dead_letters import DeadLetterFile
from shared.storage.database import Database
from shared.storage.private_files import keep_private, write_privately


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of each file below a folder, by name."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_database_and_its_logs_are_private_in_a_folder_that_others_may_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = Database(f"sqlite:///{tmp_path / 'booking.sqlite3'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE people (name TEXT)")
        found = modes(tmp_path)

    assert found.keys() >= {"booking.sqlite3", "booking.sqlite3-wal"}
    assert set(found.values()) == {0o600}
    database.engine.dispose()


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "patient.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (name TEXT)")
    path.chmod(0o644)

    keep_private(path)

    assert modes(tmp_path) == {"patient.sqlite3": 0o600}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)


def test_dead_letters_are_private(tmp_path: Path) -> None:
    DeadLetterFile(tmp_path)

    assert set(modes(tmp_path).values()) == {0o600}


def test_a_folder_that_is_made_is_its_owners(tmp_path: Path) -> None:
    keep_private(tmp_path / "data" / "booking.sqlite3")

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_what_is_written_is_whole_and_private(tmp_path: Path) -> None:
    write_privately(tmp_path / "keys.json", "{}")

    assert modes(tmp_path) == {"keys.json": 0o600}
    assert (tmp_path / "keys.json").read_text() == "{}"
