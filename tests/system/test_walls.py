"""Who may do what: every RPC method, every HTTP call and every page of the console, tried by everybody who might (C1).

The tables stand in `tests/system/walls.py` and `page_walls.py`; `tests/unit/services/test_walls.py` fails where one is
missing there.
"""

import re
from itertools import count
from typing import Any

import pytest
import requests

from gateway.access.browser.staff_cookie import COOKIE
from gateway.api.operation import PLACEHOLDER, Operation, operations_in
from gateway.service import ROUTES
from shared.actor import Actor
from shared.contracts.errors import Forbidden, LoginRequired, Refusal
from tests.system.api_client import Client, staff
from tests.system.clinics import at, in_days
from tests.system.house import called, lived_in
from tests.system.installation import Installation, wait_until
from tests.system.page_walls import ABOUT_A_PATIENT, CLINIC_PAGES, PAGES, THINGS, Form
from tests.system.walls import (
    CALLS,
    COLLEAGUE,
    EVERYBODY,
    HEAD,
    METHODS,
    NOBODY,
    OWN_ACCOUNT,
    OWN_CALLS,
    PASSWORD,
    THERAPIST,
    House,
    named,
)

_numbers = count(1)
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
"""What stands in a page's address for what it names."""


def test_c1_every_method_lets_in_whom_it_is_for_and_nobody_else(house: House) -> None:
    found = {}
    for name, (who, made) in METHODS.items():
        args, fields = made(house)
        order = sorted(house.actors, key=lambda each: each in who)  # those who are let in may change what others try
        let_in = {each for each in order if _is_let_in(house, house.actors[each], name, args, fields)}
        found[name] = "".join(each for each in EVERYBODY if each in let_in)
    assert found == {name: "".join(each for each in EVERYBODY if each in who) for name, (who, _) in METHODS.items()}


def test_c1_every_call_lets_in_whom_its_method_does(house: House) -> None:
    clients = {each: staff(house.clinic.public.url, house.emails[each], PASSWORD) for each in OWN_ACCOUNT}
    clients |= {NOBODY: Client(house.clinic.public.url)}
    found, expected = {}, {}
    for operation in (each for each in operations_in(ROUTES) if each.staff):
        name = named(operation)
        who = METHODS[CALLS[name]][0] if name in CALLS else OWN_CALLS[name]
        expected[name] = "".join(each for each in OWN_ACCOUNT if each in who)
        order = sorted(clients, key=lambda each: each in who)
        let_in = {each for each in order if _is_answered(house, clients[each], operation)}
        found[name] = "".join(each for each in EVERYBODY if each in let_in)
    assert found == expected


def test_c1_every_page_and_form_of_the_console_lets_in_whom_it_is_for_and_nobody_else(house: House) -> None:
    cookies = {each: _cookie(house, each) for each in OWN_ACCOUNT} | {NOBODY: ""}
    found, expected = {}, {}
    for name, (who, query, made) in PAGES.items():
        form = made(house) if callable(made) else made
        order = sorted(cookies, key=lambda each: each in who)
        shut = {each for each in order if _is_shut(house, cookies[each], name, query, form, is_meant=each in who)}
        expected[name] = "".join(each for each in EVERYBODY if each in who)
        found[name] = "".join(each for each in EVERYBODY if each in cookies and each not in shut)
    assert found == expected


@pytest.mark.parametrize("page", ABOUT_A_PATIENT)
def test_c1_no_page_shows_a_therapist_a_colleague_s_patient_for_whom_it_is_asked(house: House, page: str) -> None:
    query = f"?patient={house.things['patient']}"
    shut = {
        each
        for each in (THERAPIST, COLLEAGUE, HEAD)
        if _is_shut(house, _cookie(house, each), f"GET {CLINIC_PAGES}{page}", query, {}, is_meant=True)
    }
    assert shut == {COLLEAGUE}


def test_c1_lists_show_therapists_their_own_and_nothing_of_colleagues(house: House) -> None:
    here = f"/staff/clinics/{house.clinic.key}"
    anna, bo = (staff(house.clinic.public.url, house.emails[each], PASSWORD) for each in (THERAPIST, COLLEAGUE))
    lists = ("patients", "messages", "bookings", "needs", "watch-list")
    for path in lists:
        assert anna.get(f"{here}/{path}")[path.replace("-", "_")], path
        assert bo.get(f"{here}/{path}")[path.replace("-", "_")] == [], path
    known = anna.get(f"{here}/patients")["patients"][0]["id"]
    wanted = {"type": "visit", "start": at(in_days(9), "10:00"), "practitioner": "bo", "patient": {"id": known}}
    assert bo.post(f"{here}/bookings", wanted).status == 403, "who is a colleague's patient is not booked, and so seen"
    assert bo.get(f"{here}/patients")["patients"] == []
    theirs = {"patient": house.things["patient"]}
    wait_until(lambda: anna.get(f"{here}/messages", **theirs)["messages"], "it is known to whom they went")
    assert bo.get(f"{here}/messages", **theirs)["messages"] == []
    away = {"practitioner": "anna", "from": in_days(40).isoformat(), "to": in_days(41).isoformat(), "reason": "Private"}
    assert house.clinic.desk("POST", "absences", away).status == 201
    seen = [[each["reason"] for each in who.get(f"{here}/absences", limit=200)["absences"]] for who in (anna, bo)]
    assert "Private" in seen[0]
    assert "Private" not in seen[1]


