"""Lists come in pages whose cursors lead on, and nothing else does (CONTRACTS 2)."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.contracts.errors import Invalid
from shared.incoming.paging import page, read_cursor, write_cursor

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "shown", "onward"),
    [([], [], None), ([1, 2], ["1", "2"], None), ([1, 2, 3], ["1", "2"], "after 2")],
)
def test_a_page_leads_on_where_one_row_more_was_found(rows: list[int], shown: list[str], onward: str | None) -> None:
    assert page("rows", rows, 2, show=str, cursor=lambda row: f"after {row}") == {"rows": shown, "next": onward}


def test_a_cursor_says_after_which_moment_and_key_the_list_goes_on() -> None:
    assert read_cursor(write_cursor(NOON, "7K3M9PQR2T")) == (NOON, "7K3M9PQR2T")
    assert read_cursor(write_cursor(NOON.astimezone(timezone(timedelta(hours=3))), "A")) == (NOON, "A")
    assert read_cursor(None) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "", "!", "é", "WzEsMl0", "e30", write_cursor(NOON.replace(tzinfo=None), "A"), write_cursor(NOON, "a b"),
        write_cursor(NOON, "é"), write_cursor(NOON, ""), base64.urlsafe_b64encode(b"[1").decode(),
        write_cursor(datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "A"),
        write_cursor(datetime.fromisoformat("9999-12-31T23:59:59-14:00"), "A"),
    ],
)  # fmt: skip
def test_what_no_list_gave_is_no_cursor(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_cursor(cursor)
    assert list(refused.value.extra["errors"]) == ["cursor"]
