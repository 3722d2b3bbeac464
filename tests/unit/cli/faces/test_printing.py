"""What commands print: tables for people, nothing that speaks to their terminal (PRODUCT C5)."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.faces import printing
from cli.faces.printing import column, moment, said, show_fields, show_rows

ROOT = Path(__file__).parents[4]
TABLE = """
from cli.faces.printing import column, show_rows
show_rows((column("reference"), column("comment")), [{"reference": "7K3M9QX2VT", "comment": "word " * 40}],
          nothing="")
"""


def test_what_patients_wrote_cannot_speak_to_the_terminal_and_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows((column("comment"),), [{"comment": "\x1b]0;owned\x07 [red]late[/red] \u202eback"}], nothing="")
    show_fields([("comment", "\x1b[2J"), ("nothing", None)])
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "[red]late[/red]" in printed
    assert "\u202e" not in printed
    assert "nothing" not in printed


def test_a_list_that_holds_nothing_says_so_and_one_that_goes_on_says_it_beside(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_rows((column("name"),), [], nothing="There is no such patient.")
    show_rows((column("name"),), [{"name": "Eva"}], nothing="", more=True)
    out, err = capsys.readouterr()
    assert out == "There is no such patient.\nname\nEva\n"
    assert err == "There is more than these 1: --all shows everything.\n"


@pytest.mark.parametrize("width", [80, 200])
def test_a_table_is_as_wide_as_the_terminal_and_breaks_no_name_that_is_copied(width: int) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(width), "TERM": "xterm"}
    subprocess.run([sys.executable, "-c", TABLE], cwd=ROOT, env=environment, stdout=theirs, check=True, timeout=60)
    os.close(theirs)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", os.read(ours, 65536).decode())
    os.close(ours)
    lines = shown.splitlines()
    assert max(map(len, lines)) <= width
    assert shown.count("word") == 40, "none is cut off"
    assert max(map(len, lines)) > width - len("word "), "and it is as wide as it may be"
    assert "7K3M9QX2VT" in lines[1]


def test_where_a_terminal_is_too_narrow_spare_columns_go_and_then_each_row_is_by_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = (column("reference"), column("mobile", spare=True), column("comment"))
    row = {"reference": "7K3M9QX2VT", "mobile": "+46701740605", "comment": "word " * 5}
    shown = {}
    for width in (60, 30, 26):
        monkeypatch.setattr(printing, "_width", lambda width=width: width)
        show_rows(columns, [row, row], nothing="")
        shown[width] = capsys.readouterr().out
    assert "+46701740605" in shown[60].splitlines()[1]
    assert "mobile" not in shown[30]
    assert shown[30].startswith("reference   comment\n7K3M9QX2VT  word word")
    assert shown[26].startswith("reference  7K3M9QX2VT\nmobile     +46701740605\n")
    assert shown[26].count("\n\n") == 1, "a row by itself, and the next one"


def test_where_nobody_looks_a_row_is_a_line_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows((column("comment"),), [{"comment": "word " * 100}], nothing="")
    assert capsys.readouterr().out.splitlines() == ["comment", ("word " * 100).strip()]


def test_values_are_said_as_people_say_them() -> None:
    assert [said(value) for value in (None, True, False, [], ["a", None], {"a": 1})] == [
        "-", "yes", "no", "-", "a, -", "a: 1",
    ]  # fmt: skip
    assert moment("2026-12-01T14:00:00+01:00") == "Tue 2026-12-01 14:00"
    assert moment(None) is None


def test_n2_spaces_that_break_no_line_stay_and_isolates_of_persian_leave_no_mark() -> None:
    assert said("45\u00a0min, 850\u202fkr") == "45\u00a0min, 850\u202fkr"
    assert said("می\u200cآیید \u2066+98 21\u2069") == "می\u200cآیید +98 21"
