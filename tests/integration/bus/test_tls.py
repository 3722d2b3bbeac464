"""RabbitMQ over TLS (`amqps:`)."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kombu import Consumer, Producer, Queue
from sqlalchemy.engine import make_url

from shared.bus.events.topology import declare
from shared.bus.wires.rabbitmq import connection_to
from tests.contract.bus.house import eventually
from tests.integration.bus.conftest import NewHouse
from tests.servers.proxy import Proxies

HERE = x509.IPAddress(ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("elsewhere.example")
OverTls = Callable[[x509.GeneralName], str]


def write_certificate(path: Path, of: x509.GeneralName) -> None:
    """Write a certificate that its owner has signed, and its key."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([of]), critical=True)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(pem))


@pytest.fixture
def over_tls(rabbitmq_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OverTls]:
    """Return a function that returns the broker's address over TLS, with a trusted certificate of somebody."""
    port = make_url(rabbitmq_uri).port or 5672
    with ExitStack() as ends:

        def address(of: x509.GeneralName) -> str:
            certificate = tmp_path / "certificate.pem"
            write_certificate(certificate, of)
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            proxies = Proxies(certificate, broker=port)
            ends.callback(proxies.close)
            return rabbitmq_uri.replace("pyamqp:", "amqps:").replace(f":{port}", f":{proxies.ports['broker']}")

        yield address


def test_calls_and_events_go_over_tls_as_in_the_clear(over_tls: OverTls, new_house: NewHouse) -> None:
    house = new_house(over_tls(HERE)).start()
    assert house.call(house.teller, "echo", 1) == 1
    long = ["å" * 1000] * 300
    assert house.call(house.teller, "echo", long) == long
    spent = house.do("idle", seconds=2.5)["result"]  # in which each connection is read twice, and nothing comes
    assert spent < 0.5, "who reads waits"
    events = [house.tell() for _ in range(20)]
    eventually(lambda: all(house.effects(event) == 1 for event in events))


def test_what_comes_after_a_pause_over_tls_is_read_whole(over_tls: OverTls) -> None:
    read: list[bytes] = []
    with connection_to(over_tls(HERE)) as connection, connection.channel() as channel:
        queue = Queue("pauses", exclusive=True)
        Consumer(channel, [queue], no_ack=True, on_message=lambda message: read.append(message.body)).consume()
        for size in (1, 20_000, 200_000):
            with pytest.raises(TimeoutError):
                connection.drain_events(timeout=0.1)
            Producer(channel).publish(b"x" * size, routing_key=queue.name)
            while not read or len(read[-1]) != size:
                connection.drain_events(timeout=20)
    assert [len(body) for body in read] == [1, 20_000, 200_000]


@pytest.mark.parametrize(
    "connect", [lambda address: connection_to(address).connect(), partial(declare, subscriptions=[])]
)
def test_a_broker_with_the_certificate_of_another_is_not_spoken_to(
    over_tls: OverTls, connect: Callable[[str], None]
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(over_tls(ELSEWHERE))


def test_a_broker_whose_certificate_nobody_trusts_is_not_spoken_to(
    over_tls: OverTls, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = over_tls(HERE)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ssl.SSLCertVerificationError), connection_to(address) as connection:
        connection.connect()
