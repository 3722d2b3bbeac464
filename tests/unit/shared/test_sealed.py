"""Personal data under lock (DESIGN rule 9)."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from shared.sealed import Sealer, Unsealable, keyed_hash
from shared.settings import new_seal_key


def test_what_is_sealed_opens_again_and_cannot_be_read_meanwhile() -> None:
    """A3: identity numbers are encrypted at rest."""
    sealer = Sealer(new_seal_key())
    sealed = sealer.seal({"number": "19900101-2384", "name": "Åsa 𐍈"})
    assert sealer.open(sealed) == {"number": "19900101-2384", "name": "Åsa 𐍈"}
    assert sealed.isascii()
    assert "19900101" not in sealed


def test_the_same_value_never_seals_to_the_same_text() -> None:
    sealer = Sealer(new_seal_key())
    assert sealer.seal("x") != sealer.seal("x")


def test_keys_rotate() -> None:
    """DESIGN rule 9: two keys are accepted at a time, the newest seals."""
    old, new = new_seal_key(), new_seal_key()
    sealed_before = Sealer(old).seal("x")
    both = Sealer(f"{new},{old}")
    assert both.open(sealed_before) == "x"
    assert Sealer(new).open(both.seal("y")) == "y"
    with pytest.raises(Unsealable, match="not among the accepted"):
        Sealer(new).open(sealed_before)


def test_processes_with_the_keys_in_either_order_read_each_other_while_one_restarts_after_the_other() -> None:
    old, new = new_seal_key(), new_seal_key()
    steps = [Sealer(old), Sealer(f"{old},{new}"), Sealer(f"{new},{old}")]
    for before, after in pairwise(steps):
        assert before.open(after.seal("later")) == "later"
        assert after.open(before.seal("earlier")) == "earlier"
    with pytest.raises(Unsealable, match="not among the accepted"):
        Sealer(old).open(Sealer(f"{new},{old}").seal("in front at once"))


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-4], lambda text: text.swapcase(), lambda text: text[:10], lambda t: "é"]
)
def test_a_damaged_text_is_refused(spoil: Callable[[str], str]) -> None:
    sealer = Sealer(new_seal_key())
    with pytest.raises(Unsealable):
        sealer.open(spoil(sealer.seal({"a": 1})))


def test_a_sealed_text_under_another_keys_name_is_refused() -> None:
    first, second = new_seal_key(), new_seal_key()
    body = Sealer(first).seal("x").partition(".")[2]
    name = second.partition(":")[0]
    with pytest.raises(Unsealable, match="damaged"):
        Sealer(f"{first},{second}").open(f"{name}.{body}")


@pytest.mark.parametrize("keys", ["", " , ", "k1", "k1:", ":AAAA", "k1:AAAA", "k1:not base64!"])
def test_a_bad_key_is_named_as_such(keys: str) -> None:
    with pytest.raises(ValueError, match="frontdesk keys"):
        Sealer(keys)


@pytest.mark.parametrize("name", ["k.1", 'k"1', "k\\1", "k\t1", "kö"])
def test_a_name_that_what_is_sealed_would_not_be_found_by_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="frontdesk keys"):
        Sealer(f"{name}:{'A' * 43}=")


def test_a_number_is_looked_up_by_a_hash_that_only_the_key_makes() -> None:
    assert keyed_hash("key", "se.personnummer", "1") == keyed_hash("key", "se.personnummer", "1")
    assert keyed_hash("key", "se.personnummer", "1") != keyed_hash("other", "se.personnummer", "1")
    assert keyed_hash("key", "a", "bc") != keyed_hash("key", "ab", "c")
