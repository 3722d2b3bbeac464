"""What is kept of a patient's visit opens with the visit's own secret alone (ADR 29)."""

import fakeredis

from gateway.access.drafts import LIFETIME_SECONDS, Drafts
from shared.sealed import Sealer
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.gateway.world import World

PARTS = {"typed": {"patient.first_name": "Eva"}, "proof": {}, "receipt": {}}


def drafts(world: World, cache: fakeredis.FakeRedis | None = None) -> Drafts:
    return Drafts(cache or world.cache, Sealer(world.settings.event_keys))


def test_a_draft_opens_for_whom_it_was_kept_and_nobody_else(world: World) -> None:
    kept = drafts(world)
    assert kept.keep("v1", "secret", PARTS)
    assert kept.open("v1", "secret") == PARTS
    assert kept.open("v1", "another") is None
    assert kept.open("v2", "secret") is None


def test_a_draft_is_never_replaced_by_whoever_knows_its_visit(world: World) -> None:
    kept = drafts(world)
    kept.keep("v1", "secret", PARTS)
    assert not kept.keep("v1", "another", {**PARTS, "typed": {}})
    assert kept.open("v1", "secret") == PARTS


def test_whoever_reads_redis_learns_nothing(world: World) -> None:
    told = ("the visit", "a secret", "Eva Ek")  # with spaces, which no sealed text holds by chance
    drafts(world).keep("the visit", "a secret", {**PARTS, "typed": {"patient.first_name": "Eva Ek"}})
    (key,) = world.cache.keys("frontdesk:draft:*")
    for shown in (key, world.cache.get(key)):
        assert not any(each in shown for each in told)


def test_a_draft_lasts_as_long_as_the_hold_and_a_quarter_of_an_hour_at_least(world: World) -> None:
    kept = drafts(world)
    for seconds, lasts in ((0, LIFETIME_SECONDS), (3600, 3600)):
        kept.keep("v1", "secret", PARTS, seconds)
        (key,) = world.cache.keys("frontdesk:draft:*")
        assert lasts - 5 <= world.cache.ttl(key) <= lasts


def test_nothing_is_kept_without_redis_nor_what_no_form_of_ours_holds(world: World) -> None:
    away = drafts(world, DeadRedis())  # type: ignore[arg-type]
    assert not away.keep("v1", "secret", PARTS)
    assert away.open("v1", "secret") is None
    assert not drafts(world).keep("v1", "secret", {**PARTS, "typed": {"message": "x" * 100_000}})
