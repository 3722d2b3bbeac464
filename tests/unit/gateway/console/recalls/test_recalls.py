"""Needs and recalls in the console: given, booked, sent, printed, and what became of each (PRODUCT R1, R2, R3)."""

import re
from typing import Any

import pytest

from shared.contracts.errors import Invalid
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.console import Browser
from tests.builders.gateway.paper import ROW
from tests.builders.gateway.world import World

AT = "/staff/solna/recalls"
PATIENT = {
    "id": "p" * 32, "first_name": "Maja", "last_name": "Ek", "mobile": "+46701740605", "email": None, "identity": None,
    "birth_date": "1980-05-17", "mobile_unconfirmed": True, "email_unconfirmed": False, "version": 1,
}  # fmt: skip
NEED = {
    "id": "1" * 32, "patient": PATIENT["id"], "type": "exam", "practitioner": "anna", "minutes": 45,
    "week": "2026-W49", "state": "open", "usable_until": "2027-01-10", "booking": None,
}  # fmt: skip
MADE = {
    "need": NEED["id"], "reference": None, "patient": PATIENT["id"], "first_name": "Maja", "last_name": "Ek",
    "mobile": "+46701740605", "email": None, "type": "exam", "practitioner": "anna", "minutes": 45,
    "week": "2026-W49", "start": None, "issued": 1, "issued_at": "2026-11-23T09:05:00+01:00",
    "channels": ["sms", "card"], "reach": ["sms", "card"],
}  # fmt: skip
BOOKED = {**MADE, "need": None, "reference": "7K3M9QX2VT", "start": "2026-12-01T14:00:00+01:00", "channels": ["email"]}
FATE = {"recall": NEED["id"], "channel": "sms", "state": "failed", "at": "2026-11-23T09:05:00+01:00", "reason": None}


@pytest.fixture
def desk(world: World) -> Browser:
    """Return an administrator at a clinic that calls Maja in."""
    open_clinic(world)
    world.patient.answers |= {
        "needs": {"needs": [NEED], "next": None},
        "find": {"patients": [PATIENT], "next": None},
        "get": PATIENT,
        "add_need": {**NEED, "unconfirmed": []},
        "close_need": NEED,
    }
    world.booking.answers |= {
        "recalls": lambda _clinic, **asked: {"recalls": [MADE] if asked.get("needs") else [], "next": None},
        "issue_recalls": {"issued": [{"need": NEED["id"], "reference": None, "code": None}], "not_sent": []},
        "recall": {"reference": "7K3M9QX2VT", "code": None, "not_sent": [], "unconfirmed": []},
        "recall_cards": {"cards": [], "next": None},
    }
    world.notification.answers["of_recalls"] = {"messages": [FATE]}
    slot = {"start": "2026-12-01T14:00:00+01:00", "end": "2026-12-01T14:45:00+01:00", "practitioners": ["anna"]}
    world.availability.answers["free_slots"] = {"slots": [{**slot, "outside_online": []}]}
    return Browser(world)


def called(desk: Browser, service: str, name: str) -> list[dict[str, Any]]:
    """Return with what fields a method was called."""
    return [call.fields for call in getattr(desk.world, service).calls if call.name == name]


@pytest.mark.parametrize("which", ["due", "overdue", "booked", "expired"])
def test_r3_each_list_shows_who_for_what_when_and_what_became_of_it(desk: Browser, which: str) -> None:
    html = desk.get(f"{AT}?list={which}").text
    for shown in ("Maja Ek", "Anna Berg", "week 49", "failed", "no email", f"{AT}/{NEED['id']}/card.pdf"):
        assert shown in html
    assert called(desk, "patient", "needs")[0]["list"] == which


def test_r3_booked_recalls_without_a_need_are_among_the_booked(desk: Browser) -> None:
    desk.world.patient.answers["needs"] = {"needs": [], "next": None}
    desk.world.booking.answers["recalls"] = {"recalls": [BOOKED], "next": None}
    desk.world.notification.answers["of_recalls"] = {"messages": []}
    assert "Tuesday 1 December 2026 at 14:00" in desk.get(f"{AT}?list=booked").text


