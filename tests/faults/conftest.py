"""One installation on servers that may be hurt, shared by the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.servers.postgres import FreshDatabases
from tests.servers.server import Server
from tests.system.api_client import Client
from tests.system.installation import Installation, deployed


@pytest.fixture(scope="session")
def hurt_installation(
    tmp_path_factory: pytest.TempPathFactory, rabbitmq_to_hurt: Server, postgres_to_hurt: Server, redis_to_hurt: Server
) -> Iterator[Installation]:
    """Return an installation with one process per service on servers of its own."""
    databases = FreshDatabases(postgres_to_hurt.address)
    installation = deployed(
        tmp_path_factory.mktemp("hurt"), rabbitmq_to_hurt.address, redis_to_hurt.address, databases.new, {}, cold=True
    )
    try:
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def frontdesk(
    hurt_installation: Installation, rabbitmq_server: Server, postgres_server: Server, redis_server: Server
) -> Iterator[Installation]:
    """Return the installation, ready; the servers are well again after each test, before it is used anew."""
    hurt_installation.wait_ready()
    yield hurt_installation
    for server in (rabbitmq_server, postgres_server, redis_server):
        server.resume()
        server.start()
    hurt_installation.wait_ready()


@pytest.fixture
def public(frontdesk: Installation) -> Client:
    """Return an anonymous client."""
    return Client(frontdesk.url)
