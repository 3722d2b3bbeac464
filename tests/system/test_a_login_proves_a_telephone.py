"""A login proves a telephone, never a person: a stranger, a patient, their two telephones (CONTRACTS 1, Patients)."""

from typing import Any

from tests.system.api_client import Client
from tests.system.clinics import OwnClinic, at, in_days, own_clinic
from tests.system.installation import wait_until
from tests.system.logins import a_swede, book, known, log_in, mine
from tests.system.outbox import outbox

DAY = in_days(8)
TO_BOTH = {"booked": ["sms", "email"], "moved": ["sms", "email"], "practitioner": ["sms", "email"]}


def told(clinic: OwnClinic, reference: str) -> set[str]:
    """Return to whom of the patients' addresses messages of a booking went."""
    messages = clinic.desk("GET", "messages", booking=reference)["messages"]
    return {each["to"] for each in messages if each["audience"] == "patient"}


def has_gone_to_the_clinic(clinic: OwnClinic, reference: str, event: str) -> bool:
    """Tell whether the practitioner was told, which is written together with what the patient is told."""
    messages = clinic.desk("GET", "messages", booking=reference)["messages"]
    return any(each["audience"] == "practitioner" and each["event"].endswith(event) for each in messages)


def references(client: Client, clinic: OwnClinic) -> set[str]:
    """Return one's own bookings."""
    return {row["reference"] for row in mine(client, clinic)}


def in_outbox(clinic: OwnClinic, person: dict[str, Any]) -> int:
    """Return how many messages to somebody the newest of the outbox are."""
    page = outbox(clinic.public.url, "/outbox")
    return page.count(person["mobile"]) + page.count(person["email"])


def test_who_books_first_with_anothers_number_sees_and_hears_nothing_of_what_follows(
    public: Client, administrator: Client
) -> None:
    anna = [{"key": "anna", "name": "Anna Berg", "email": "anna@clinic.example"}]
    clinic = own_clinic(
        public, administrator, identity="se.personnummer", two_step={"patients": False}, practitioners=anna,
        channels=TO_BOTH, country="SE",
    )  # fmt: skip
    patient = a_swede()
    stranger = a_swede(national_id=patient["national_id"], first_name=patient["first_name"])
    planted = book(clinic.public, clinic, at(DAY, "08:00"), {**stranger, "last_name": patient["last_name"]})
    assert planted.status == 201, planted
    record = known(clinic, patient["last_name"])
    own = book(clinic.public, clinic, at(DAY, "08:30"), patient)
    assert own.status == 201, own
    wait_until(lambda: told(clinic, own["reference"]), "the patient's own booking is confirmed")
    assert told(clinic, own["reference"]) == {patient["mobile"], patient["email"]}

    of_stranger, of_patient = log_in(clinic, stranger["mobile"]), log_in(clinic, patient["mobile"])
    assert references(of_stranger, clinic) == {planted["reference"]}
    assert references(of_patient, clinic) == {own["reference"]}

    by_staff = {"type": "visit", "practitioner": "anna", "start": at(DAY, "09:00"), "patient": {"id": record}}
    silent = clinic.desk("POST", "bookings", by_staff)
    assert (silent.status, silent.body.get("unconfirmed")) == (201, ["mobile", "email"]), silent
    before = in_outbox(clinic, stranger)
    wait_until(lambda: has_gone_to_the_clinic(clinic, silent["reference"], "booked"), "the practitioner is told")
    assert told(clinic, silent["reference"]) == set()
    assert in_outbox(clinic, stranger) == before
    assert references(of_stranger, clinic) == {planted["reference"]}

    noted = clinic.desk("PATCH", f"patients/{record}", {"mobile": patient["mobile"], "email": patient["email"]})
    assert (noted["mobile_confirmed"], noted["email_confirmed"]) == (True, True)
    sent = clinic.desk("POST", "bookings", {**by_staff, "start": at(DAY, "10:00")})
    assert (sent.status, sent.body.get("unconfirmed")) == (201, []), sent
    wait_until(lambda: told(clinic, sent["reference"]), "the patient is told")
    assert told(clinic, sent["reference"]) == {patient["mobile"], patient["email"]}
    everything = {planted["reference"], own["reference"], silent["reference"], sent["reference"]}
    assert references(of_patient, clinic) == everything, "the record is theirs now"
    assert references(of_stranger, clinic) == {planted["reference"]}


