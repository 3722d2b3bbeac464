"""Whether anything has changed at a clinic since somebody looked."""

import fakeredis

from shared.clinic_documents import Revisions
from shared.storage.pulse import Pulse
from tests.builders.gateway.dead_redis import DeadRedis


def test_a_mark_changes_with_what_happens_at_its_clinic_and_with_the_clinic_s_document() -> None:
    client = fakeredis.FakeRedis(server=fakeredis.FakeServer(), decode_responses=True)
    pulse = Pulse(client)
    marks = [pulse.mark("solna")]
    for happens in (
        lambda: pulse.beat({"solna"}),
        lambda: pulse.beat(["solna", "lund"]),
        lambda: Revisions(client).announce("solna", 2),
    ):
        happens()
        marks.append(pulse.mark("solna"))
    assert len({*marks}) == 4
    pulse.beat({"lund"})
    assert pulse.mark("solna") == marks[-1]


def test_a_mark_is_never_one_that_was_seen_before_redis_forgot_it() -> None:
    client = fakeredis.FakeRedis(server=fakeredis.FakeServer(), decode_responses=True)
    pulse = Pulse(client)
    pulse.beat({"solna"})
    seen = pulse.mark("solna")
    client.flushall()
    pulse.beat({"solna"})
    assert pulse.mark("solna") != seen


def test_many_clinics_are_one_command_and_none_are_no_command() -> None:
    sent: list[str] = []

    class Counting(fakeredis.FakeRedis):
        def execute_command(self, *args: object, **options: object) -> object:
            sent.append(str(args[0]))
            return super().execute_command(*args, **options)

    pulse = Pulse(Counting(server=fakeredis.FakeServer(), decode_responses=True))
    pulse.beat({"solna", "lund"})
    pulse.beat(set())
    assert sent == ["MSET"]


def test_without_redis_nobody_knows_and_nothing_fails() -> None:
    pulse = Pulse(DeadRedis())
    pulse.beat({"solna"})
    assert pulse.mark("solna") is None
