"""The gateway as a process: over a real bus, with services that are slow, broken or away, and at its end."""

import signal
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from gateway.http.bounds import REQUEST_SECONDS
from shared.settings import SERVICES
from tests.contract.bus.house import eventually
from tests.integration.gateway.conftest import PASSWORD, PATIENCE_SECONDS, Installation, Start, on_rabbitmq
from tests.servers.proxy import Proxies
from tests.servers.warm import ended

SLOTS = "/v1/clinics/{}/slots?type=exam&from=2026-12-01&to=2026-12-01"
WAITING = "somebody waits for times"


@pytest.fixture(scope="module", params=["embedded", "rabbitmq"])
def partial(request: pytest.FixtureRequest, start_installation: Start) -> Installation:
    """Return an installation in which only availability runs, on each kind of bus; we are the proxy before it."""
    bus = {} if request.param == "embedded" else on_rabbitmq(request.getfixturevalue("rabbitmq_uri"))
    return start_installation("availability", TRUSTED_PROXIES="127.0.0.1", **bus)


def seconds_of(installation: Installation, path: str) -> tuple[float, int, dict[str, object]]:
    """Return how long a GET took, its status and its JSON."""
    started = time.monotonic()
    status, body = installation.get(path)
    return time.monotonic() - started, status, body


def test_a_call_crosses_the_bus_in_the_publics_name_with_the_requests_id(partial: Installation) -> None:
    status, body = partial.get(SLOTS.format("solna"), **{"X-Request-Id": "from-outside-1"})

    assert (status, body["slots"]) == (200, [])
    assert body["asked_by"] == {"kind": "patient", "id": None}
    assert body["correlation_id"] == "from-outside-1"


def test_a_service_that_is_away_is_told_of_within_seconds(partial: Installation) -> None:
    """A service that never ran is `unavailable`; one whose queue other tests left on the broker is a `timeout`."""
    seconds, status, body = seconds_of(partial, "/v1/manage/some-token")

    assert (status, body["code"]) in {(503, "unavailable"), (504, "timeout")}
    assert seconds < REQUEST_SECONDS - 1


def test_a_service_that_does_not_answer_is_a_timeout_within_seconds(partial: Installation) -> None:
    seconds, status, body = seconds_of(partial, SLOTS.format("slow"))

    assert (status, body["code"]) == (504, "timeout")
    assert seconds < REQUEST_SECONDS - 1


def test_a_service_that_fails_is_a_500_that_keeps_its_cause(partial: Installation) -> None:
    status, body = partial.get(SLOTS.format("broken"))

    assert (status, body["code"]) == (500, "internal_error")
    assert "secret cause" not in str(body)


def test_it_is_not_ready_while_a_service_is_away(partial: Installation) -> None:
    only_one = {"availability": True, "booking": False, "patient": False, "notification": False, "staff": False}

    status, body = eventually(lambda: (found := partial.get("/readyz"))[1]["services"] == only_one and found)

    assert (status, body["status"]) == (503, "starting")


def test_pages_say_kindly_that_a_service_is_away(partial: Installation) -> None:
    status, headers, body = partial.request("GET", "/m/some-token")

    assert status in {503, 504}
    assert headers["content-type"].startswith("text/html")
    assert b"Traceback" not in body


def test_it_is_ready_when_all_services_answer(installation: Installation) -> None:
    eventually(lambda: installation.get("/readyz")[0] == 200)


def test_a_process_that_needs_no_broker_for_its_calls_is_not_ready_without_one(
    start_installation: Start, rabbitmq_uri: str
) -> None:
    """No event would leave it."""
    port = urlsplit(rabbitmq_uri).port or 5672
    with closing(Proxies(broker=port)) as proxies:
        address = rabbitmq_uri.replace(f":{port}", f":{proxies.ports['broker']}")
        together = start_installation(*SERVICES, **on_rabbitmq(address))
        for way, status in (("closed", 503), ("open", 200)):
            proxies.set("broker", way)
            eventually(lambda expected=status: together.get("/readyz")[0] == expected)
            assert together.get(SLOTS.format("solna"))[0] == 200
        together.stop()


def test_staff_log_in_and_act_under_their_own_name(installation: Installation) -> None:
    json = {"Content-Type": "application/json"}
    login = orjson.dumps({"email": "admin@frontdesk.example", "password": PASSWORD})
    _, _, answered = installation.request("POST", "/v1/staff/logins", login, json)
    bearer = {"Authorization": f"Bearer {orjson.loads(answered)['token']}"}

    status, document = installation.get("/v1/staff/clinics/solna/document", **bearer)

    assert status == 200
    assert document["asked_by"] == {"kind": "staff", "id": "admin@frontdesk.example"}
    assert installation.get("/v1/staff/clinics/solna/document")[0] == 401


