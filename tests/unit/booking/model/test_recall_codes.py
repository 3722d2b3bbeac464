"""The codes of recalls: written for people, read however people write (PRODUCT M2)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.model.recalls import (
    Recall,
    RecallChannel,
    holder_of,
    holders_typed,
    lookup_of,
    new_code,
    read_code,
    shown_code,
    unreachable,
)
from shared.contracts.people import Identity
from tests.builders.booking.people import somebody

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER = Identity("se.personnummer", "191212121212")
BORN = date(1912, 12, 12)
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@given(st.text(SIGNS, min_size=8, max_size=8), st.data())
def test_a_code_is_read_however_it_is_written(code: str, data: st.DataObject) -> None:
    """Lower case, gaps of any kind anywhere, and the letters that Crockford's base32 leaves out for their likeness."""
    look_alike = {"0": "0Oo", "1": "1IiLl"}
    written = "".join(
        data.draw(st.sampled_from(look_alike.get(sign, sign + sign.lower())))
        + data.draw(st.sampled_from(["", " ", "-", "–", "\u00a0"]))
        for sign in code
    )
    assert read_code(written) == code
    assert read_code(shown_code(code)) == code


@pytest.mark.parametrize("typed", ["", "7K3M9QX", "7K3M9QX22", "7K3M9QXU", "7K3M/9QX2", "٧K3M9QX2", "7K3M9QX2\n"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_codes_have_eight_random_signs() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {8}
    assert {sign for code in codes for sign in code} == set(SIGNS)


@pytest.mark.parametrize(
    ("person", "asks_for_number", "holder"),
    [
        ({"identity": NUMBER, "birth_date": BORN}, True, "se.personnummer:191212121212"),
        ({"identity": NUMBER, "birth_date": BORN}, False, "1912-12-12"),
        ({"identity": None, "birth_date": BORN}, True, "1912-12-12"),
        ({"identity": None, "birth_date": None}, True, None),
    ],
)
def test_a_code_goes_with_the_number_or_else_with_the_birth_date(
    person: dict[str, Any], asks_for_number: bool, holder: str | None
) -> None:
    assert holder_of(somebody(**person), asks_for_number=asks_for_number) == holder


def test_a_typed_number_is_read_by_every_scheme_whose_rule_it_keeps() -> None:
    """No clinic is named: what is nobody's number finds nothing, and that is all that is told."""
    assert "se.personnummer:191212121212" in holders_typed("19121212-1212", None)
    assert holders_typed("12345", None) == []
    assert holders_typed(None, date(1912, 12, 12)) == ["1912-12-12"]
    assert holders_typed(None, None) == []


def test_a_lookup_tells_neither_code_nor_number_and_differs_by_each() -> None:
    found = {
        lookup_of(key, holder, code)
        for key in ("a", "b") for holder in ("1912-12-12", "1912-12-13") for code in ("00000000", "00000001")
    }  # fmt: skip
    assert len(found) == 8
    assert all(len(lookup) == 64 for lookup in found)


@pytest.mark.parametrize(
    ("channel", "person", "holder", "reason"),
    [
        ("sms", {"mobile": "+46701234567", "sms_ok": True}, None, None),
        ("sms", {"mobile": "+46701234567", "sms_ok": None}, None, None),
        ("sms", {"mobile": "+46701234567", "sms_ok": False}, None, "no_consent"),
        ("sms", {"mobile": None, "sms_ok": True}, None, "no_mobile"),
        ("sms", {"mobile": "+4684650041", "sms_ok": True}, None, "no_mobile"),
        ("sms", {"mobile": "+989123456789", "sms_ok": True}, None, "no_mobile"),
        ("email", {"email": "m@example.org"}, None, None),
        ("email", {"email": "m@example.org", "email_ok": False}, None, "no_consent"),
        ("email", {"mobile": "+46701234567"}, None, "no_email"),
        ("card", {}, "1912-12-12", None),
        ("card", {}, None, "no_identity"),
    ],
)
def test_a_recall_says_why_it_does_not_reach_somebody(
    channel: RecallChannel, person: dict[str, Any], holder: str | None, reason: str | None
) -> None:
    assert unreachable(channel, somebody(**person), holder, {"SE"}) == reason


def test_what_went_out_is_counted_and_what_did_not_is_not() -> None:
    made = Recall("id", "solna", None, "1" * 32, "sealed", None, 0, (), NOW, None)
    nothing = made.issued_by((), "lookup", NOW)
    assert (nothing.issued, nothing.channels, nothing.issued_at, nothing.lookup) == (0, (), None, "lookup")
    twice = nothing.issued_by(("card",), "lookup", NOW).issued_by(("sms",), "other", NOW)
    assert (twice.issued, twice.channels, twice.issued_at, twice.lookup) == (2, ("sms", "card"), NOW, "other")