def test_r3_booked_recalls_beyond_the_first_page_are_reached_and_needs_follow_the_last(desk: Browser) -> None:
    other = {**BOOKED, "reference": "8K3M9QX2VT", "first_name": "Ida"}
    pages = {
        None: {"recalls": [BOOKED], "next": "2026-12-01T13:00:00+00:00 7K3M9QX2VT"},
        "2026-12-01T13:00:00+00:00 7K3M9QX2VT": {"recalls": [other], "next": None},
    }
    desk.world.booking.answers["recalls"] = lambda _clinic, **asked: (
        {"recalls": [MADE], "next": None} if asked.get("needs") else pages[asked.get("cursor")]
    )
    desk.world.notification.answers["of_recalls"] = {"messages": []}
    first = desk.get(f"{AT}?list=booked").text
    assert rows_of(first) == [BOOKED["reference"]]
    more = first.split('class="button quiet" href="')[-1].split('"')[0].replace("&amp;", "&")
    last = desk.get(more).text
    assert rows_of(last) == [other["reference"], NEED["id"]]
    assert ">More<" not in last


def rows_of(html: str) -> list[str]:
    """Return of what recalls a page has rows, by reference or need."""
    return re.findall(r'<tr data-(?:need|reference)="(\w+)"', html)


def test_r3_a_need_of_which_booking_has_not_heard_yet_is_listed_all_the_same(desk: Browser) -> None:
    desk.world.booking.answers["recalls"] = {"recalls": [], "next": None}
    needs = [{**NEED, "id": str(number) * 32} for number in range(3)]
    desk.world.patient.answers["needs"] = {"needs": needs, "next": None}
    html = desk.get(AT).text
    assert html.count("<tr data-") == 3
    assert "Maja Ek" in html
    assert html.count("Not sent yet") == 3
    assert called(desk, "patient", "find") == [{"ids": [PATIENT["id"]]}], "one call, however many there are"
    assert called(desk, "patient", "get") == [], "a list opens nobody's record (A3)"


def test_c1_of_a_need_for_anybody_a_therapist_sees_no_name_of_a_colleague_s_patient(desk: Browser) -> None:
    desk.world.booking.answers["recalls"] = {"recalls": [], "next": None}
    desk.world.patient.answers["find"] = {"patients": [], "next": None}
    page = desk.get(AT)
    assert page.status_code == 200
    assert "Maja Ek" not in page.text


def test_r3_a_need_whose_time_the_clinic_has_booked_is_one_row(desk: Browser) -> None:
    used = {**NEED, "state": "used", "booking": BOOKED["reference"]}
    desk.world.patient.answers["needs"] = {"needs": [used], "next": None}
    desk.world.booking.answers["recalls"] = {"recalls": [BOOKED], "next": None}
    desk.world.notification.answers["of_recalls"] = {"messages": []}
    html = desk.get(f"{AT}?list=booked").text
    assert html.count("<tr data-") == 1
    assert f'data-reference="{BOOKED["reference"]}"' in html


def test_r1_a_need_is_given_to_a_patient_who_is_found_without_their_name_in_an_address(desk: Browser) -> None:
    assert "For whom" in desk.get(f"{AT}/need").text
    found = desk.post(f"{AT}/need/who", {"search": "Ek"}).text
    assert f"{AT}/need?patient={PATIENT['id']}" in found
    assert "Maja" not in desk.post(f"{AT}/need/who", {"search": ""}).text, "nothing typed is nobody looked for"
    assert len(called(desk, "patient", "find")) == 1
    form = desk.get(f"{AT}/need?patient={PATIENT['id']}").text
    assert "+46701740605" in form, "what the clinic has not confirmed is asked for"
    sent = {
        "patient": PATIENT["id"], "type": "exam", "practitioner": "anna", "minutes": "45", "week": "2026-W49",
        "confirm": "mobile",
    }  # fmt: skip
    assert desk.post(f"{AT}/need", sent).status_code == 303
    (given,) = called(desk, "patient", "add_need")
    assert given == {**sent, "minutes": 45, "confirm": ["mobile"]}


