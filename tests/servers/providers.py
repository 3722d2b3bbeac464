"""Twilio and SendGrid as one local HTTP server: they take messages, keep them, and fail as they are told to.

They hold to what is known of the real ones: fields, codes, lists, errors, what type an attachment may have.
It runs in threads of the test's own process, which therefore must not be patched by eventlet.
"""

import base64
import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from twilio.request_validator import RequestValidator

from tests.servers.ports import free_port

ACCOUNT = "AC" + "1" * 32
TOKEN = "the-token-of-twilio"
API_KEY = "SG.the-key-of-sendgrid"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
SENDGRID_PUBLIC_KEY = base64.b64encode(
    SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?method=[A-Za-z]+)?")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a request.

    `status`, `body` and `headers` are answered instead; nothing is taken then. `lost`: the message is taken and the
    connection breaks without an answer. `held`: it is taken, and the answer waits for `Providers.let_go`. `mute`:
    nothing is taken and nothing answered before `let_go`.
    """

    status: int = 0
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    lost: bool = False
    held: bool = False
    mute: bool = False


@dataclass
class Taken:
    """A message that a provider has taken: `id` is the provider's own, `fields` are as they came."""

    id: str
    to: str
    text: str
    fields: dict[str, Any]
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Providers:
    """The server, what it has taken, and what it will do wrong next."""

    def __init__(self) -> None:
        self.sms: list[Taken] = []
        self.emails: list[Taken] = []
        self.requests: list[str] = []
        self.faults: dict[str, deque[Fault]] = {"sms": deque(), "email": deque(), "list": deque()}
        self._going = threading.Event()
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._port = free_port()
        self.start()

    @property
    def url(self) -> str:
        """The address of both providers."""
        return f"http://127.0.0.1:{self._port}"

    def settings(self) -> dict[str, str]:
        """Return the environment of a Frontdesk that uses both."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": "+46700000000",
            "TWILIO_URL": self.url,
            "SENDGRID_API_KEY": API_KEY,
            "SENDGRID_FROM": "booking@frontdesk.example",
            "SENDGRID_URL": self.url,
        }

    def fail(self, what: str, *faults: Fault) -> None:
        """Let the next requests go wrong: `what` is `sms`, `email`, or `list`, Twilio's list of messages."""
        self.faults[what].extend(faults)

    def let_go(self) -> None:
        """Answer what is held, and hold nothing any more."""
        self._going.set()

    def start(self) -> None:
        """Listen, at the same address as before."""
        self._server = _Server(self._port, self)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections until `start`; what was taken is kept."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def close(self) -> None:
        """End."""
        self.let_go()
        self.stop()

    def answer(self, request: "_Request") -> None:
        """Answer one request."""
        what, take = self._meant(request)
        with self._lock:
            self.requests.append(what)
            fault = self.faults[what].popleft() if self.faults.get(what) else Fault()
        if fault.mute:
            self._going.wait(_PATIENCE)
        elif fault.status:
            request.reply(fault.status, fault.body or b"{}", dict(fault.headers))
        else:
            status, body, headers = take(request)
            if fault.held:
                self._going.wait(_PATIENCE)
            if fault.lost:
                request.hang_up()
            elif fault.body is not None:
                request.reply(status, fault.body, {})
            else:
                request.reply(status, json.dumps(body).encode() if body is not None else b"", headers)

    def _meant(self, request: "_Request") -> tuple[str, Callable[["_Request"], "_Reply"]]:
        path = urlsplit(request.path).path
        if path == "/v3/mail/send" and request.command == "POST":
            return "email", self._take_email
        if path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return ("sms", self._take_sms) if request.command == "POST" else ("list", self._list)
        return "unknown", lambda _: (404, {"status": 404, "code": 20404, "message": "not found"}, {})

    def _take_sms(self, request: "_Request") -> "_Reply":
        if not request.is_basic(ACCOUNT, TOKEN):
            return 401, {"status": 401, "code": 20003, "message": "Authenticate"}, {}
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if not re.fullmatch(r"\+[1-9]\d{6,14}", form.get("To", "")):
            said = f"The 'To' number {form.get('To')} is not a valid phone number."
            return 400, {"status": 400, "code": 21211, "message": said, "more_info": "https://t.example"}, {}
        if not form.get("Body") or len(form["Body"]) > 1600:
            return 400, {"status": 400, "code": 21617, "message": "The message body is too long."}, {}
        with self._lock:
            taken = Taken(f"SM{len(self.sms):032x}", form["To"], form["Body"], form)
            self.sms.append(taken)
        return 201, _resource(taken), {}

    def _list(self, request: "_Request") -> "_Reply":
        if not request.is_basic(ACCOUNT, TOKEN):
            return 401, {"status": 401, "code": 20003, "message": "Authenticate"}, {}
        to = parse_qs(urlsplit(request.path).query).get("To", [""])[0]
        found = [_resource(each) for each in reversed(self.sms) if each.to == to]
        return 200, {"messages": found, "next_page_uri": None, "page": 0, "page_size": 50}, {}

    def _take_email(self, request: "_Request") -> "_Reply":
        if request.headers.get("Authorization") != f"Bearer {API_KEY}":
            return 401, {"errors": [{"message": "The provided authorization grant is invalid"}]}, {}
        mail = json.loads(request.body)
        for attachment in mail.get("attachments", []):
            base64.b64decode(attachment["content"], validate=True)
            if not _MEDIA_TYPE.fullmatch(attachment["type"]):
                return 400, {"errors": [{"message": "The attachment type cannot contain ';', or CRLF characters."}]}, {}
        to = mail["personalizations"][0]["to"][0]["email"]
        if not mail.get("subject") or not all(each["value"] for each in mail["content"]):
            return 400, {"errors": [{"message": "The subject and the content are required."}]}, {}
        with self._lock:
            taken = Taken(f"mail-{len(self.emails)}", to, mail["content"][0]["value"], mail)
            self.emails.append(taken)
        return 202, None, {"X-Message-Id": taken.id}


