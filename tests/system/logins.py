"""Patients who log in by a code, each at an address of their own, and what they do then."""

from itertools import count
from typing import Any

from tests.system.api_client import Answer, Client
from tests.system.clinics import OwnClinic
from tests.system.installation import wait_until
from tests.system.outbox import codes_to
from tests.system.people import a_patient

_addresses = count(1)
_people = count(5000)


def somebody(clinic: OwnClinic) -> Client:
    """Return a client in a network of its own, so that no test spends another's tries."""
    number = next(_addresses)
    client = Client(clinic.public.url)
    client.session.headers["X-Forwarded-For"] = f"198.{18 + number // 250}.{number % 250}.7"
    return client


def a_swede(**changes: Any) -> dict[str, Any]:
    """Return a new person with a Swedish number."""
    return a_patient("se.personnummer", "SE", next(_people), **changes)


def ask(client: Client, clinic: OwnClinic, mobile: str, **fields: Any) -> str:
    """Ask for a code and return it."""
    before = len(codes_to(client.url, mobile))
    answer = client.post(f"/clinics/{clinic.key}/login-codes", {"mobile": mobile, **fields})
    assert (answer.status, answer.body) == (202, None), answer
    wait_until(lambda: len(codes_to(client.url, mobile)) > before, "the code is in the outbox")
    return codes_to(client.url, mobile)[0]


def log_in(clinic: OwnClinic, mobile: str, **fields: Any) -> Client:
    """Return a client who has logged in."""
    client = somebody(clinic)
    body = {"mobile": mobile, **fields, "code": ask(client, clinic, mobile, **fields)}
    answer = client.post(f"/clinics/{clinic.key}/logins", body)
    assert answer.status == 201, answer
    client.token = answer["token"]
    return client


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refused(answer: Answer, status: int, code: str) -> Answer:
    """Check that a call was refused for this reason and no other."""
    assert (answer.status, answer["code"]) == (status, code), answer
    return answer


def book(client: Client, clinic: OwnClinic, start: str, patient: dict[str, Any], **fields: Any) -> Answer:
    """Book a visit in somebody's name."""
    return client.post(
        f"/clinics/{clinic.key}/bookings", {"type": "visit", "start": start, "patient": patient, **fields}
    )


def mine(client: Client, clinic: OwnClinic) -> list[dict[str, Any]]:
    """Return one's own bookings."""
    answer = client.get(f"/clinics/{clinic.key}/my/bookings")
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer["bookings"]
    return found


def known(clinic: OwnClinic, last_name: str) -> str:
    """Wait for the record of a patient, and return its id."""

    def found() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = clinic.desk("GET", "patients", q=last_name)["patients"]
        return rows

    wait_until(found, "the patient's record is made")
    return str(found()[0]["id"])
