"""A TCP proxy between services and a server, so that tests can hurt the way between them and not the server.

It runs as a process of its own: orders come as lines of JSON, each is answered when it holds.
"""

import asyncio
import json
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any, Literal

from tests.servers.ports import free_port
from tests.servers.reaper import reaper

Way = Literal["open", "closed", "hole", "forgotten", "slow"]
"""What becomes of what is sent.

`open`: it arrives. `closed`: connections are cut and no new ones are taken. `hole`: connections are taken and stay
open, and nothing arrives before the way is open again. `forgotten`: as `hole`, and who had a connection then never
hears of it again, not even its end, as by a NAT that has lost its entry; the server learns of it when the way is open,
as by its keepalive. `slow`: each piece arrives late.
"""

_PIECE = 1 << 16
_ENDED_BEFORE = -1
ROOT = Path(__file__).parents[2]


class Proxies:
    """The proxy process, and its ways by name."""

    def __init__(self, certificate: Path | None = None, **targets: int) -> None:
        """Start listening on a port for each of the `targets`, which are ports of 127.0.0.1.

        Where there is a `certificate`, with its key, who connects speaks TLS, and the servers do not.
        """
        self.ports = {name: free_port() for name in targets}
        ways = {name: (self.ports[name], target) for name, target in targets.items()}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.proxy", json.dumps(ways), *map(str, filter(None, [certificate]))],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        reaper().watch_group(self._process.pid)
        self._answered()

    def set(self, name: str, way: Way, seconds: float = 0.0) -> None:
        """Let a way be like that from now on; `seconds` is how late pieces arrive where it is slow."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, way, seconds]) + "\n")
        self._process.stdin.flush()
        self._answered()

    def close(self) -> None:
        """End the process, and with it all connections."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        reaper().forget_group(self._process.pid)

    def _answered(self) -> None:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if answer != "done\n":
            raise RuntimeError(f"the proxy ended: {self._process.wait()}")


class _Way:
    """One listening port and the connections over it."""

    def __init__(self, port: int, target: int, tls: SSLContext | None) -> None:
        self._port = port
        self._target = target
        self._tls = tls
        self._passable = asyncio.Event()
        self._seconds = 0.0
        self._writers: set[asyncio.StreamWriter] = set()
        self._to_server: set[asyncio.StreamWriter] = set()
        self._forgotten: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None

    async def become(self, way: Way, seconds: float) -> None:
        self._seconds = seconds
        if way in ("open", "slow"):
            for writer in self._forgotten & self._to_server:
                _reset(writer)
            self._to_server -= self._forgotten
            self._passable.set()
        else:
            self._passable.clear()
        if way == "forgotten":
            self._forgotten |= self._writers
            self._writers.clear()
        if way == "closed":
            await self._end_listening()
            for writer in self._writers:
                _reset(writer)
            self._writers.clear()
        elif self._listening is None:
            self._listening = await asyncio.start_server(self._connected, "127.0.0.1", self._port, ssl=self._tls)

    async def _end_listening(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        await self._passable.wait()
        if writer in self._forgotten:
            return
        try:
            there, to_there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(to_there)
        self._to_server.add(to_there)
        await asyncio.gather(self._forward(reader, to_there, writer), self._forward(there, writer, to_there))

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, own: Any) -> None:
        """Hand on what comes until one side ends; of what is forgotten nothing, not even the end."""
        try:
            while piece := await reader.read(_PIECE):
                if self._seconds:
                    await asyncio.sleep(self._seconds)
                await self._passable.wait()
                if own in self._forgotten:
                    return
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass  # a connection that broke has ended
        if own not in self._forgotten:
            writer.close()
            self._writers -= {writer, own}
            self._to_server -= {writer, own}


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as one that was cut: its other end gets a reset, not an orderly end."""
    connection = writer.get_extra_info("socket")
    if connection.fileno() != _ENDED_BEFORE:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def _serve(ways: Sequence[tuple[str, int, int]], tls: SSLContext | None) -> None:
    known = {name: _Way(port, target, tls) for name, port, target in ways}
    for way in known.values():
        await way.become("open", 0.0)
    print("done", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        name, become, seconds = json.loads(line)
        await known[name].become(become, seconds)
        print("done", flush=True)


def _tls(certificate: str) -> SSLContext:
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    _order, *_certificates = sys.argv[1:]
    _contexts = [*map(_tls, _certificates), None]
    asyncio.run(_serve([(name, *ports) for name, ports in json.loads(_order).items()], _contexts[0]))
