"""The socket of an installation in one process, as it lies in its folder (ADR 55)."""

import os
import socket
import stat
from pathlib import Path

import pytest

from cli.local.client import LocalClient
from cli.local.server import listening
from cli.local.wire import NAME, address_in
from shared.contracts.errors import Unavailable


def test_only_its_owner_may_connect_from_the_first_moment_and_nothing_else_is_left(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = listening(tmp_path)
    finally:
        os.umask(before)
    with made:
        assert [each.name for each in tmp_path.iterdir()] == [NAME]
        found = (tmp_path / NAME).stat()
        assert stat.S_ISSOCK(found.st_mode)
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o600, os.geteuid())


def test_the_socket_of_a_run_that_was_killed_is_replaced(tmp_path: Path) -> None:
    listening(tmp_path).close()
    with address_in(tmp_path, ".frontdesk.sock.0af3") as address, socket.socket(socket.AF_UNIX) as unnamed:
        unnamed.bind(address)  # of one that was killed before it had its name
    with pytest.raises(Unavailable, match="No Frontdesk runs on the data folder"):
        LocalClient(tmp_path, str).call("booking", "ping")
    with listening(tmp_path), address_in(tmp_path) as address, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address)
    assert [each.name for each in tmp_path.iterdir()] == ["frontdesk.sock"]


def test_a_folder_may_lie_deeper_than_a_socket_s_address_is_long(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    with listening(deep), address_in(deep) as address, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address)


def test_where_there_is_no_folder_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="set DATA_DIR"):
        LocalClient(tmp_path / "none", str).call("booking", "ping")
