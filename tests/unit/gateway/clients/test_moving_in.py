"""The file of a former system that is being taken over, as it is kept between requests (C14, ADR 49)."""

from gateway.clients.moving_in import KeptFile
from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.gateway.world import World

TURN = "frontdesk:moving-in:solna:patients:turn"


def test_c14_one_request_at_a_time_goes_on_with_a_file(world: World) -> None:
    first, other = (KeptFile(world.cache, Sealer(new_seal_key()), "solna", "patients") for _ in range(2))
    with first.turn() as is_first, other.turn() as is_let_in:
        assert (is_first, is_let_in) == (True, False)
    with other.turn() as is_let_in:
        assert is_let_in


def test_c14_a_request_whose_turn_was_over_does_not_end_that_of_the_next_one(world: World) -> None:
    slow, third = (KeptFile(world.cache, Sealer(new_seal_key()), "solna", "patients") for _ in range(2))
    with slow.turn():
        world.cache.set(TURN, "of the next one")  # since a turn ends by itself in a minute
    assert world.cache.get(TURN) == "of the next one"
    with third.turn() as is_let_in:
        assert not is_let_in
