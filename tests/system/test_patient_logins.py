"""Patients who prove their mobile by a code, and what that opens: the whole way from outside (PRODUCT B14, B9, M7)."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.system.api_client import Client
from tests.system.clinics import PHONE, OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import wait_until
from tests.system.logins import a_swede, ask, book, known, log_in, mine, refused, somebody, wrong

DAY = in_days(8)
WITH_LOGIN = {"without_login": False}

Make = Callable[..., OwnClinic]


@pytest.fixture
def make(public: Client, administrator: Client) -> Make:
    """Return what sets up a clinic for this test alone."""
    return lambda *blocks, **changes: own_clinic(public, administrator, *blocks, **changes)


def test_b14_where_a_login_is_wanted_the_mobile_is_proven_first_and_then_books(make: Make) -> None:
    clinic = make(booking=WITH_LOGIN)
    person = a_person()
    anonymous = somebody(clinic)
    refused(book(anonymous, clinic, at(DAY, "08:00"), person), 401, "login_required")
    assert clinic.starts(DAY), "times are shown to everybody"

    patient = log_in(clinic, person["mobile"])
    other = refused(book(patient, clinic, at(DAY, "08:00"), {**person, "mobile": "+46701749998"}), 422, "invalid")
    assert list(other["errors"]) == ["patient.mobile"]
    held = patient.post(f"/clinics/{clinic.key}/holds", {"type": "visit", "start": at(DAY, "08:00")})
    booked = book(patient, clinic, at(DAY, "08:00"), person, hold=held["hold"])
    assert booked.status == 201, booked
    assert known(clinic, person["last_name"])
    wait_until(lambda: mine(patient, clinic), "the booking is the patient's")

    assert patient.call("DELETE", f"/clinics/{clinic.key}/logins").status == 204
    refused(patient.get(f"/clinics/{clinic.key}/my/bookings"), 401, "login_required")
    refused(book(patient, clinic, at(DAY, "09:00"), person), 401, "login_required")


def test_b14_a_stranger_may_log_in_and_a_hidden_mobile_is_the_proven_one(make: Make) -> None:
    clinic = make(booking=WITH_LOGIN, details={"mobile": "hidden"})
    person = a_person()
    mobile = person.pop("mobile")
    patient = log_in(clinic, mobile)
    assert mine(patient, clinic) == []

    booked = book(patient, clinic, at(DAY, "08:00"), person)

    assert booked.status == 201, booked
    assert clinic.desk("GET", f"bookings/{booked['reference']}")["patient"]["mobile"] == mobile


@pytest.mark.both_forms
def test_m7_a_login_shows_ones_bookings_and_changes_them_under_the_same_rules(make: Make) -> None:
    clinic = make(booking={"cancel_deadline": "30d"})
    person = a_person()
    booked = book(clinic.public, clinic, at(DAY, "08:00"), person)
    book(clinic.public, clinic, at(DAY, "08:30"), a_person())
    known(clinic, person["last_name"])
    patient = log_in(clinic, person["mobile"])
    wait_until(lambda: mine(patient, clinic), "the booking is linked to its patient")

    (row,) = mine(patient, clinic)
    assert (row["reference"], row["manage_token"]) == (booked["reference"], booked["manage_token"])
    assert row["patient"] == {"first_name": person["first_name"], "last_name": person["last_name"]}
    assert row["may"]["rebook"]["allowed"] is True
    assert (row["may"]["cancel"]["allowed"], row["may"]["cancel"]["reason"]) == (False, "too_late")
    assert "INTERNAL" not in str(row)

    late = refused(clinic.link(row["manage_token"], "cancel"), 409, "too_late")
    assert PHONE in late["detail"]
    assert clinic.link(row["manage_token"], "rebook", {"start": at(DAY, "10:00")}).status == 200
    assert [each["start"] for each in mine(patient, clinic)] == [at(DAY, "10:00")]


def test_people_on_one_telephone_see_each_others_bookings_unless_the_login_names_one(make: Make) -> None:
    """A parent who books for a child; CONTRACTS 1, Patients; two-step login asks for the number (B14)."""
    clinic = make(identity="se.personnummer", two_step={"patients": False})
    parent = a_swede()
    child = a_swede(mobile=parent["mobile"])
    for start, person in (("08:00", parent), ("08:30", child)):
        assert book(clinic.public, clinic, at(DAY, start), person).status == 201
        known(clinic, person["last_name"])
    family = log_in(clinic, parent["mobile"])
    wait_until(lambda: len(mine(family, clinic)) == 2, "both are linked")

    clinic.apply(identity="se.personnummer", two_step={"patients": True})
    for call, more in (("login-codes", {}), ("logins", {"code": "123456"})):
        without = somebody(clinic).post(f"/clinics/{clinic.key}/{call}", {"mobile": parent["mobile"], **more})
        assert list(refused(without, 422, "invalid")["errors"]) == ["national_id"]
    alone = log_in(clinic, parent["mobile"], national_id=child["national_id"])
    assert [row["patient"]["last_name"] for row in mine(alone, clinic)] == [child["last_name"]]
    stranger = log_in(clinic, parent["mobile"], national_id=a_swede()["national_id"])
    assert mine(stranger, clinic) == []


@pytest.mark.both_forms
def test_of_two_logins_with_one_code_at_the_same_moment_one_goes_through(make: Make) -> None:
    clinic = make()
    mobile = a_person()["mobile"]
    client = somebody(clinic)
    code = ask(client, clinic, mobile)

    def enter(_: int) -> int:
        return somebody(clinic).post(f"/clinics/{clinic.key}/logins", {"mobile": mobile, "code": code}).status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, range(4))) == [201, 401, 401, 401]


@pytest.mark.both_forms
def test_five_wrong_codes_shut_a_mobile_to_whom_they_come_from_and_to_nobody_else(make: Make) -> None:
    """A stranger's wrong codes void none that a patient has in hand, either."""
    clinic = make()
    mobile, other = a_person()["mobile"], a_person()["mobile"]
    code = ask(somebody(clinic), clinic, mobile)
    login = f"/clinics/{clinic.key}/logins"
    stranger = somebody(clinic)
    for _ in range(5):
        refused(stranger.post(login, {"mobile": mobile, "code": wrong(code)}), 401, "wrong_login")

    refused(stranger.post(login, {"mobile": mobile, "code": code}), 429, "rate_limited")
    assert somebody(clinic).post(login, {"mobile": mobile, "code": code}).status == 201
    assert log_in(clinic, other).token


