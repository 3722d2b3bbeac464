"""What is printed on a recall's card, and for whom (PRODUCT M2)."""

import pytest

from services.booking.handlers.recalls import cards
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from shared.links import need_of
from tests.builders.booking.world import KEYS, PUBLIC, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import BO, FIRST, SECOND, known


def test_a_card_shows_what_the_patient_needs_to_reach_the_booking(calls: Calls) -> None:
    visit = {"key": "visit", "name": "B", "alias": {"sv": "Undersökning", "en": "Examination"}, "length": "30m"}
    calls.world.change_document(types=[visit])
    made = calls.recall(send=["card"])
    token = calls.open_recall(birth_date="1912-12-12", code=made["code"])["manage_token"]
    card = {
        "id": made["reference"],
        "code": made["code"],
        "link": f"https://booking.example/m/{token}",
        "page": "https://booking.example/recall",
        "first_name": "Maja",
        "last_name": "Lund",
        "type": "Undersökning",
        "practitioner": "Anna Berg",
        "start": "2026-12-01T14:00:00+01:00",
        "week": "2026-W49",
        "usable_until": None,
        "language": "sv",
    }
    assert calls.cards(id=made["reference"]) == calls.cards(week="2026-W49") == [card]


def test_a_card_of_a_need_opens_the_need(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 7}}])
    calls.hear(a_need())
    code = calls.issue(need=FIRST, send=["card"])["issued"][0]["code"]
    (card,) = calls.cards(id=FIRST)
    assert need_of(KEYS.links, card["link"].rpartition("/")[2]) == FIRST
    shown = {name: card[name] for name in ("code", "practitioner", "start", "week", "usable_until")}
    assert shown == {
        "code": code, "practitioner": None, "start": None, "week": "2026-W49", "usable_until": "2026-12-13",
    }  # fmt: skip


def test_a_week_s_cards_are_those_that_were_issued_on_cards(calls: Calls) -> None:
    for id in (FIRST, SECOND):
        calls.hear(a_need(id))
    calls.issue(need=FIRST, send=["sms"])
    calls.issue(need=SECOND, send=["sms", "card"])
    assert [card["id"] for card in calls.cards(week="2026-W49")] == [SECOND]
    assert calls.cards(week="2026-W50") == []


def test_a_week_of_many_cards_is_printed_page_by_page(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """R2: no card is left out and none comes twice."""
    monkeypatch.setattr(cards, "CARDS_AT_ONCE", 2)
    ids = [f"{number:032x}" for number in range(5)]
    for id in ids:
        calls.hear(a_need(id))
    calls.issue(week="2026-W49", send=["card"])
    pages = [calls.page_of_cards(week="2026-W49", page=page) for page in (1, 2, 3, 4)]
    assert [[card["id"] for card in page["cards"]] for page in pages] == [ids[:2], ids[2:4], ids[4:], []]
    assert [page["next"] for page in pages] == [2, 3, None, None]
    assert calls.page_of_cards(week="2026-W50") == {"cards": [], "next": None}
    for query in ({"week": "2026-W49", "page": 0}, {"week": "2026-W49", "page": "two"}, {"id": ids[0], "page": 1}):
        with pytest.raises(Invalid):
            calls.cards(**query)


@pytest.mark.parametrize("id", ["f" * 32, "0" * 10, "x", FIRST])
def test_without_a_recall_there_is_no_card(calls: Calls, id: str) -> None:
    calls.hear(a_need())
    with pytest.raises(NotFound):
        calls.cards(id=id)


def test_a_code_that_would_open_nothing_is_not_printed(calls: Calls) -> None:
    """The clinic knows neither number nor birth date; the email's link opens the booking all the same."""
    known(calls, identity=None, birth_date=None)
    made = calls.recall(send=["email", "card"])
    assert (made["code"], made["not_sent"]) == (None, [{"channel": "card", "reason": "no_identity"}])
    assert calls.cards(week="2026-W49") == []
    with pytest.raises(NotFound):
        calls.cards(id=made["reference"])


def test_cards_are_staff_s_and_a_therapist_s_own(calls: Calls) -> None:
    made = calls.recall(send=["card"])
    with pytest.raises(Forbidden):
        calls.cards(BO, id=made["reference"])
    assert calls.cards(BO, week="2026-W49") == []
    with pytest.raises(LoginRequired):
        calls.cards(PUBLIC, week="2026-W49")
    for query in ({}, {"week": "2026-W49", "id": FIRST}, {"week": "now"}):
        with pytest.raises(Invalid):
            calls.cards(**query)
