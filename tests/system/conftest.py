"""Whole installations for the tests of this folder: started once, shared by tests that book different times.

A test that asks for `installation` meets the deployed form: services in processes of their own on RabbitMQ, PostgreSQL
and Redis. One marked `both_forms`, about what the embedded form does by other means, meets that, too; `make test-deep`
lets all the others.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.api_client import Client, staff
from tests.system.event_readers import READER_KEYS
from tests.system.guarded import Guarded, guarded_installation
from tests.system.installation import ADMIN, Installation, deployed, embedded


@pytest.fixture(scope="session")
def embedded_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Return what `make run` starts, ready, with the demo clinics."""
    installation = embedded(tmp_path_factory.mktemp("embedded"))
    try:
        installation.wait_ready()
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def deployed_installation(
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Installation]:
    """Return an installation on the real parts with two booking processes and two notification processes."""
    folder: Path = tmp_path_factory.mktemp("deployed")
    several, parts = {"booking": 2, "notification": 2}, (new_rabbitmq_vhost(), new_redis_database())
    installation = deployed(folder, *parts, new_postgres_database, several, READER_KEYS=READER_KEYS)
    try:
        yield installation
    finally:
        installation.stop()


@pytest.fixture(scope="session")
def guarded(
    tmp_path_factory: pytest.TempPathFactory,
    new_rabbitmq_vhost: Callable[[], str],
    new_redis_database: Callable[[], str],
    new_postgres_database: Callable[[], str],
) -> Iterator[Guarded]:
    """Return an installation whose processes and tools have users of the broker with narrow rights."""
    folder = tmp_path_factory.mktemp("guarded")
    with guarded_installation(folder, new_rabbitmq_vhost(), new_redis_database(), new_postgres_database) as made:
        yield made


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Name the forms that a test of `installation` meets."""
    if "installation" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_forms")
        forms = [pytest.param("embedded", marks=() if both else pytest.mark.deep), "deployed"]
        metafunc.parametrize("installation", forms, indirect=True, scope="session")


@pytest.fixture(scope="session")
def installation(request: pytest.FixtureRequest) -> Installation:
    """Return the installation of the form that is the test's parameter."""
    found: Installation = request.getfixturevalue(f"{request.param}_installation")
    return found


@pytest.fixture
def public(installation: Installation) -> Client:
    """Return a patient's client."""
    return Client(installation.url)


@pytest.fixture
def administrator(installation: Installation) -> Client:
    """Return the client of the installation's administrator."""
    return staff(installation.url, *ADMIN)