def test_one_press_of_staff_lets_what_they_booked_reach_its_patient(public: Client, administrator: Client) -> None:
    anna = [{"key": "anna", "name": "Anna Berg", "email": "anna@clinic.example"}]
    number = {"country": "SE", "identity": "se.personnummer"}
    clinic = own_clinic(public, administrator, practitioners=anna, channels=TO_BOTH, **number)
    patient = a_swede()
    assert book(clinic.public, clinic, at(DAY, "08:00"), patient).status == 201
    record = known(clinic, patient["last_name"])
    by_staff = {"type": "visit", "practitioner": "anna", "start": at(DAY, "09:00"), "patient": {"id": record}}
    booked = clinic.desk("POST", "bookings", by_staff)
    wait_until(lambda: has_gone_to_the_clinic(clinic, booked["reference"], "booked"), "the practitioner is told")
    assert told(clinic, booked["reference"]) == set()

    assert clinic.desk("PATCH", f"patients/{record}", {"confirm": ["mobile", "email"]})["mobile_confirmed"] is True
    path = f"bookings/{booked['reference']}"
    wait_until(lambda: clinic.desk("GET", path)["version"] == 2, "booking has heard of it")
    assert clinic.desk("POST", f"{path}/rebook", {"start": at(DAY, "09:30")}).status == 200
    wait_until(lambda: told(clinic, booked["reference"]), "the patient is told")
    assert told(clinic, booked["reference"]) == {patient["mobile"], patient["email"]}


def test_b22_who_has_logged_in_books_for_the_people_of_a_telephone_that_staff_confirmed(
    public: Client, administrator: Client
) -> None:
    number = {"country": "SE", "identity": "se.personnummer", "two_step": {"patients": False}}
    clinic = own_clinic(public, administrator, channels=TO_BOTH, **number)
    person = a_swede()
    assert book(clinic.public, clinic, at(DAY, "08:00"), person).status == 201
    record = known(clinic, person["last_name"])
    client = log_in(clinic, person["mobile"])
    path = f"/clinics/{clinic.key}/my/people"
    assert client.get(path)["people"] == [], "what the web brought is nobody's yet"
    assert clinic.desk("PATCH", f"patients/{record}", {"confirm": ["mobile"]})["mobile_confirmed"] is True

    (mine_alone,) = client.get(path)["people"]
    assert mine_alone == {"person": record, "first_name": person["first_name"], "last_name": person["last_name"]}
    body = {"type": "visit", "start": at(DAY, "09:00"), "patient": {"person": record}}
    answer = client.post(
        f"/clinics/{clinic.key}/bookings", {**body, "patient": {"person": record, "email": "a@b.example"}}
    )
    assert answer.status == 201, answer
    shown = clinic.desk("GET", f"bookings/{answer['reference']}")
    assert (shown["patient"]["id"], shown["patient"]["mobile"]) == (record, person["mobile"])
    assert (shown["origin"], shown["patient"]["last_name"]) == ("web", person["last_name"])
    wait_until(lambda: told(clinic, answer["reference"]), "the patient is told")
    assert told(clinic, answer["reference"]) == {person["mobile"], "a@b.example"}
    wait_until(
        lambda: clinic.desk("GET", f"bookings/{answer['reference']}")["contact_differs"] == ["email"],
        "staff see that another email was typed",
    )
    refused = public.post(f"/clinics/{clinic.key}/bookings", {**body, "start": at(DAY, "10:00")})
    assert (refused.status, refused["code"]) == (401, "login_required")
