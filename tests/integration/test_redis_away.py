"""A Redis that is silent costs a process one time limit, not one for each look; and it is found again by itself."""

from collections.abc import Callable
from typing import Any

import pytest
import redis

from shared.storage import redis_absence
from shared.storage.redis_absence import Away
from shared.storage.redis_store import connect
from tests.servers.server import Server


def test_a_frozen_redis_is_remembered_by_all_clients_of_the_process_and_found_again(
    redis_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_absence, "_SECONDS", 1000.0)
    with connect(redis_server.address) as text, connect(redis_server.address, decoded=False) as raw:
        looks: list[Callable[[], Any]] = [
            lambda: text.get("away"),
            lambda: raw.get("away"),
            lambda: raw.mget("away"),
            lambda: text.pipeline().get("away").execute(),
        ]
        text.set("away", "no")
        assert [look() for look in looks] == ["no", b"no", [b"no"], ["no"]]
        redis_server.pause()
        assert [unanswered(look) for look in looks[:2]] == [redis.TimeoutError, redis.TimeoutError]
        assert {unanswered(look) for look in looks} == {Away}
        redis_server.resume()
        assert {unanswered(look) for look in looks} == {Away}
        monkeypatch.setattr(redis_absence, "_SECONDS", 0.0)
        assert looks[0]() == "no"  # whoever asks first after those seconds finds out for all
        monkeypatch.setattr(redis_absence, "_SECONDS", 1000.0)
        assert [look() for look in looks] == ["no", b"no", [b"no"], ["no"]]
        redis_server.stop()
        assert {unanswered(look) for look in looks} == {redis.ConnectionError}


def test_a_redis_that_has_gone_is_asked_every_time(redis_server: Server) -> None:
    with connect(redis_server.address) as client:
        client.ping()
        redis_server.stop()
        for _ in range(3):
            assert unanswered(client.ping) is redis.ConnectionError
        redis_server.start()
        assert client.ping()


def test_a_single_silence_is_not_remembered_where_the_next_look_is_answered(redis_server: Server) -> None:
    with connect(redis_server.address) as client:
        client.ping()
        redis_server.pause()
        assert unanswered(client.ping) is redis.TimeoutError
        redis_server.resume()
        assert all(client.ping() for _ in range(3))


def test_a_redis_that_began_anew_meanwhile_answers_the_first_who_asks(redis_server: Server) -> None:
    with connect(redis_server.address) as client:
        assert client.ping()
        redis_server.restart()
        assert client.ping()


def test_a_command_whose_answer_was_lost_is_not_done_again(
    redis_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts, or takes what is given once."""
    with connect(redis_server.address) as client:
        answer = client.parse_response

        def lost(*about: Any, **options: Any) -> None:
            answer(*about, **options)
            raise redis.ConnectionError

        client.incr("tries")
        with monkeypatch.context() as patched:
            patched.setattr(client, "parse_response", lost)
            assert unanswered(lambda: client.incr("tries")) is redis.ConnectionError
        assert client.get("tries") == "2"


def test_an_answer_that_came_too_late_is_nobody_elses(redis_server: Server) -> None:
    with connect(redis_server.address) as client:
        client.mset({"first": "1", "second": "2"})
        redis_server.pause()
        assert unanswered(lambda: client.get("first")) is redis.TimeoutError
        redis_server.resume()
        assert client.get("second") == "2"


def test_what_redis_refuses_costs_no_connection(redis_server: Server) -> None:
    with connect(redis_server.address) as client:
        known = client.client_id()
        assert unanswered(lambda: client.eval("return nothing()", 0)) is redis.ResponseError
        assert client.client_id() == known


def unanswered(look: Callable[[], Any]) -> type[Exception]:
    """Return what a look raises."""
    with pytest.raises(redis.RedisError) as raised:
        look()
    return raised.type
