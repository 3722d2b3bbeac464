"""Ids of what the services make."""

import pytest

from shared.ids import is_id, new_id


def test_a_new_id_is_one_and_nobody_elses() -> None:
    made = {new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(map(is_id, made))


@pytest.mark.parametrize("text", [None, 5, "", "a" * 31, "a" * 33, "A" * 32, "g" * 32, "a" * 32 + "\n", ["a" * 32]])
def test_nothing_else_is_an_id(text: object) -> None:
    assert not is_id(text)
