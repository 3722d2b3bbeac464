"""`frontdesk_client`, as other teams copy it: what its tokens prove, how it reads refusals, what it stands on (C5)."""

import ast
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nameko.exceptions import MethodNotFound

from frontdesk_client import Events, Fault, Refused, SqliteNotes, make_token
from frontdesk_client.refusals import raised
from shared.actor import Actor, verify
from shared.bus.calls.serving import error_body
from shared.contracts.errors import REFUSALS, Forbidden, Refusal
from tests.unit.import_rules.source import ROOT, imports

PACKAGE = ROOT / "client/frontdesk_client"
OLDEST = (3, 9)
KEY = "k" * 32
NOW = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_c5_it_imports_nothing_but_pika_and_runs_on_old_pythons(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    ast.parse(source, feature_version=OLDEST)
    names = imports(f"frontdesk_client.{path.stem}", source)
    needed = {"cryptography"} if path.stem == "persons" else {"pika", "frontdesk_client"}
    assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, *needed}
    assert not any(name.startswith("frontdesk_client.persons") for name in names), "only who reads persons needs it"


def test_c5_its_token_proves_the_tool_while_it_holds_and_nothing_longer() -> None:
    token = make_token("till", KEY, 60, NOW.timestamp())
    keys = {"tool-till": [KEY], "tool-bank": [KEY], "house": [KEY]}
    assert verify(token, keys, NOW) == Actor("tool", "till")
    with pytest.raises(Forbidden, match="too old"):
        verify(make_token("till", KEY, 60, NOW.timestamp() - 61), keys, NOW)
    with pytest.raises(Forbidden, match="not signed"):
        verify(make_token("till", "another key", 60, NOW.timestamp()), keys, NOW)
    with pytest.raises(Forbidden, match="not signed"):
        verify(token.replace("tool-till.", "house."), keys, NOW)
    with pytest.raises(ValueError, match="an hour at most"):
        make_token("till", KEY, 3601)


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=lambda each: each.code)
def test_c5_it_reads_the_code_and_what_goes_with_every_refusal(refusal: type[Refusal]) -> None:
    error = json.loads(json.dumps(error_body(refusal.because("A sentence.", errors={"start": ["Too late."]}))))
    read = raised(error, "c")
    assert isinstance(read, Refused)
    assert (read.code, read.detail, read.extra) == (refusal.code, "A sentence.", {"errors": {"start": ["Too late."]}})
    assert isinstance(raised(error_body(refusal()), "c"), Refused)


def test_c5_a_defect_is_told_from_a_refusal_and_named_by_its_correlation_id() -> None:
    read = raised(error_body(ZeroDivisionError("division by zero")), "c-4711")
    assert isinstance(read, Fault)
    assert (read.kind, read.correlation_id) == ("ZeroDivisionError", "c-4711")


def test_c5_a_method_that_the_service_does_not_know_has_a_code_of_its_own() -> None:
    read = raised(error_body(MethodNotFound("bok")), "c")
    assert isinstance(read, Refused)
    assert read.code == "method_not_found"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("BookingCreated", "is no event: write the service, a dot"),
        ("booking.", "is no event"),
        ("booking.BookingMade", "booking publishes no 'BookingMade' that this package knows, but BookingCreated, "),
    ],
)
def test_c5_an_event_that_nobody_publishes_is_not_waited_for(event: str, said: str, tmp_path: Path) -> None:
    notes = SqliteNotes(str(tmp_path / "heard.sqlite3"))
    with pytest.raises(ValueError, match=said):
        Events("amqp://localhost/", "till", ["booking.BookingCreated", event], notes)
    notes.database.close()


def test_c5_what_is_written_with_a_note_is_kept_once_or_not_at_all(tmp_path: Path) -> None:
    path = str(tmp_path / "heard.sqlite3")
    notes = SqliteNotes(path)
    notes.database.execute("CREATE TABLE booked (reference TEXT)")

    def act(event: str, *, breaks: bool = False) -> bool:
        with notes.once(event) as is_new:
            if is_new:
                notes.database.execute("INSERT INTO booked VALUES (?)", (event,))
            if breaks:
                raise ZeroDivisionError
        return is_new

    with pytest.raises(ZeroDivisionError):
        act("a", breaks=True)
    assert [act("a"), act("a"), act("b")] == [True, False, True]
    notes.database.close()
    again = SqliteNotes(path)
    with again.once("a") as is_new:
        assert not is_new, "it is known after a restart"
    assert again.database.execute("SELECT reference FROM booked").fetchall() == [("a",), ("b",)]
    again.database.close()
