"""A clinic that has been lived in, for tests that try every method on it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from shared.actor import Actor, sign
from shared.bus.client import BlockingClient
from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.installation import Installation, wait_until
from tests.system.walls import COLLEAGUE, OWN_ACCOUNT, PASSWORD, STRANGER, THERAPIST, House, a_week

_numbers = count(1)


def lived_in(running: Installation) -> House:
    """Set up a clinic with two therapists, of whom Anna has a booking, and all that calls name."""
    admin = staff(running.url, "admin@frontdesk.example", running.environment["FRONTDESK_ADMIN_PASSWORD"])
    practitioners = [{"key": "anna", "name": "Anna"}, {"key": "bo", "name": "Bo"}]
    visit = {"key": "visit", "name": "Visit", "length": "30m"}
    types = [visit, {**visit, "key": "checkup", "needs": {"controlled": True}}]
    clinic = own_clinic(Client(running.url), admin, practitioners=practitioners, types=types)
    other = own_clinic(Client(running.url), admin)
    emails = {each: f"{each}{next(_numbers)}.{clinic.key}@people.example" for each in OWN_ACCOUNT}
    roles = {THERAPIST: ("therapist", "anna"), COLLEAGUE: ("therapist", "bo")}
    for each, email in emails.items():
        role, practitioner = roles.get(each, ("administrator", None))
        account = {"email": email, "role": role, "practitioner": practitioner, "password": PASSWORD}
        assert (other if each == STRANGER else clinic).desk("POST", "accounts", account).status == 201
    booked, cancelled = (clinic.book(at(in_days(9), hour), practitioner="anna") for hour in ("08:00", "08:30"))
    clinic.link(cancelled["manage_token"], "cancel")
    anna = staff(running.url, emails[THERAPIST], PASSWORD)
    feed = anna.post(f"/staff/clinics/{clinic.key}/calendar-feeds", {"practitioner": "anna"}).body["id"]
    return House(running, clinic, other.key, emails, {**_things(clinic, booked.body), "feed": feed})


def _things(clinic: OwnClinic, booked: Mapping[str, Any]) -> dict[str, str]:
    """Return what calls name: the booking of Anna's, its patient, and what else there is of them."""
    reference = booked["reference"]

    def patient() -> str | None:
        id: str | None = clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
        return id

    def messages() -> list[Any]:
        found: list[Any] = clinic.desk("GET", "messages", booking=reference)["messages"]
        return found

    def emails() -> list[str]:
        return [each["id"] for each in messages() if (each["channel"], each["audience"]) == ("email", "patient")]

    def watched() -> list[Any]:
        found: list[Any] = clinic.desk("GET", "watch-list")["watch_list"]
        return found

    wait_until(lambda: patient() and emails() and watched(), "what follows a booking")
    wish = {"patient": patient(), "type": "visit", "practitioner": "anna", "week": a_week()}
    called = {**wish, "start": at(in_days(9), "09:00"), "send": ["card"]}
    called.pop("week")
    away = {"practitioner": "anna", "from": in_days(50).isoformat(), "to": in_days(51).isoformat(), "reason": "Away"}
    spare = {"email": f"spare{next(_numbers)}.{clinic.key}@people.example", "role": "administrator"}
    return {
        "reference": reference,
        "token": booked["manage_token"],
        "patient": str(patient()),
        "need": clinic.desk("POST", "needs", wish)["id"],
        "absence": clinic.desk("POST", "absences", away)["id"],
        "other absence": clinic.desk("POST", "absences", {**away, "reason": "Away again"})["id"],
        "recall": clinic.desk("POST", "recalls", called)["reference"],
        "message": messages()[0]["id"],
        "email": emails()[0],
        "watched": watched()[0]["id"],
        "account": clinic.desk("POST", "accounts", spare)["id"],
        "picture": "anna",
        "other picture": "logo",
        "hold": clinic.hold(at(in_days(9), "11:30")).body["hold"],
    }


def called(house: House, actor: Actor, name: str, *args: Any, **fields: Any) -> Any:
    """Return what a method answers somebody."""
    environment = house.installation.environment
    service, _, method = name.partition(".")
    token = sign(actor, "house", environment["ACTOR_KEY"], datetime.now(UTC), timedelta(minutes=1))
    with BlockingClient(environment["AMQP_URI"], lambda: token) as client:
        return client.call(service, method, *args, timeout=60.0, **fields)