def signed_by_twilio(address: str, form: dict[str, str], token: str = TOKEN) -> str:
    """Return Twilio's signature of a form that it posts to that whole address."""
    return str(RequestValidator(token).compute_signature(address, form))


def signed_by_sendgrid(timestamp: str, body: str, key: ec.EllipticCurvePrivateKey = SENDGRID_KEY) -> str:
    """Return SendGrid's signature of a body that it posts at that moment."""
    return base64.b64encode(key.sign((timestamp + body).encode(), ec.ECDSA(hashes.SHA256()))).decode()


@contextmanager
def running_providers() -> Iterator[Providers]:
    """Yield both providers, listening; end them afterwards."""
    providers = Providers()
    try:
        yield providers
    finally:
        providers.close()


_Reply = tuple[int, Any, dict[str, str]]


def _resource(taken: Taken) -> dict[str, Any]:
    """Return an SMS as Twilio's API shows it; it is queued, and so has no date of sending."""
    return {
        "account_sid": ACCOUNT,
        "sid": taken.id,
        "to": taken.to,
        "from": taken.fields.get("From"),
        "messaging_service_sid": taken.fields.get("MessagingServiceSid"),
        "body": taken.text,
        "status": "queued",
        "direction": "outbound-api",
        "date_created": format_datetime(taken.at),
        "date_updated": format_datetime(taken.at),
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{taken.id}.json",
        "subresource_uris": {},
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, providers: Providers) -> None:
        self.providers = providers
        super().__init__(("127.0.0.1", port), _Request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that were killed."""


class _Request(BaseHTTPRequestHandler):
    server: _Server
    body: bytes

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.providers.answer(self)

    def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Answer the request."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        """Break the connection off."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def is_basic(self, name: str, password: str) -> bool:
        """Tell whether the request came with this login."""
        expected = base64.b64encode(f"{name}:{password}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"
