"""The store inside the process, where no Redis is given."""

import subprocess
import sys

from shared.storage.redis_store import connect


def test_all_clients_of_the_embedded_store_see_the_same() -> None:
    connect("memory://").set("test-redis-store", "seen")

    assert connect("memory://").get("test-redis-store") == "seen"
    assert connect("memory://", decoded=False).get("test-redis-store") == b"seen"


def test_importing_the_module_makes_no_store() -> None:
    made = "import fakeredis; made = []; fakeredis.FakeServer = lambda: made.append(1); "
    check = (
        f"{made}from shared.storage import redis_store; assert not made; redis_store._embedded_server(); assert made"
    )

    subprocess.run([sys.executable, "-c", check], check=True)
