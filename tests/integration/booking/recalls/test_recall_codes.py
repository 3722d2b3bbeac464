"""What a card's code opens, with what shows whose it is (PRODUCT M2)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.actor import Actor
from shared.contracts.errors import Gone, Invalid, NeedExpired, NoOpenNeed, WrongLogin
from shared.links import need_token
from tests.builders.booking.world import CLINIC, KEYS, STAFF, START, a_need
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import FIRST, HALF_HOUR, known


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code[:4]}{code[5:]}"]
)
@pytest.mark.parametrize("number", ["19121212-1212", "191212121212", "121212+1212"])
def test_number_and_code_open_the_booking_however_they_are_written(calls: Calls, write: Any, number: str) -> None:
    calls.world.change_document(identity="se.personnummer")
    made = calls.recall()
    opened = calls.open_recall(national_id=number, code=write(made["code"]))
    assert calls.open(opened["manage_token"])["booking"]["reference"] == made["reference"]


def test_letters_that_look_like_digits_are_read_as_digits(calls: Calls) -> None:
    """Crockford's base32 has neither O nor I nor L."""
    for start in range(40):
        code = calls.recall(start=(START + start * HALF_HOUR).isoformat())["code"]
        misread = code.replace("0", "o").replace("1", "l" if start % 2 else "I")
        assert calls.open_recall(birth_date="1912-12-12", code=misread)["manage_token"]


@pytest.mark.parametrize(
    "typed",
    [
        {"national_id": "20100101-2390"}, {"national_id": "19121212-1213"}, {"birth_date": "1912-12-12"},
        {"national_id": "nonsense"},
    ],
)  # fmt: skip
def test_another_s_number_opens_nothing_and_tells_nothing(calls: Calls, typed: dict[str, str]) -> None:
    """Also a birth date, where the clinic asks for numbers."""
    calls.world.change_document(identity="se.personnummer")
    code = calls.recall()["code"]
    with pytest.raises(WrongLogin):
        calls.open_recall(code=code, **typed)


@pytest.mark.parametrize("code", ["0000-0000", "7K3M", "7K3M-9QX2-7", "\u0660\u0660\u0660\u0660-0000", "U"])
def test_a_wrong_code_opens_nothing(calls: Calls, code: str) -> None:
    calls.recall()
    with pytest.raises(WrongLogin):
        calls.open_recall(birth_date="1912-12-12", code=code)


@pytest.mark.parametrize(
    "fields",
    [{"code": "7K3M9QX2"}, {"birth_date": "1912-12-12"}, {"code": "", "birth_date": "1912-12-12"},
     {"code": "7K3M9QX2", "birth_date": "x"}, {"code": "7K3M9QX2", "national_id": " "}, {"code": 1, "national_id": "1"},
     {"code": "7K3M9QX2", "birth_date": "1912-12-12", "clinic": "solna"}],
)  # fmt: skip
def test_code_and_number_must_be_given(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.open_recall(**fields)


def test_patients_without_a_number_type_their_birth_date(calls: Calls) -> None:
    calls.world.change_document(identity="se.personnummer")
    known(calls, identity=None)
    assert calls.open_recall(birth_date="1912-12-12", code=calls.recall()["code"])["manage_token"]


def test_a_corrected_birth_date_opens_what_is_sent_again(calls: Calls) -> None:
    calls.hear(a_need(person={"birth_date": "1980-05-18"}))
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    calls.hear(a_need(version=2))
    assert calls.issue(need=FIRST)["issued"][0]["code"] == code
    assert calls.open_recall(birth_date="1980-05-17", code=code)["need"] == FIRST
    with pytest.raises(WrongLogin):
        calls.open_recall(birth_date="1980-05-18", code=code)


def test_the_code_of_a_need_opens_the_need_and_then_its_booking(calls: Calls) -> None:
    calls.hear(a_need())
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    opened = calls.open_recall(birth_date="1980-05-17", code=code)
    assert opened == {"token": need_token(KEYS.link, FIRST), "clinic": CLINIC, "need": FIRST}
    actor = Actor(kind="patient", clinic=CLINIC, need=FIRST)
    booked = calls.book(actor, need=FIRST)
    assert calls.open_recall(birth_date="1980-05-17", code=code) == {"manage_token": booked["manage_token"]}
    calls.cancel(booked["manage_token"])
    assert calls.open_recall(birth_date="1980-05-17", code=code) == opened


def new_link(calls: Calls, reference: str) -> str:
    """Make a booking's link void, and return the token of its new one."""
    return str(calls.by(STAFF).new_link(CLINIC, reference)["manage_token"])


def test_c13_a_code_that_was_given_out_does_not_open_the_new_link(calls: Calls) -> None:
    calls.world.change_document(identity="se.personnummer")
    made = calls.recall()
    token = new_link(calls, made["reference"])
    with pytest.raises(WrongLogin):
        calls.open_recall(national_id="191212121212", code=made["code"])
    again = calls.issue(reference=made["reference"])["issued"][0]["code"]
    assert again != made["code"]
    assert calls.cards(id=made["reference"])[0]["code"] == again
    assert calls.open_recall(national_id="191212121212", code=again) == {"manage_token": token}


def test_c13_nor_does_the_code_of_the_need_that_the_booking_uses(calls: Calls) -> None:
    calls.hear(a_need())
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    booked = calls.book(Actor(kind="patient", clinic=CLINIC, need=FIRST), need=FIRST)
    token = new_link(calls, booked["reference"])
    with pytest.raises(WrongLogin):
        calls.open_recall(birth_date="1980-05-17", code=code)
    calls.cancel(token)
    again = calls.issue(need=FIRST)["issued"][0]["code"]
    assert again != code
    assert calls.open_recall(birth_date="1980-05-17", code=again)["need"] == FIRST


def test_the_code_of_a_need_that_is_over_says_whom_to_call(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 0}}])
    calls.hear(a_need())
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    calls.world.now = datetime(2026, 12, 6, 22, 59, tzinfo=START.tzinfo)
    assert calls.open_recall(birth_date="1980-05-17", code=code)["need"] == FIRST
    calls.world.now += timedelta(minutes=1)
    with pytest.raises(NeedExpired) as refused:
        calls.open_recall(birth_date="1980-05-17", code=code)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.hear(a_need(version=2, state="closed"))
    with pytest.raises(NoOpenNeed) as refused:
        calls.open_recall(birth_date="1980-05-17", code=code)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"


def test_a_cancelled_recall_opens_as_its_link_does_until_thirty_days_after(calls: Calls) -> None:
    made = calls.recall()
    calls.cancel_as_staff(STAFF, made["reference"])
    typed = {"birth_date": "1912-12-12", "code": made["code"]}
    assert calls.open(calls.open_recall(**typed)["manage_token"])["booking"]["status"] == "cancelled"
    calls.world.now = START + HALF_HOUR + timedelta(days=30)
    with pytest.raises(Gone):
        calls.open_recall(**typed)