def test_c1_recalls_cards_and_counts_are_a_therapist_s_own(house: House) -> None:
    year, week, _ = in_days(9).isocalendar()

    def told(who: str) -> list[Any]:
        def ask(method: str, **fields: Any) -> Any:
            return called(house, house.actors[who], f"booking.{method}", house.clinic.key, **fields)

        return [
            [each["reference"] for each in ask("recalls")["recalls"]],
            [each["id"] for each in ask("recall_cards", week=f"{year}-W{week:02d}")["cards"]],
            ask("watch_list_count")["open"],
        ]

    recall = house.things["recall"]
    assert told(THERAPIST) == told(HEAD) == [[recall], [recall], 1]
    assert told(COLLEAGUE) == [[], [], 0]


@pytest.fixture
def house(deployed_installation: Installation) -> House:
    """Return a clinic that has been lived in, of which a test may use up what it wants."""
    return lived_in(deployed_installation)


def _is_let_in(house: House, actor: Actor, name: str, args: tuple[Any, ...], fields: dict[str, Any]) -> bool:
    """Tell whether a call is refused for another reason than who makes it, or not at all."""
    try:
        called(house, actor, name, *args, **fields)
    except (Forbidden, LoginRequired):
        return False
    except Refusal:
        return True
    return True


def _is_answered(house: House, client: Client, operation: Operation) -> bool:
    """Tell whether a call over HTTP is refused for another reason than who makes it, or not at all."""
    name = named(operation)
    args, fields = METHODS[CALLS[name]][1](house) if name in CALLS else ((), {})
    ids = [value for value in args if value != house.clinic.key]
    reference = house.things["recall" if "card.pdf" in name else "reference"]
    of_house = {"clinic": house.clinic.key, "reference": reference, "revision": "1"}
    values = {**of_house, **dict.fromkeys(("id", "name"), next(iter(ids), ""))}
    path = PLACEHOLDER.sub(lambda found: values[found[1]], operation.url).removeprefix("/v1")
    sent = {name: value for name, value in fields.items() if name not in of_house}
    if operation.method == "GET":
        response = client.session.get(f"{client.url}/v1{path}", params=sent, headers=_bearer(client), timeout=60)
    else:
        body = sent.get("document", sent)
        response = client.session.request(
            operation.method, f"{client.url}/v1{path}", json=body, headers=_bearer(client), timeout=60,
            params={"session": "none"} if path == "/staff/sessions" else None,
        )  # fmt: skip
    assert response.status_code < 500, response.text
    if response.status_code == 403:
        return False
    return response.status_code != 401 or response.json()["code"] != "login_required"


def _cookie(house: House, who: str) -> str:
    """Return what the browser shows in which somebody has signed in."""
    return f"{COOKIE}={staff(house.clinic.public.url, house.emails[who], PASSWORD).token}"


def _is_shut(house: House, cookie: str, name: str, query: str, form: Form, *, is_meant: bool) -> bool:
    """Tell whether a page leads to signing in or is refused; who is not meant may be told that there is none, too."""
    method, _, address = name.partition(" ")
    url = house.clinic.public.url
    response = requests.request(
        method, f"{url}{_address(house, address)}{query}", data=form, allow_redirects=False, timeout=60,
        headers={"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
    )  # fmt: skip
    assert response.status_code < 500, (name, response.text)
    if response.status_code == 303:
        return response.headers["Location"].startswith("/staff/-/sign-in")
    return response.status_code == 403 or (response.status_code == 404 and not is_meant)


def _address(house: House, address: str) -> str:
    """Return the address of a page about what is the therapist's."""
    below = address.removeprefix(CLINIC_PAGES)
    thing = next((house.things[name] for start, name in THINGS.items() if below.startswith(start)), "nowhere")
    values = {
        "clinic": house.clinic.key,
        "place": "logo",
        "number": "0",
        "revision": "1",
        "name": "anna",
        "hash": "0",
        "rest": "nowhere",
        "part": "types",
        "item": "-new",
    }
    return PLACE.sub(lambda found: values.get(found[1], thing), address)


def _bearer(client: Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"} if client.token else {}
