"""What CONTRACTS and PRODUCT promise to strangers, asked from outside: own clinics, plain HTTP, exact codes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.system.api_client import Answer, Client
from tests.system.clinics import PHONE, OwnClinic, a_block, a_person, at, in_days, own_clinic
from tests.system.installation import wait_until

DAY = in_days(8)
HALF_HOURS = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
TWO_DENTISTS = [{"key": "anna", "name": "Anna", "new_patients": False}, {"key": "bo", "name": "Bo"}]

Make = Callable[..., OwnClinic]


@pytest.fixture
def make(public: Client, administrator: Client) -> Make:
    """Return what sets up a clinic for this test alone."""
    return lambda *blocks, **changes: own_clinic(public, administrator, *blocks, **changes)


def refused(answer: Answer, status: int, code: str) -> None:
    """Check that a call was refused for this reason and no other."""
    assert (answer.status, answer["code"]) == (status, code), answer


def test_s4_s5_s6_s7_the_documents_own_examples_are_offered(make: Make) -> None:
    """The Swiss document's 14:00–18:00 and 1h15m; the Danish one's walk around a booking of 20 minutes."""
    clinic = make(a_block("14:00", "18:00"), visit={"length": "1h15m"})
    assert clinic.starts(DAY) == ["14:00", "15:15", "16:30", "17:45"]
    clinic.apply(a_block("14:00", "18:00"), visit={"length": "1h15m", "slots": {"end": "fit"}})
    assert clinic.starts(DAY) == ["14:00", "15:15", "16:30"]
    clinic.apply(a_block("14:00", "18:00"), visit={"length": "1h15m", "slots": {"mode": "flexible"}})
    flexible = clinic.starts(DAY)
    assert (flexible[:2], flexible[-2:], len(flexible)) == (["14:00", "14:15"], ["16:30", "16:45"], 12)
    clinic.apply(a_block("08:00", "10:00"), visit={"length": "20m", "slots": {"mode": "spaced", "step": "30m"}})
    assert clinic.starts(DAY) == ["08:00", "08:30", "09:00", "09:30"]
    assert clinic.book(at(DAY, "08:00")).status == 201
    wait_until(lambda: clinic.starts(DAY) == ["08:20", "08:50", "09:20"], "the walk starts anew after the booking")
    clinic.apply({**a_block("08:00", "09:00"), "step": "20m"})
    assert clinic.starts(DAY + timedelta(days=1)) == ["08:00", "08:20", "08:40"]


def test_checks_are_made_in_the_order_of_the_contract(make: Make) -> None:
    """One body with everything wrong is refused for the first reason; each that is mended uncovers the next."""
    young = {"identity": "none", "visit": {"min_age": 24}}
    clinic = make(booking={"active": False})
    past = at(in_days(-3), "08:10")
    refused(clinic.public.post(f"/clinics/{clinic.key}/bookings", {}), 422, "booking_off")
    clinic.apply(booking={"new": False})
    refused(clinic.public.post(f"/clinics/{clinic.key}/bookings", {}), 422, "function_off")
    clinic.apply(identity="se.personnummer", booking={"without_login": False})
    wrong = {"national_id": "19121212-1213"}
    refused(clinic.book(past, a_person(mobile="1", **wrong)), 422, "invalid")
    refused(clinic.book(past, a_person(**wrong)), 422, "invalid_national_id")
    clinic.apply(booking={"without_login": False}, **young)
    child = a_person(birth_date=in_days(-4000).isoformat())
    refused(clinic.book(past, child), 401, "login_required")
    clinic.apply(**young)
    refused(clinic.book(past, child), 422, "under_age")
    refused(clinic.book(past), 409, "slot_not_offered")
    assert clinic.book(past)["alternatives"], "B11: who is refused a time is shown free ones"


def test_b8_the_24th_birthday_is_adult_and_staff_are_not_asked(make: Make) -> None:
    clinic = make(visit={"min_age": 24})
    day = in_days(8 if (in_days(8).month, in_days(8).day) != (2, 29) else 9)
    born = day.replace(year=day.year - 24)
    almost = a_person(birth_date=(born + timedelta(days=1)).isoformat())
    assert clinic.book(at(day, "08:00"), a_person(birth_date=born.isoformat())).status == 201
    refused(clinic.book(at(day, "09:00"), almost), 422, "under_age")
    taken = clinic.desk("POST", "bookings", {"type": "visit", "start": at(day, "09:00"), "patient": almost})
    assert taken.status == 201, taken


@pytest.mark.both_forms
def test_c3_when_the_put_has_answered_the_next_call_acts_by_the_new_document(make: Make) -> None:
    clinic = make()
    booked = clinic.book(at(DAY, "08:00"))
    clinic.apply(booking={"new": False, "cancel": False})
    assert clinic.starts(DAY) == []
    refused(clinic.hold(at(DAY, "09:00")), 422, "function_off")
    off = clinic.link(booked["manage_token"], "cancel")
    refused(off, 422, "function_off")
    assert PHONE in off["detail"]
    clinic.apply(a_block("13:00", "14:00"))
    assert clinic.starts(DAY) == ["13:00", "13:30"]
    refused(clinic.book(at(DAY, "09:00")), 409, "slot_not_offered")
    assert clinic.book(at(DAY, "13:00")).status == 201


def test_c3_an_export_changes_nothing_and_what_is_stale_or_wrong_is_refused(make: Make) -> None:
    clinic = make()
    exported = clinic.desk("GET", "document").body
    checked = clinic.desk("POST", "document/check", exported).body
    nothing = {"collisions": [], "collision_count": 0, "absences_unchecked": 0}
    assert checked == {"errors": [], "changes": [], **nothing}
    assert clinic.desk("PUT", "document", exported, headers={"If-Match": '"1"'}).status == 200
    refused(clinic.desk("PUT", "document", exported, headers={"If-Match": '"2"'}), 409, "changed_meanwhile")
    exported["types"][0]["slots"]["step"] = "7m"
    checked = clinic.desk("POST", "document/check", exported)
    assert [error["path"] for error in checked["errors"]] == ["types[0].slots.step"]
    refused(clinic.desk("PUT", "document", exported), 422, "invalid")


def test_c3_a_preview_shows_what_patients_would_be_offered_and_changes_nothing(make: Make) -> None:
    """Issue 14, point 1; with what is taken just now."""
    clinic = make()
    changed = clinic.desk("GET", "document").body
    changed["templates"][0]["week"] = {key: [a_block("08:00", "09:30")] for key in changed["templates"][0]["week"]}
    kind = changed["types"][0]["key"]
    held = clinic.hold(at(DAY, "08:00"))
    wait_until(lambda: clinic.starts(DAY) == HALF_HOURS[1:], "the held time is hidden")
    asked = {"document": changed, "from": str(DAY), "to": str(DAY), "type": kind, "present": True}
    told = clinic.desk("POST", "document/preview", asked)
    (row,) = told["types"]
    assert [slot["start"] for slot in row["slots"]] == [at(DAY, "08:30"), at(DAY, "09:00")]
    assert [slot["start"][11:16] for slot in row["present"]] == clinic.starts(DAY) == HALF_HOURS[1:]
    assert (told["errors"], row["changes"], told["collisions"]) == ([], True, [])
    assert clinic.desk("POST", "document/preview", {**asked, "document": {"clinic": "x"}})["errors"]
    refused(clinic.desk("POST", "document/preview", {**asked, "to": "3000-01-01"}), 422, "invalid")
    assert clinic.public.call("DELETE", f"/holds/{held['hold']}").status == 204


def test_b12_a_held_time_is_nobody_elses_and_comes_back(make: Make) -> None:
    clinic = make()
    held = clinic.hold(at(DAY, "08:00"))
    assert held.status == 201
    assert set(held.body) == {"hold", "practitioner", "start", "end", "expires"}
    wait_until(lambda: clinic.starts(DAY) == HALF_HOURS[1:], "the held time is hidden")
    refused(clinic.book(at(DAY, "08:00")), 409, "slot_held")
    assert clinic.public.call("DELETE", f"/holds/{held['hold']}").status == 204
    wait_until(lambda: clinic.starts(DAY) == HALF_HOURS, "the released time is offered again")
    refused(clinic.book(at(DAY, "08:00"), hold=held["hold"]), 409, "hold_expired")
    assert clinic.book(at(DAY, "08:00")).status == 201


def test_s13_search_hold_and_book_agree_for_who_is_new(make: Make) -> None:
    """Whoever is held is booked; where only who takes no new patients is free, that is what is said."""
    clinic = make(practitioners=TWO_DENTISTS)
    [everybody] = [slot for slot in clinic.slots(DAY, **{"for": None}) if slot["start"] == at(DAY, "08:00")]
    assert (everybody["practitioners"], everybody["new_patients"]) == (["anna", "bo"], ["bo"])
    assert {tuple(slot["practitioners"]) for slot in clinic.slots(DAY)} == {("bo",)}
    held = clinic.hold(at(DAY, "08:00"))
    assert held["practitioner"] == "bo"
    assert clinic.book(at(DAY, "08:00"), hold=held["hold"])["practitioner"] == "bo"
    for attempt in (clinic.hold, clinic.book):
        answer = attempt(at(DAY, "08:00"))
        refused(answer, 422, "new_patients_refused")
        assert {tuple(slot["practitioners"]) for slot in answer["alternatives"]} == {("bo",)}
    refused(clinic.book(at(DAY, "09:00"), practitioner="anna"), 422, "new_patients_refused")
    known = a_person()
    assert clinic.book(at(DAY, "10:00"), known)["practitioner"] == "bo"
    wait_until(lambda: clinic.desk("GET", "patients", q=known["last_name"])["patients"], "the patient is made")
    held = clinic.hold(at(DAY, "11:00"), **{"for": "known"})
    assert clinic.book(at(DAY, "11:00"), known, hold=held["hold"])["practitioner"] == "anna"


def test_s3_a_new_booking_keeps_to_its_blocks_and_a_move_does_not(make: Make) -> None:
    blocks = (a_block("08:00", "09:00", "acute"), a_block("09:00", "10:00"), a_block("10:00", "11:00", "lunch"))
    clinic = make(*blocks, visit={"blocks": ["acute"], "slots": {"end": "fit"}})
    assert clinic.starts(DAY) == ["08:00", "08:30"]
    refused(clinic.book(at(DAY, "09:00")), 409, "slot_not_offered")
    token = clinic.book(at(DAY, "08:00"))["manage_token"]
    assert clinic.places_to_move(token, DAY) == ["08:30", "09:00", "09:30"]
    assert clinic.link(token, "rebook", {"start": at(DAY, "09:30")}).status == 200
    refused(clinic.link(token, "rebook", {"start": at(DAY, "10:00")}), 409, "slot_not_offered")


def test_s14_two_rooms_are_shared_by_three_practitioners(make: Make) -> None:
    three = [{"key": key, "name": key.title()} for key in ("anna", "bo", "cy")]
    rooms = [{"key": f"room-{number}", "name": f"Room {number}", "pool": "room"} for number in (1, 2)]
    clinic = make(practitioners=three, resources=rooms, visit={"uses": ["room"]})
    for room in ("room-1", "room-2"):
        reference = clinic.book(at(DAY, "08:00"))["reference"]
        assert clinic.desk("GET", f"bookings/{reference}")["resources"] == [room]
    refused(clinic.book(at(DAY, "08:00")), 409, "slot_taken")
    wait_until(lambda: clinic.starts(DAY) == HALF_HOURS[1:], "no room is left at eight")


def test_m1_m5_a_link_moves_and_cancels_once_and_shows_no_contacts(make: Make) -> None:
    clinic = make()
    booked = clinic.book(at(DAY, "08:00"))
    token, history = booked["manage_token"], f"bookings/{booked['reference']}/history"
    opened = clinic.link(token)
    assert opened["patient"].keys() == {"first_name", "last_name"}
    assert "INTERNAL" not in str(opened.body)
    assert clinic.link(token, "rebook", {"start": at(DAY, "08:00")})["version"] == opened["version"]
    assert clinic.link(token, "rebook", {"start": at(DAY, "09:00")})["version"] == opened["version"] + 1
    assert clinic.link(token, "cancel", {"comment": "Travelling"})["status"] == "cancelled"
    refused(clinic.link(token, "cancel"), 409, "already_cancelled")
    refused(clinic.link(token, "rebook", {"start": at(DAY, "10:00")}), 409, "already_cancelled")
    assert clinic.link(token)["may"]["rebook"]["allowed"] is False
    refused(clinic.link(token[:-2] + ("AA" if token[-2:] != "AA" else "BB")), 404, "not_found")
    changes = [row["type"] for row in clinic.desk("GET", history)["history"] if row["type"].startswith("Booking")]
    assert changes == ["BookingCreated", "BookingMoved", "BookingCancelled"]
    wait_until(lambda: clinic.desk("GET", "watch-list")["watch_list"], "the patient is on the watch list")


def test_m6_deadlines_in_hours_and_days_and_the_end_of_a_link(make: Make) -> None:
    whole_day = a_block("00:00", "24:00")
    clinic = make(whole_day, booking={"rebook_deadline": "0m", "cancel_deadline": "2d"})
    tomorrow = clinic.book(at(in_days(1), "23:00"))["manage_token"]
    late = clinic.link(tomorrow, "cancel")
    refused(late, 409, "too_late")
    assert PHONE in late["detail"]
    assert clinic.link(tomorrow, "rebook", {"start": at(in_days(2), "00:00")}).status == 200
    assert clinic.link(tomorrow)["may"]["cancel"] == {"allowed": True, "until": at(in_days(1), "00:00"), "reason": None}
    past = {"type": "visit", "practitioner": "anna", "start": at(in_days(-32), "08:00"), "patient": a_person()}
    refused(clinic.link(clinic.desk("POST", "bookings", past)["manage_token"]), 410, "gone")


@pytest.mark.both_forms
def test_b13_a_key_repeated_gives_the_first_answer_also_to_those_who_come_together(make: Make) -> None:
    clinic = make()
    body = {"type": "visit", "start": at(DAY, "08:00"), "patient": a_person()}

    def submit(start: str = "08:00") -> Answer:
        sent = {**body, "start": at(DAY, start)}
        key = {"Idempotency-Key": "one-form"}
        return Client(clinic.public.url).call("POST", f"/clinics/{clinic.key}/bookings", sent, key)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: submit(), range(4)))
    assert [answer.status for answer in answers] == [201] * 4, answers
    assert len({answer["reference"] for answer in answers}) == 1
    refused(submit("09:00"), 422, "invalid")


@pytest.mark.both_forms
def test_b18_the_record_is_filled_in_and_never_overwritten_while_messages_go_to_what_was_typed(make: Make) -> None:
    clinic = make(identity="se.personnummer")
    person = a_person(national_id="19121212-1212", email=None)
    clinic.book(at(DAY, "08:00"), person)

    def record() -> dict[str, str]:
        found = clinic.desk("GET", "patients", q="Person")["patients"]
        return {name: found[0][name] for name in ("mobile", "email", "origin")} if len(found) == 1 else {}

    wait_until(record, "the patient is made")
    typed = {"mobile": "+46701749999", "email": "typed@patients.example"}
    reference = clinic.book(at(DAY, "09:00"), {**person, **typed})["reference"]
    filled = {"mobile": person["mobile"], "email": typed["email"], "origin": "web"}
    wait_until(lambda: record() == filled, "the email is filled in, the mobile kept")

    def told() -> set[str]:
        return {message["to"] for message in clinic.desk("GET", "messages", booking=reference)["messages"]}

    wait_until(lambda: told() == set(typed.values()), "this booking's messages go to what was typed")


def test_s8_an_absence_acts_at_once_lists_what_collides_and_can_be_taken_back(make: Make) -> None:
    clinic = make()
    reference = clinic.book(at(DAY, "08:00"))["reference"]
    wait_until(lambda: clinic.starts(DAY) == HALF_HOURS[1:], "the booked time is hidden")
    body = {"practitioner": "anna", "from": f"{DAY}T08:00", "to": f"{DAY}T11:30", "reason": "Course"}
    made = clinic.desk("POST", "absences", body)
    assert made.status == 201
    assert [row["reference"] for row in made["collisions"]] == [reference]
    assert clinic.starts(DAY) == ["11:30"]
    assert [row["id"] for row in clinic.desk("GET", "document")["absences"]] == [made["id"]]
    assert clinic.desk("DELETE", f"absences/{made['id']}").status == 204
    assert clinic.starts(DAY) == HALF_HOURS[1:]
    assert clinic.desk("GET", f"bookings/{reference}")["status"] == "booked", "never silently dropped"


def test_staff_override_every_rule_but_overlap(make: Make) -> None:
    clinic = make(booking={"active": False})
    wanted = {"type": "visit", "practitioner": "anna", "patient": a_person(), "start": at(DAY, "15:00")}
    refused(clinic.desk("POST", "bookings", wanted), 409, "slot_not_offered")
    made = clinic.desk("POST", "bookings", {**wanted, "outside_plan": True, "minutes": 20})
    assert (made.status, made["end"]) == (201, at(DAY, "15:20"))
    over = {**wanted, "patient": a_person(), "start": at(DAY, "15:10"), "outside_plan": True}
    refused(clinic.desk("POST", "bookings", over), 409, "slot_taken")
    booking = clinic.desk("GET", f"bookings/{made['reference']}")
    assert (booking["origin"], booking["version"]) == ("staff", 1)
    stale = clinic.desk("POST", f"bookings/{made['reference']}/rebook", {"start": at(DAY, "09:00"), "version": 7})
    refused(stale, 409, "changed_meanwhile")


def test_what_needs_a_patient_who_is_known_says_so_and_who_is_no_staff_is_told_before_parameters(make: Make) -> None:
    """CONTRACTS 2: `login_required` of types controlled by needs, and of staff's calls whatever they carry."""
    clinic = make(visit={"needs": {"controlled": True}})
    asked = {"type": "visit", "from": DAY.isoformat(), "to": DAY.isoformat()}
    for search in ("days", "slots"):
        refused(clinic.public.get(f"/clinics/{clinic.key}/{search}", **asked), 401, "login_required")
    refused(clinic.hold(at(DAY, "08:00")), 401, "login_required")
    refused(clinic.book(at(DAY, "08:00")), 401, "login_required")
    refused(clinic.public.get(f"/staff/clinics/{clinic.key}/bookings", limit="x"), 401, "login_required")
    for listing in ("bookings", "absences", "watch-list", "patients", "messages", "document"):
        refused(clinic.administrator.get(f"/staff/clinics/nowhere/{listing}"), 404, "not_found")
