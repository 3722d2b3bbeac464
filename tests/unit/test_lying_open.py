"""What tests take for sealed is what was sealed, and nothing else."""

import json

from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.lying_open import lying_open

MINE, OTHERS = Sealer(new_seal_key()), Sealer(new_seal_key())


def test_sealed_texts_are_taken_out_wherever_they_stand() -> None:
    sealed = MINE.seal({"name": "Eva"})
    assert lying_open([("solna", sealed, None)], MINE) == "[('solna', '', None)]"
    within = json.dumps({"clinic": "solna", "person": sealed})
    assert lying_open([(within,)], OTHERS, MINE) == """[('{"clinic": "solna", "person": ""}',)]"""
    assert lying_open(MINE.seal(1), MINE) == "", "not even the shortest is left"


def test_what_is_stored_open_is_left_though_it_looks_sealed() -> None:
    looks_sealed = "eva." + "A" * 60
    assert lying_open([(looks_sealed, "eva@example.org")], MINE) == f"[('{looks_sealed}', 'eva@example.org')]"
    foreign = OTHERS.seal("Eva")
    assert lying_open(foreign, MINE) == foreign, "whose key is not here could be anything"
