"""A crowd that wants the times of one day, all at the same moment: each searches, holds a time and books it."""

import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_HEAD_LIMIT = 1 << 20


class Heard(NamedTuple):
    """One answer: to what, its status and code, whether it says when to come again, and how long it took."""

    what: str
    status: int
    code: str
    says_when: bool
    seconds: float


@dataclass
class Visitor:
    """One of the crowd; `heard` is all that was answered, `booked` the reference of their booking, if they got one."""

    port: int
    clinic: str
    day: str
    patient: dict[str, Any]
    heard: list[Heard] = field(default_factory=list)
    booked: str | None = None
    hurry: float = 1.0
    """Comes again so many times sooner than told."""

    async def come(self) -> None:
        """Try until a time is booked, or none is left."""
        while self.booked is None and (free := await self._search()):
            held = await self._do("hold", "holds", {"type": "visit", "start": random.choice(free)})
            if held is None:
                continue
            key = secrets.token_hex(8)
            body = {"type": "visit", "start": held["start"], "hold": held["hold"], "patient": self.patient}
            answer = await self._do("book", "bookings", body, f"Idempotency-Key: {key}\r\n")
            self.booked = answer and answer["reference"]

    async def _search(self) -> list[str]:
        address = f"{self._clinic}/slots?type=visit&from={self.day}&to={self.day}"
        _, body, _ = await self.ask("search", "GET", address)
        return [slot["start"] for slot in body.get("slots", ())]

    async def _do(self, what: str, call: str, sent: dict[str, Any], headers: str = "") -> Any:
        """Return what was made, None where it is refused; whoever is told to come again does, with the same."""
        while True:
            status, body, wait = await self.ask(
                what, "POST", f"{self._clinic}/{call}", json.dumps(sent).encode(), headers
            )
            if status != 503:
                return body if status == 201 else None
            await asyncio.sleep(wait / self.hurry)

    @property
    def _clinic(self) -> str:
        return f"/v1/clinics/{self.clinic}"

    async def ask(
        self, what: str, method: str, address: str, body: bytes = b"", headers: str = ""
    ) -> tuple[int, dict[str, Any], float]:
        """Return status, body and the seconds until one should come again."""
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=_HEAD_LIMIT)
        try:
            said = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
            head = f"{method} {address} HTTP/1.1\r\nHost: crowd\r\nConnection: close\r\n"
            writer.write(f"{head}{said}{headers}\r\n".encode() + body)
            answer = await reader.read()
        finally:
            writer.close()
        answered, _, told = answer.partition(b"\r\n\r\n")
        status = int(answered.split(b" ", 2)[1]) if answered else 0
        content = json.loads(told) if told else {}
        lines = dict(line.lower().split(": ", 1) for line in answered.decode().split("\r\n")[1:])
        seconds = time.perf_counter() - begun
        self.heard.append(Heard(what, status, content.get("code", ""), "retry-after" in lines, seconds))
        return status, content, float(lines.get("retry-after", 1))


def rush(port: int, clinic: str, day: str, patients: list[dict[str, Any]], hurry: float = 1.0) -> list[Visitor]:
    """Let a visitor for each patient come at the same moment; return them when all have booked or found nothing."""
    crowd = [Visitor(port, clinic, day, patient, hurry=hurry) for patient in patients]

    async def come() -> None:
        await asyncio.gather(*(visitor.come() for visitor in crowd))

    asyncio.run(come())
    return crowd
