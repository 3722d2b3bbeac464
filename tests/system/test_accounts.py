"""The accounts of the people who work at a clinic, from outside: the whole way by email (PRODUCT C1, C4)."""

import re
from collections.abc import Callable
from html import unescape
from itertools import count

import pytest

from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, own_clinic
from tests.system.installation import wait_until
from tests.system.outbox import outbox

FIRST, SECOND = "the first one of hers", "the second one of hers"
_people = count(1)

Make = Callable[..., OwnClinic]


@pytest.fixture
def make(public: Client, administrator: Client) -> Make:
    """Return what sets up a clinic for this test alone."""
    return lambda *blocks, **changes: own_clinic(public, administrator, *blocks, **changes)


def links_to(url: str, email: str) -> list[str]:
    """Return the tokens of the links that were sent to somebody, newest first, as the outbox shows them."""
    listed = re.findall(r'<a class="choice" href="(/outbox/\w+)">(.*?)</a>', outbox(url, "/outbox"), re.DOTALL)
    letters = [unescape(outbox(url, f"{path}/letter")) for path, row in listed if email in row]
    return [found[1] for letter in letters if (found := re.search(r"/staff/-/password/(\w[\w-]+)", letter))]


def next_link(url: str, email: str, before: int) -> str:
    """Wait for one more link than there were before, and return its token."""
    wait_until(lambda: len(links_to(url, email)) > before, "the link is in the outbox")
    return links_to(url, email)[0]


@pytest.mark.both_forms
def test_c1_c4_a_therapist_is_invited_works_forgets_the_password_and_leaves(make: Make) -> None:
    clinic = make()
    url, email = clinic.public.url, f"anna{next(_people)}@people.example"
    account = {"email": email, "role": "therapist", "practitioner": "anna"}
    added = clinic.desk("POST", "accounts", account)
    assert (added.status, added["state"]) == (201, "invited")

    chosen = Client(url).post(f"/staff/password-resets/{next_link(url, email, 0)}", {"password": FIRST})
    assert chosen.status == 204, chosen
    anna = staff(url, email, FIRST)
    of_clinic = f"/staff/clinics/{clinic.key}"
    assert anna.get(f"{of_clinic}/bookings").status == 200
    assert anna.get(f"{of_clinic}/accounts").status == 403, "the clinic's accounts are its administrators'"
    assert anna.get("/staff/clinics/frenda/bookings").status == 403

    assert Client(url).post("/staff/password-resets", {"email": email.upper()}).status == 202
    token = next_link(url, email, 1)
    assert Client(url).post(f"/staff/password-resets/{token}", {"password": SECOND}).status == 204
    assert anna.get(f"{of_clinic}/bookings").status == 401, "a new password ends all sessions"
    again = staff(url, email, SECOND)
    assert again.get(f"{of_clinic}/bookings").status == 200

    assert clinic.desk("DELETE", f"accounts/{added['id']}").status == 204
    assert again.get(f"{of_clinic}/bookings").status == 401, "at once"
    assert Client(url).post("/staff/logins", {"email": email, "password": SECOND}).status == 401
    listed = clinic.desk("GET", "messages", limit=200)["messages"]
    assert not [each for each in listed if each["to"].casefold() == email], "what lets somebody in is shown to nobody"
