"""What `frontdesk keys` says of keys: which may go, and as gauges (PRODUCT A3, ADR 54, ADR 59)."""

from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.keys.key import Key
from cli.keys.metrics import exposition
from shared.lookups import named

NEEDED, KEPT = Counter({"patient.patients": 3}), Counter({"histories": 7})


@pytest.mark.parametrize(
    ("key", "may_go"),
    [
        (Key("LOOKUP_KEY", "a", True), False),
        (Key("LOOKUP_KEY", "a", False), True),
        (Key("LOOKUP_KEY", "a", False, NEEDED), False),
        (Key("LOOKUP_KEY", "a", False, kept=KEPT), True),
        (Key("FORMER_LOOKUP_KEYS", "a", False, kept=KEPT), False),
        (Key("FORMER_LOOKUP_KEYS", "a", False), True),
        (Key("EVENT_KEYS", "a", False, NEEDED), False),
    ],
)
def test_a3_a_key_may_go_when_nothing_needs_it_where_it_stands(key: Key, may_go: bool) -> None:
    assert key.may_go is may_go


def test_a3_what_is_left_is_told_as_gauges_and_none_of_the_newest() -> None:
    keys = [Key("LOOKUP_KEY", "new", True, NEEDED), Key("LOOKUP_KEY", "old", False, NEEDED, KEPT)]
    done = [Key("EVENT_KEYS", "gone", False)]
    families = text_string_to_metric_families(exposition([*keys, *done]))
    told = {
        (each.name, *(each.labels[name] for name in ("setting", "key", "place"))): each.value
        for family in families
        for each in family.samples
    }
    assert told == {
        ("frontdesk_keys_left", "LOOKUP_KEY", "old", "patient.patients"): 3,
        ("frontdesk_keys_kept", "LOOKUP_KEY", "old", "histories"): 7,
        ("frontdesk_keys_left", "EVENT_KEYS", "gone", ""): 0,
        ("frontdesk_keys_kept", "EVENT_KEYS", "gone", ""): 0,
    }


def test_a3_keys_of_lookups_have_names_that_tell_nothing_of_them() -> None:
    one, two = "1" * 32, "2" * 32
    (first, second) = named([one, two])
    assert first != second
    assert [*named([two, one])] == [second, first]
    assert first.startswith("lookup-")
    assert len(first) == len("lookup-") + 8
    assert not {"1" * 8, "2" * 8} & {first[-8:], second[-8:]}
