"""The socket of an installation in one process: whose it is, what it takes, what becomes of it (PRODUCT C5, ADR 55)."""

import http.client
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.local.client import LocalClient
from cli.local.wire import BODY_LIMIT, NAME, address_in
from shared.actor import Actor, sign
from shared.contracts.errors import Forbidden, Invalid, Malformed, NotFound, Refusal, Unavailable
from tests.system.installation import Installation, embedded, wait_until

KEY = "a-key-of-tests-that-is-long-enough-for-a-tool"
MANY = 200
NOBODY = 65534
CONNECTS = """
import os, socket, sys
os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except PermissionError:
    sys.exit(13)
"""


def test_c5_the_socket_takes_what_a_tool_may_ask_and_outlives_its_process_to_nobody_s_harm(tmp_path: Path) -> None:
    installation = embedded(tmp_path, TOOL_KEYS=f"all:{KEY},till:{KEY}:norsk:availability.*+booking.find")
    folder = Path(installation.environment["DATA_DIR"])
    try:
        installation.wait_ready()
        only_its_owner_connects(folder)
        tools_may_what_their_keys_say(folder)
        what_is_no_call_is_refused(folder)
        many_are_served_at_once(folder)
        a_killed_run_is_followed_by_another(installation, folder)
        installation.stop()
        assert not (folder / NAME).exists(), "who stops takes it away"
        with pytest.raises(Unavailable, match="No Frontdesk runs"):
            client_of(folder, "all").call("booking", "ping")
    finally:
        installation.stop()


def only_its_owner_connects(folder: Path) -> None:
    found = (folder / NAME).stat()
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o600, os.geteuid())
    if os.geteuid() == 0:  # only root can try as somebody else; the mode says the same to all
        shut = {each: each.stat().st_mode for each in (folder, *folder.parents) if each.stat().st_mode & 0o111 != 0o111}
        try:
            for each, mode in shut.items():
                each.chmod(stat.S_IMODE(mode) | 0o111)
            tried = subprocess.run([sys.executable, "-c", CONNECTS, str(folder / NAME), str(NOBODY)], check=False)
        finally:
            for each, mode in shut.items():
                each.chmod(stat.S_IMODE(mode))
        assert tried.returncode == 13


def tools_may_what_their_keys_say(folder: Path) -> None:
    every, till = client_of(folder, "all"), client_of(folder, "till")
    assert every.call("booking", "find", "exir", limit=1)["bookings"] == []
    assert till.call("booking", "find", "norsk", limit=1)["bookings"] == []
    assert till.call("availability", "document", "norsk")["revision"] >= 1
    forger = LocalClient(folder, lambda: token("all", key="not-the-key-that-it-has"))
    for refused in (
        lambda: till.call("booking", "find", "exir", limit=1),
        lambda: till.call("booking", "watch_list", "norsk"),
        lambda: forger.call("booking", "find", "exir"),
        lambda: every.call("booking", "note_online", "exir"),
        lambda: next(till.events(lambda: None)),
    ):
        with pytest.raises(Forbidden):
            refused()
    with pytest.raises(Invalid):
        every.call("booking", "find", "exir", colour="red")
    with pytest.raises(Unavailable, match="does not know this call"):
        every.call("booking", "fly")


def what_is_no_call_is_refused(folder: Path) -> None:
    for path in ("/", "/booking", "/elsewhere.ping", "/booking.ping/more", "/rpc.reply-x"):
        assert isinstance(answered(folder, "POST", path, b"{}"), NotFound)
    assert isinstance(answered(folder, "GET", "/booking.ping"), NotFound)
    for body in (b"", b"[]", b'{"args": 1, "kwargs": {}}', b"\xff"):
        assert isinstance(answered(folder, "POST", "/booking.ping", body), Malformed)
    assert isinstance(answered(folder, "POST", "/booking.ping", length=BODY_LIMIT + 1), Malformed)
    assert client_of(folder, "all").call("booking", "ping") == "pong", "and it goes on"


def many_are_served_at_once(folder: Path) -> None:
    idle = [connected(folder) for _ in range(8)]
    try:
        with ThreadPoolExecutor(32) as callers:
            client = client_of(folder, "all")
            found = list(callers.map(lambda _: client.call("booking", "ping", timeout=60.0), range(MANY)))
        assert found == ["pong"] * MANY
    finally:
        for each in idle:
            each.close()


def a_killed_run_is_followed_by_another(installation: Installation, folder: Path) -> None:
    before = (folder / NAME).stat().st_ino
    second = embedded(installation.folder)
    wait_until(lambda: second.processes["up"].poll() is not None, "a second run to be refused")
    assert client_of(folder, "all").call("booking", "ping") == "pong"
    assert (folder / NAME).stat().st_ino == before, "the living one was left alone"
    installation.kill("up")
    assert (folder / NAME).exists()
    with pytest.raises(Unavailable, match="No Frontdesk runs"):
        client_of(folder, "all").call("booking", "ping")
    installation.start("up", "up", "--no-demo-day")
    installation.wait_ready()
    assert client_of(folder, "all").call("booking", "ping") == "pong"
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600


def token(tool: str, key: str = KEY) -> str:
    """Return the token of a tool."""
    return sign(Actor(kind="tool", id=tool), f"tool-{tool}", key, datetime.now(UTC))


def client_of(folder: Path, tool: str) -> LocalClient:
    """Return a client that signs as a tool."""
    return LocalClient(folder, lambda: token(tool))


def connected(folder: Path) -> socket.socket:
    """Return a connection on which nothing is said."""
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(60)
    with address_in(folder) as address:
        made.connect(address)
    return made


def answered(folder: Path, method: str, path: str, body: bytes | None = None, length: int | None = None) -> Refusal:
    """Return the refusal that answers a request; of a body only its `length` may be told."""
    connection = http.client.HTTPConnection("frontdesk")
    connection.sock = connected(folder)
    try:
        connection.putrequest(method, path)
        if body is not None or length is not None:
            connection.putheader("Content-Length", str(len(body or b"") if length is None else length))
        connection.endheaders(body)
        error: dict[str, Any] = json.loads(connection.getresponse().read())["error"]
    finally:
        connection.close()
    kinds: dict[str, Callable[..., Refusal]] = {each.__name__: each for each in (NotFound, Malformed, Forbidden)}
    return kinds[error["exc_type"]](*error["exc_args"])