def test_three_codes_go_to_a_mobile_and_the_last_one_counts(make: Make) -> None:
    clinic = make()
    mobile = a_person()["mobile"]
    client = somebody(clinic)
    codes = [ask(client, clinic, mobile) for _ in range(3)]
    refused(client.post(f"/clinics/{clinic.key}/login-codes", {"mobile": mobile}), 429, "rate_limited")

    login = f"/clinics/{clinic.key}/logins"
    if codes[0] != codes[-1]:
        refused(client.post(login, {"mobile": mobile, "code": codes[0]}), 401, "wrong_login")
    assert client.post(login, {"mobile": mobile, "code": codes[-1]}).status == 201
    assert clinic.desk("GET", "messages")["messages"] == [], "no list of the staff's shows codes"


def test_known_and_unknown_mobiles_are_answered_alike(make: Make) -> None:
    """PRODUCT B14: no hint whether a number is known."""
    clinic = make()
    person = a_person()
    assert book(clinic.public, clinic, at(DAY, "08:00"), person).status == 201
    known(clinic, person["last_name"])

    def asked(mobile: str) -> tuple[Any, ...]:
        url = f"{clinic.public.url}/v1/clinics/{clinic.key}"
        headers = somebody(clinic).session.headers
        answers = (
            requests.post(f"{url}/login-codes", json={"mobile": mobile}, headers=headers, timeout=20),
            requests.post(f"{url}/logins", json={"mobile": mobile, "code": "x"}, headers=headers, timeout=20),
        )
        return tuple(
            (each.status_code, sorted(each.headers.keys()), re.sub("urn:request:[0-9a-f]+", "", each.text))
            for each in answers
        )

    assert asked(person["mobile"]) == asked(a_person()["mobile"])


def test_a_clinic_that_is_off_the_web_sends_no_codes_and_gives_its_number(make: Make) -> None:
    clinic = make(booking={"active": False})
    for call in ("login-codes", "logins"):
        off = somebody(clinic).post(f"/clinics/{clinic.key}/{call}", {"mobile": "nonsense"})
        assert PHONE in refused(off, 422, "booking_off")["detail"]


def test_b9_a_need_is_booked_by_its_patient_after_a_login(make: Make) -> None:
    controlled = {"needs": {"controlled": True}, "practitioners": ["anna"]}
    clinic = make(visit=controlled)
    person = a_person()
    given = clinic.desk(
        "POST", "bookings", {"type": "visit", "practitioner": "anna", "start": at(DAY, "11:30"), "patient": person}
    )
    assert given.status == 201, given
    patient_id = known(clinic, person["last_name"])
    week = f"{DAY:%G-W%V}"
    need = clinic.desk(
        "POST", "needs", {"patient": patient_id, "type": "visit", "practitioner": "anna", "minutes": 60, "week": week}
    )
    assert need.status == 201, need

    patient = log_in(clinic, person["mobile"])
    asked = {"type": "visit", "from": DAY.isoformat(), "to": DAY.isoformat()}
    refused(clinic.public.get(f"/clinics/{clinic.key}/slots", **asked), 401, "login_required")

    def offered() -> list[str]:
        answer = patient.get(f"/clinics/{clinic.key}/slots", **asked)
        return [slot["start"][11:16] for slot in answer["slots"]] if answer.status == 200 else []

    hours = ["08:00", "09:00", "10:00"]  # as long as the need says, and all but what staff have booked
    wait_until(lambda: offered() == hours, "booking knows the need, and the search what is booked")
    listed = patient.get(f"/clinics/{clinic.key}/my/needs")["needs"]
    assert [(row["id"], row["minutes"], row["state"]) for row in listed] == [(need["id"], 60, "open")]

    booked = book(patient, clinic, at(DAY, "09:00"), person, need=need["id"])
    assert (booked.status, booked.body.get("end")) == (201, at(DAY, "10:00")), booked
    stranger = log_in(clinic, a_person()["mobile"])
    no_need = refused(stranger.get(f"/clinics/{clinic.key}/slots", **asked), 422, "no_open_need")
    assert PHONE in no_need["detail"]


