"""What was sent stays for ever: neither staff's lists nor what forgets login codes reads through all of it (N6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from services.notification.model import DELIVERED, FAILED, LOGIN_CODE, SENT, STATES, WITHDRAWN
from services.notification.store import NotificationStore, messages
from shared.bus.unit_of_work import UnitOfWork
from tests.integration.notification.test_reminder_queries import a_message
from tests.unit.notification.builders import NOW

Work = UnitOfWork[NotificationStore]
ROWS = 3_000


@pytest.fixture
def filled(work: Work) -> Work:
    """Return a store of many messages, most of them delivered, and of many login codes that are forgotten."""
    rows = []
    for number in range(ROWS):
        row = asdict(a_message(number, {7: FAILED, 8: WITHDRAWN, 9: SENT}.get(number % 500, DELIVERED)))
        is_code = number % 2 == 0 and row["state"] == DELIVERED
        rows.append(
            {**row, "created_at": NOW - timedelta(minutes=number), "event": LOGIN_CODE if is_code else "booked"}
        )
    with work() as store:
        store.connection.execute(insert(messages), rows)
    with work.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return work


@contextmanager
def statements(work: Work) -> Iterator[list[tuple[str, Any]]]:
    """Collect what goes to the database."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(work.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(work.database.engine, "before_cursor_execute", note)


def plan(store: NotificationStore, statement: str, values: Any, explain: str) -> str:
    """Return how the database reads for a statement."""
    return "\n".join(str(row) for row in store.connection.exec_driver_sql(f"{explain} {statement}", values))


@pytest.mark.parametrize("state", STATES)
def test_n6_messages_of_one_state_are_found_by_an_index(filled: Work, state: str) -> None:
    wanted = {"clinic": "solna", "booking": None, "state": state, "channel": None}
    explain = "EXPLAIN QUERY PLAN" if filled.database.is_sqlite else "EXPLAIN"
    with filled() as store, statements(filled) as asked:
        store.page(wanted, None, 51, failed_first=True, with_codes=False)
        plans = [plan(store, statement, values, explain) for statement, values in list(asked)]
    for each in plans:
        by_state = ("state=?" if filled.database.is_sqlite else "((state)::text =") in each
        assert by_state or "ix_messages_failed" in each or "ix_messages_planned" in each, each
        assert not any(scan in each for scan in ("SCAN messages", "Seq Scan on messages")), each


def test_b14_codes_that_are_forgotten_are_not_looked_at_again(filled: Work) -> None:
    explain = "EXPLAIN QUERY PLAN" if filled.database.is_sqlite else "EXPLAIN ANALYZE"
    with filled() as store, statements(filled) as asked:
        assert store.erase_codes(NOW - timedelta(days=1), "sealed") == 0
        plans = [plan(store, statement, values, explain) for statement, values in list(asked)]
    assert len(plans) == 2
    assert "ix_messages_codes" in plans[1]
    assert "Rows Removed by Filter" not in "".join(plans), plans