def test_a_megabyte_of_document_goes_in_and_comes_back(installation: Installation) -> None:
    json = {"Content-Type": "application/json"}
    login = orjson.dumps({"email": "admin@frontdesk.example", "password": PASSWORD})
    _, _, answered = installation.request("POST", "/v1/staff/logins", login, json)
    document = {"clinic": "solna", "texts": ["x" * 1000] * 900}

    status, _, back = installation.request(
        "PUT",
        "/v1/staff/clinics/solna/document",
        orjson.dumps(document),
        {**json, "Authorization": f"Bearer {orjson.loads(answered)['token']}"},
    )

    assert (status, orjson.loads(back)) == (200, document)


def test_slow_calls_do_not_hold_up_quick_ones(installation: Installation) -> None:
    slow = [threading.Thread(target=installation.get, args=(SLOTS.format("slow"),)) for _ in range(15)]
    for thread in slow:
        thread.start()

    assert installation.get("/healthz")[0] == 200
    assert any(thread.is_alive() for thread in slow), "it did not wait for all of them"
    for thread in slow:
        thread.join()


def test_the_log_of_the_process_holds_no_token(installation: Installation) -> None:
    installation.get("/v1/manage/K7SECRETTOKEN")
    installation.request("GET", "/m/K7SECRETTOKEN")

    assert "K7SECRETTOKEN" not in installation.log.read_text()


def test_requests_in_hand_are_answered_before_it_ends(start_installation: Start) -> None:
    """DESIGN rule 12: drains on SIGTERM."""
    installation = start_installation(*SERVICES)
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(installation.get(SLOTS.format("waiting"))[0]))
    waiting.start()
    eventually(lambda: WAITING in installation.log.read_text())

    code = installation.stop()
    waiting.join()

    assert answers == [200]
    assert code == 0


def test_what_was_sent_before_its_end_is_answered_on_new_connections_and_on_kept_ones(
    start_installation: Start,
) -> None:
    """It stands still while they send, so that signal and requests find it at the same moment."""
    installation = start_installation(*SERVICES)
    with closing(kept_open(installation)) as kept, closing(kept_open(installation)) as new:
        kept.request("GET", "/healthz")
        assert kept.getresponse().read()
        installation.process.send_signal(signal.SIGSTOP)
        for connection in (kept, new):
            connection.request("GET", "/healthz")
        installation.process.send_signal(signal.SIGTERM)
        installation.process.send_signal(signal.SIGCONT)
        answers = [connection.getresponse() for connection in (kept, new)]

        assert [(answer.status, bool(answer.read())) for answer in answers] == [(200, True)] * 2
    assert ended(installation.process, within=60) == 0


def test_who_is_still_asking_at_its_end_is_answered_and_told_that_the_connection_ends(
    start_installation: Start,
) -> None:
    """The services beside it answer until it has ended."""
    installation = start_installation(*SERVICES)
    with closing(installation.connect()) as connection:
        connection.sendall(f"GET {SLOTS.format('solna')} HTTP/1.1\r\n".encode())
        installation.process.send_signal(signal.SIGTERM)
        eventually(lambda: is_refused(installation))
        connection.sendall(b"Host: localhost\r\n\r\n")
        with closing(HTTPResponse(connection)) as answer:
            answer.begin()

            assert (answer.status, answer.getheader("Connection"), bool(answer.read())) == (200, "close", True)
    assert ended(installation.process, within=60) == 0


def kept_open(installation: Installation) -> HTTPConnection:
    """Return a connection for request after request, not yet open."""
    return HTTPConnection("127.0.0.1", installation.port, timeout=PATIENCE_SECONDS)


def is_refused(installation: Installation) -> bool:
    """Tell whether nobody listens any more."""
    try:
        installation.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_two_processes_share_one_port_on_a_real_bus(start_installation: Start, rabbitmq_uri: str) -> None:
    first = start_installation(*SERVICES, **on_rabbitmq(rabbitmq_uri))
    second = start_installation(**{**on_rabbitmq(rabbitmq_uri), "PORT": str(first.port)})
    wait_for_listeners(first.port, 2)

    first.stop()

    assert second.process.poll() is None
    assert first.request("GET", "/healthz")[0] == 200


def wait_for_listeners(port: int, count: int) -> None:
    """Wait until so many sockets listen on a port: which process answers a request, nothing tells."""
    listening = f":{port:04X} 00000000:0000 0A "
    deadline = time.monotonic() + 60
    while Path("/proc/net/tcp").read_text().count(listening) < count:
        assert time.monotonic() < deadline, f"fewer than {count} sockets listen on {port}"
        time.sleep(0.05)