JUNK: list[Any] = [
    None, True, 0, -1, 1e308, [], {}, ["x"], {"a": {"b": "c"}}, "", " ", "x" * 5000, "0" * 5000, "+" * 50,
    "'; DROP TABLE recalls", "{{7*7}}", "<script>", "../../etc", "é" * 100, "\u202e0701740605", "²³", "٠٧٠١٧٤٠٦٠٥",
    "1e5", "NaN", "%00", "\U0001f600", "7K3M-9QX2-", "7K3M9QX\u0130", "0000-00-00", "9999-99-99",
]  # fmt: skip


def test_whatever_is_sent_to_logins_and_recalls_is_refused_in_words(make: Make) -> None:
    """Every field of every call holds every kind of junk, and so does the whole body: none is a fault."""
    clinic = make(identity="se.personnummer")
    mobile = {"mobile": "0701740000", "national_id": None}
    calls = {
        f"/clinics/{clinic.key}/login-codes": mobile,
        f"/clinics/{clinic.key}/logins": {**mobile, "code": "123456"},
        "/recalls/open": {"national_id": "198504121230", "code": "7K3M-9QX2"},
        "/recalls/open?": {"birth_date": "1985-04-12", "code": "7K3M-9QX2"},
    }
    for path, body in calls.items():
        for field in body:
            for junk in JUNK:
                answer = somebody(clinic).post(path, {**body, field: junk})
                assert answer.status in {202, 401, 422, 429}, (path, field, junk, answer)
        for junk in JUNK[:9]:
            answer = somebody(clinic).call("POST", path, junk)
            assert answer.status in ({422} if junk in (None, {}, {"a": {"b": "c"}}) else {400}), (path, junk, answer)


def test_odd_pages_and_needs_are_refused_by_name_also_to_who_has_logged_in(make: Make) -> None:
    clinic = make(visit={"needs": {"controlled": True}})
    patient = log_in(clinic, a_person()["mobile"])
    days = {"type": "visit", "from": DAY.isoformat(), "to": DAY.isoformat()}

    for name in ("my/bookings", "my/needs"):
        for odd in ({"limit": "0"}, {"limit": "201"}, {"limit": "1e3"}, {"cursor": "nonsense"}, {"cursor": "é" * 300}):
            told = refused(patient.get(f"/clinics/{clinic.key}/{name}", **odd), 422, "invalid")
            assert list(told["errors"]) == list(odd), (name, odd)
    for odd in ("x", "0" * 33, "0" * 4000, "../need", "é"):
        told = refused(patient.get(f"/clinics/{clinic.key}/slots", **days, need=odd), 422, "invalid")
        assert list(told["errors"]) == ["need"]
    refused(patient.get(f"/clinics/{clinic.key}/slots", **days, need="0" * 32), 422, "no_open_need")
    refused(patient.get(f"/clinics/{clinic.key}/slots", **{**days, "to": "2036-01-01"}), 422, "invalid")
    refused(patient.get(f"/clinics/{clinic.key}/days", **{**days, "type": "no-such-type"}), 422, "invalid")


def test_a_clinic_that_does_not_exist_is_not_found_and_nothing_is_sent(make: Make) -> None:
    client = somebody(make())
    for call, more in (("login-codes", {}), ("logins", {"code": "123456"})):
        answer = client.post(f"/clinics/no-such-clinic/{call}", {"mobile": "+46701740605", **more})
        refused(answer, 404, "not_found")


@pytest.mark.parametrize("token", ["x", "n" * 57, "a b c", "%00", "x" * 4000, "é", "Bearer", "n" + "0" * 32 + "A" * 24])
def test_a_token_that_nobody_gave_out_is_nobody(make: Make, token: str) -> None:
    clinic = make(visit={"needs": {"controlled": True}}, booking=WITH_LOGIN)
    client = somebody(clinic)
    client.session.headers["Authorization"] = f"Bearer {token}".encode("latin-1")
    asked = {"type": "visit", "from": DAY.isoformat(), "to": DAY.isoformat(), "need": "0" * 32}

    for path, query in (("my/bookings", {}), ("my/needs", {"limit": "x"}), ("slots", asked), ("days", asked)):
        refused(client.get(f"/clinics/{clinic.key}/{path}", **query), 401, "login_required")
    refused(client.call("DELETE", f"/clinics/{clinic.key}/logins"), 401, "login_required")
    refused(book(client, clinic, at(DAY, "08:00"), a_person(), need="0" * 32), 401, "login_required")
