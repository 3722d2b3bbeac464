"""What is sealed is found by the name of its key, whatever that is (PRODUCT A3, ADR 54)."""

import json

import pytest

from shared.sealed import Sealer
from shared.storage.keys.resealing import names_in

SECRET = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


@pytest.mark.parametrize("name", ["k1", "key of 2026", "a/b|c", "(new)", "x" * 40])
def test_a_text_is_found_under_every_name_that_a_key_may_have(name: str) -> None:
    """Or its key would be said to be needed by nothing."""
    sealed = Sealer(f"{name}:{SECRET}").seal("")
    for text in (sealed, f"sealed:{sealed}", json.dumps({"a": [None, sealed], "b": f"sealed:{sealed}"})):
        assert set(names_in(text)) == {name}
    assert names_in(f"{name}. Somebody wrote this.") == {}