def test_what_is_wrong_with_a_need_is_said_at_its_field(desk: Browser) -> None:
    wrong = "This practitioner does not offer this type of appointment."
    desk.world.patient.answers["add_need"] = Invalid.because("x", errors={"practitioner": [wrong]})
    answer = desk.post(f"{AT}/need", {"patient": PATIENT["id"], "type": "exam", "week": "2026-W50"})
    assert answer.status_code == 422
    assert wrong in answer.text
    assert '<option value="2026-W50" selected>' in answer.text


def test_r1_a_time_is_booked_for_a_patient_and_they_are_called_in(desk: Browser) -> None:
    asked = f"{AT}/booked?patient={PATIENT['id']}&type=exam&practitioner=anna&date=2026-12-01"
    assert 'value="2026-12-01T14:00:00+01:00"' in desk.get(asked).text
    sent = {
        "patient": PATIENT["id"], "type": "exam", "practitioner": "anna", "start": "2026-12-01T14:00:00+01:00",
        "send": ["sms", "card"],
    }  # fmt: skip
    assert desk.post(f"{AT}/booked", sent).status_code == 303
    assert called(desk, "booking", "recall") == [{**sent, "confirm": []}]


def test_c7_a_recall_may_be_given_a_time_that_patients_do_not_see(desk: Browser) -> None:
    (slot,) = desk.world.availability.answers["free_slots"]["slots"]
    late = {
        **slot,
        "start": "2026-12-01T17:00:00+01:00",
        "end": "2026-12-01T17:45:00+01:00",
        "outside_online": ["anna"],
    }
    desk.world.availability.answers["free_slots"] = {"slots": [slot, late]}
    html = desk.get(f"{AT}/booked?patient={PATIENT['id']}&type=exam&practitioner=anna&date=2026-12-01").text
    assert f'value="{late["start"]}"' in html
    assert html.count("not on the web") == 1


def test_r2_one_recall_is_sent_or_all_of_a_week(desk: Browser) -> None:
    desk.post(f"{AT}/send", {"need": NEED["id"], "send": "sms"})
    desk.post(f"{AT}/send", {"week": "2026-W49", "send": ["sms", "email", "card"], "list": "due"})
    assert called(desk, "booking", "issue_recalls") == [
        {"need": NEED["id"], "send": ["sms"]},
        {"week": "2026-W49", "send": ["sms", "email", "card"]},
    ]


def test_what_is_to_go_out_by_no_way_at_all_is_not_sent_and_the_list_says_so(desk: Browser) -> None:
    answer = desk.post(f"{AT}/send", {"week": "2026-W49", "list": "overdue"})
    assert answer.location == f"{AT}?list=overdue&done=no_way"
    assert called(desk, "booking", "issue_recalls") == []
    assert "Nothing was sent: choose at least one way." in desk.get(answer.location).text


def test_a_need_is_taken_back(desk: Browser) -> None:
    assert desk.post(f"{AT}/needs/{NEED['id']}/close", {"list": "due"}).location == f"{AT}?list=due&done=closed"


def test_r2_a_week_s_cards_that_one_file_does_not_hold_are_printed_by_several(desk: Browser) -> None:
    pages = {
        "1": {"cards": [ROW] * 3, "next": 2},
        "2": {"cards": [ROW] * 3, "next": 3},
        "3": {"cards": [ROW], "next": None},
    }
    desk.world.booking.answers["recall_cards"] = lambda _clinic, **asked: pages[asked["page"]]
    page = desk.get(f"{AT}/cards.pdf?week=2026-W49").text
    files = re.findall(r'href="([^"]*cards[.]pdf[^"]*)" [^>]*>([^<]*)<', page)
    assert [said for _, said in files] == ["Cards 1–3", "Cards 4–6", "Cards 7–7"]
    for address, _ in files:
        assert desk.get(address.replace("&amp;", "&")).mimetype == "application/pdf"


def test_r2_where_no_card_was_sent_there_is_nothing_to_print(desk: Browser) -> None:
    assert desk.get(f"{AT}/cards.pdf?week=2026-W49").status_code == 404
