"""Second steps: which codes still count, and what stands for the app (PRODUCT C4)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.staff.model.two_step import TwoStep, new_recovery_codes, plain_code

NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
THIS = int(NOW.timestamp()) // 30


def test_c4_a_code_counts_in_its_half_minute_and_those_beside_it() -> None:
    """RFC 6238, 5.2: clocks of telephones are some seconds off."""
    assert TwoStep("a", "sealed").steps(NOW) == [THIS - 1, THIS, THIS + 1]


def test_c4_no_code_works_twice_nor_one_from_before_it() -> None:
    used = TwoStep("a", "sealed").used(THIS)
    assert used.confirmed
    assert used.steps(NOW) == [THIS + 1]
    assert used.steps(NOW + timedelta(seconds=30)) == [THIS + 1, THIS + 2]


def test_c4_ten_codes_stand_for_the_app_and_none_is_like_another() -> None:
    codes = [code for _ in range(50) for code in new_recovery_codes()]
    assert len(new_recovery_codes()) == 10
    assert len(set(codes)) == len(codes)
    assert all(len(plain_code(code)) * 5 >= 50 for code in codes), "five bits in each sign"
    assert not {sign for code in codes for sign in code} & set("01OIl")


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("123 456", "123456"), ("۱۲۳۴۵۶", "123456"), (" 7k3m9–qx2vt ", "7K3M9QX2VT"), ("\u2066123456\u2069", "123456")],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str, plain: str) -> None:
    assert plain_code(typed) == plain


def test_c4_no_secret_shows_where_a_second_step_is_written_out() -> None:
    assert "sealed" not in repr(TwoStep("a", "sealed"))
