"""What was sent stays for ever: neither staff's lists nor what forgets login codes reads through all of it (N6)."""

import re
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from services.notification.model.messages import DELIVERED, FAILED, SENT, STATES, WITHDRAWN
from services.notification.store import NotificationStore, messages, metadata
from shared.bus.events.unit_of_work import UnitOfWork
from shared.clinic.message_keys import LOGIN_CODE
from shared.storage.database import Database
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import a_message
from tests.integration.migrated import emptied
from tests.integration.notification.store_contract.messages import noted
from tests.integration.statements import look_at_rows, plans, statements

pytestmark = pytest.mark.both_databases

Work = UnitOfWork[NotificationStore]
ROWS = 3_000


@pytest.fixture(scope="module")
def filled(database: Database) -> Work:
    """Return a store of many messages, most of them delivered, and of many login codes that are forgotten.

    As many are solna's as each of two other clinics'.
    """
    rows = [
        {**asdict(a_message(number, DELIVERED)), "clinic": clinic, "created_at": NOW - timedelta(minutes=number)}
        for number in range(ROWS)
        for clinic in ("lund", "umea")
    ]
    for number in range(ROWS):
        row = asdict(a_message(number, {7: FAILED, 8: WITHDRAWN, 9: SENT}.get(number % 500, DELIVERED)))
        is_code = number % 2 == 0 and row["state"] == DELIVERED
        rows.append(
            {**row, "created_at": NOW - timedelta(minutes=number), "event": LOGIN_CODE if is_code else "booked"}
        )
    work = UnitOfWork(emptied(database, metadata), NotificationStore)
    with work() as store:
        store.connection.execute(insert(messages), rows)
    look_at_rows(database)
    return work


@pytest.mark.parametrize("state", STATES)
def test_n6_messages_of_one_state_are_found_by_an_index(filled: Work, state: str) -> None:
    wanted = {"clinic": "solna", "booking": None, "state": state, "channel": None}
    with filled.reading() as store, statements(filled.database) as asked:
        store.page(wanted, None, 51, failed_first=True, with_codes=False)
    assert asked
    for each in plans(filled.database, asked):
        by_state = ("state=?" if filled.database.is_sqlite else "((state)::text =") in each
        assert by_state or "ix_messages_failed" in each or "ix_messages_planned" in each, each
        assert not any(scan in each for scan in ("SCAN messages", "Seq Scan on messages")), each


@pytest.mark.parametrize("calendar", [None, "anna"])
def test_n6_failed_messages_are_counted_by_an_index(filled: Work, calendar: str | None) -> None:
    with filled.reading() as store, statements(filled.database) as asked:
        store.count_failed("solna", 100, calendar=calendar)
    (plan,) = plans(filled.database, asked)
    assert "ix_messages_failed" in plan or "ix_messages_state" in plan
    assert not any(scan in plan for scan in ("SCAN messages", "Seq Scan on messages")), plan


NONE = {"clinic": None, "booking": None, "state": None, "channel": None}
LISTS = [
    ({"clinic": "solna"}, "ix_messages_clinic"),
    ({"clinic": "solna", "channel": "sms"}, "ix_messages_clinic"),
    ({"clinic": "solna", "booking": "R000000007"}, "ix_messages_booking"),
    ({}, "ix_messages_created_at"),
]


@pytest.mark.parametrize("deep", [False, True], ids=["first page", "deep page"])
@pytest.mark.parametrize(("narrowed", "index"), LISTS, ids=str)
def test_n6_no_list_of_messages_reads_through_all_of_them(
    filled: Work, narrowed: dict[str, str], index: str, deep: bool
) -> None:
    wanted = {**NONE, **narrowed}
    with filled.reading() as store:
        after = store.page(NONE, None, ROWS // 2, failed_first=False, with_codes=True)[-1] if deep else None
        with statements(filled.database) as asked:
            store.page(wanted, after, 51, failed_first="clinic" in narrowed, with_codes=False)
    *of_failed, of_others = plans(filled.database, asked)
    assert index in of_others, of_others
    for each in (*of_failed, of_others):
        assert not re.search(r"Seq Scan on messages|SCAN messages(?! USING INDEX)", each), each
    if index != "ix_messages_booking":
        assert not re.search(r"Sort|TEMP B-TREE", of_others), of_others
        here = "(created_at,id)<" if filled.database.is_sqlite else "(ROW(created_at, (id)::text) < ROW("
        assert (here in of_others) is deep, of_others


def test_n6_what_few_messages_have_is_found_by_an_index_of_those_few(filled: Work) -> None:
    with filled() as store, statements(filled.database) as asked:
        store.is_known(["SM1", "SM2"])
        store.resend_waits("a" * 32)
        store.withdraw_recalls(["r1", "r2"], NOW)
        store.withdraw_of_bookings(["R000000007"], NOW)
    provider, resent, recalls, of_booking = plans(filled.database, asked)
    assert "ix_messages_with_provider_id" in provider, provider
    assert "ix_messages_with_recall" in recalls, recalls
    for each in (provider, resent, recalls, of_booking):
        assert not any(scan in each for scan in ("SCAN messages", "SCAN newer", "Seq Scan on messages")), each


def test_b14_codes_that_are_forgotten_are_not_looked_at_again(filled: Work) -> None:
    with filled() as store, statements(filled.database) as asked:
        assert store.erase_codes(NOW - timedelta(days=1), "sealed") == 0
    found = plans(filled.database, asked, postgresql="EXPLAIN ANALYZE")
    assert len(found) == 2
    assert "ix_messages_codes" in found[1]
    assert "Rows Removed by Filter" not in "".join(found), found


def test_what_went_to_one_address_lately_is_counted_by_an_index(filled: Work) -> None:
    """What patients were told is counted as messages are written, and so are changes that a booking's messages told."""
    with filled() as store, statements(filled.database) as asked:
        store.add(
            replace(a_message(0, DELIVERED), clinic="umea", recipient="one of few"), since=NOW - timedelta(days=1)
        )
        noted(store, "7K3M9PQR2T", 2, "anna", NOW - timedelta(hours=1))
    to_address, of_booking = plans(filled.database, asked)
    assert "ix_messages_recipient" in to_address, to_address
    assert "ix_messages_booking" in of_booking, of_booking
