"""Files as tables, and those that are refused: large, packed, endless (PRODUCT C14)."""

import gzip
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.moving_in.file import read_file
from shared.moving_in.table import MOST_ROWS, table_of
from shared.moving_in.unreadable import Unreadable

TODAY = date(2026, 11, 29)


def cells(text: str, delimiter: str | None = None) -> list[tuple[str, ...]]:
    return [row.cells for row in table_of(text, delimiter).rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_c14_the_delimiter_is_told_by_how_regularly_it_divides(delimiter: str) -> None:
    text = "Id;Name;Note".replace(";", delimiter) + '\r\n1;Anna;"a, b; c|d\te"'.replace(
        "1;Anna;", f"1{delimiter}Anna{delimiter}"
    )
    table = table_of(text)
    assert (table.delimiter, table.columns) == (delimiter, ("Id", "Name", "Note"))
    assert table.rows[0].cells == ("1", "Anna", "a, b; c|d\te")


def test_c14_lines_keep_their_numbers_over_empty_ones_and_cells_of_several_lines() -> None:
    table = table_of('Name;Note\r\nAnna;"one\ntwo"\r\n\r\n;\r\nErik\r\n')
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("Anna", "one\ntwo")), (6, ("Erik", ""))]


def test_c14_excels_first_line_says_the_delimiter() -> None:
    table = table_of("sep=|\r\na;b|c\r\n1;2|3\r\n")
    assert (table.columns, table.rows[0].line, table.rows[0].cells) == (("a;b", "c"), 3, ("1;2", "3"))


def test_c14_what_spreadsheets_put_around_numbers_and_formulas_is_taken_off() -> None:
    assert cells("a;b;c\n'0701234567;=\"0012\";'=1+1\n") == [("0701234567", "0012", "=1+1")]


def test_c14_columns_without_a_name_or_of_one_name_are_told_apart() -> None:
    assert table_of("Name;;Name\n1;2;3\n").columns == ("Name", "2", "Name (3)")


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])), min_size=2, max_size=4)
    )
)
def test_c14_any_text_is_read_or_refused_with_a_sentence(rows: list[list[str]]) -> None:
    text = "\n".join(";".join(cells) for cells in rows)
    try:
        table = table_of(text)
    except Unreadable as refused:
        widths, sentence = set(), str(refused)
    else:
        widths, sentence = {len(row.cells) - len(table.columns) for row in table.rows}, "."
    assert (widths <= {0}, sentence[-1]) == (True, ".")


def packed() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 10_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no lines"),
        (b"\r\n\r\n", "no lines"),
        (b"Name;Mobile\r\n", "nothing below"),
        (packed(), "Save as"),
        (gzip.compress(b"a;b\n1;2\n"), "Save as"),
        (b"%PDF-1.7", "Save as"),
        (b"a;b\n" + b"x" * 10_000_000, "too long"),
        (b'a;b\n"' + b"x" * 300_000 + b'";1\n', "too long"),
        (b";".join([b"c"] * 10_000) + b"\n1\n", "100 columns"),
        (b"a;b\n" + b"1;2\n" * (MOST_ROWS + 1), "100 000 lines"),
        (b"x" * (50 * 1024 * 1024 + 1), "too large"),
    ],
    ids=["empty", "blank", "header", "zip", "gzip", "pdf", "line", "cell", "columns", "rows", "bytes"],
)
def test_c14_what_is_too_large_packed_or_empty_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_file(content, TODAY)
