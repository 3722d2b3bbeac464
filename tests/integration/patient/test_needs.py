"""Needs: given, used, listed, taken back, and seen by those whose they are (PRODUCT B9, B10, R1, R3)."""

import itertools
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from services.patient.handlers.following import note_use
from services.patient.handlers.needs import add_need, close_need, needs, own_needs
from services.patient.handlers.records import update
from services.patient.schemas import NeedSchema, NeedsSchema, OwnNeedsSchema, UpdateSchema
from shared.actor import PUBLIC, Actor
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from shared.incoming import checked
from shared.weeks import week_of
from tests.integration.patient.desks import BOOKING, NOW, SECRETS, STAFF, FakeDocuments, Work, a_desk
from tests.integration.patient.test_patients_from_bookings import NUMBER, a_booking, published, records, take_in
from tests.unit.patient.documents import a_type

EVA, ASA = "+46701740699", "+46701740605"
OF_ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
OF_NOBODY = replace(OF_ANNA, practitioner=None)
TODAY = NOW.date()
THIS_WEEK = week_of(TODAY)


@pytest.fixture
def people(work: Work) -> Work:
    """Return a database with Eva (who has a number), her child and Åsa at solna, and Eva again at lund."""
    take_in(
        work,
        [
            a_booking(),
            a_booking(identity=None, first_name="Little", birth_date="2020-01-01"),
            a_booking(identity=None, first_name="Åsa", last_name="Öberg", mobile=ASA),
            a_booking("lund"),
        ],
    )
    return work


def id_of(work: Work, first_name: str, clinic: str = "solna") -> str:
    return next(str(row.id) for row in records(work) if (row.first_name, row.clinic) == (first_name, clinic))


def give(work: Work, actor: Actor = STAFF, clinic: str = "solna", **fields: Any) -> dict[str, Any]:
    wish = {"patient": id_of(work, "Eva", clinic), "type": "exam", "week": THIS_WEEK, **fields}
    return add_need(a_desk(work, actor), clinic, lambda: checked(NeedSchema(), wish))


def listed(work: Work, actor: Actor = STAFF, *, now: datetime = NOW, clinic: str = "solna", **query: Any) -> Any:
    return needs(a_desk(work, actor, now=now), clinic, lambda: checked(NeedsSchema(), query))


def shown(work: Work, id: str, **changes: Any) -> dict[str, Any]:
    """Return a need as the list of all shows it."""
    return next(need for need in listed(work, **changes)["needs"] if need["id"] == id)


def ids(answer: Any) -> list[str]:
    return [need["id"] for need in answer["needs"]]


def logged_in(mobile: str, identity: Any = None, clinic: str = "solna") -> Actor:
    return Actor(kind="patient", clinic=clinic, login=SECRETS.people.seal({"mobile": mobile, "identity": identity}))


def own(work: Work, actor: Actor, clinic: str = "solna", **changes: Any) -> list[str]:
    query = changes.pop("query", {})
    return ids(own_needs(a_desk(work, actor, **changes), clinic, lambda: checked(OwnNeedsSchema(), query)))


def told(reference: str, need: str | None, version: int = 1, status: str = "booked", day: int = 1) -> Event:
    """Return what booking tells of a booking that was made on a day of December."""
    created_at = datetime(2026, 12, day, 9, 0, tzinfo=UTC).isoformat()
    return Event(
        id=uuid.uuid4().hex,
        type="BookingCancelled" if status == "cancelled" else "BookingCreated",
        source="booking",
        time=created_at,
        clinic="solna",
        subject=reference,
        subject_version=version,
        actor={"kind": "patient", "id": None},
        correlation_id="c0ffee",
        data={"reference": reference, "need": need, "status": status, "created_at": created_at},
    )


def hear(work: Work, *events: Event) -> None:
    for event in events:
        note_use(a_desk(work, BOOKING), event)


def test_r1_staff_give_a_need_and_everybody_hears_of_it(people: Work) -> None:
    before = len(published(people))
    need = give(people, practitioner="anna", week="2026-W49")
    assert need == {
        "id": need["id"], "patient": id_of(people, "Eva"), "type": "exam", "practitioner": "anna", "minutes": 45,
        "week": "2026-W49", "state": "open", "usable_until": "2026-12-16", "booking": None,
    }  # fmt: skip
    (event,) = published(people)[before:]
    assert (event["type"], event["subject"], event["subject_version"]) == ("NeedAdded", need["id"], 1)
    assert (event["actor"], event["correlation_id"]) == (STAFF.brief(), "abc")
    person = event["data"].pop("person")
    assert event["data"] == {
        "need": need["id"], "patient": need["patient"], "type": "exam", "practitioner": "anna", "minutes": 45,
        "week": "2026-W49", "state": "open",
    }  # fmt: skip
    assert SECRETS.people.open(person) == {
        "identity": NUMBER, "birth_date": "1981-12-28", "first_name": "Eva", "last_name": "Lind", "mobile": EVA,
        "email": "eva@example.org", "sms_ok": True, "email_ok": True,
    }  # fmt: skip


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"week": "2027-W53"}, "week"),
    ({"week": "2026-12-01"}, "week"),
    ({"week": "1999-W10"}, "week"),
    ({"week": "9999-W52"}, "week"),
    ({"week": None}, "week"),
    ({"type": "nothing"}, "type"),
    ({"practitioner": "eva"}, "practitioner"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": -30}, "minutes"),
    ({"minutes": 42}, "minutes"),
    ({"minutes": "30"}, "minutes"),
    ({"minutes": 24 * 60 + 5}, "minutes"),
    ({"patient": "0" * 32}, "patient"),
    ({"patient": "x"}, "patient"),
    ({"state": "used"}, "state"),
]


def test_r1_wrong_fields_are_named_and_nothing_is_given(people: Work, subtests: pytest.Subtests) -> None:
    before = len(published(people))
    for fields, name in WRONG:
        with subtests.test(**fields):
            with pytest.raises(Invalid) as refused:
                give(people, **fields)
            assert list(refused.value.extra["errors"]) == [name]
    assert (listed(people)["needs"], len(published(people))) == ([], before)


def test_r1_the_patient_is_one_of_this_clinic(people: Work) -> None:
    with pytest.raises(Invalid):
        give(people, patient=id_of(people, "Eva", "lund"))
    with pytest.raises(NotFound):
        listed(people, Actor(kind="tool", id="x"), clinic="nowhere")


def test_b10_week_53_of_a_year_that_has_one(people: Work) -> None:
    need = give(people, week="2026-W53")
    assert need["usable_until"] == "2027-01-13"
    for day, state in ((13, "open"), (14, "expired")):
        assert shown(people, need["id"], now=datetime(2027, 1, day, 12, 0, tzinfo=UTC))["state"] == state


def test_a_need_is_used_by_a_booking_and_open_again_once_that_is_cancelled(people: Work) -> None:
    need = give(people)["id"]
    for events, state, booking in (
        ([told("A000000001", need)], "used", "A000000001"),
        ([told("A000000001", need, 2, "cancelled")], "open", None),
        ([told("B000000001", need, day=2)], "used", "B000000001"),
        ([told("C000000001", None, day=3)], "used", "B000000001"),
        ([told("B000000001", need, 2, "missed", day=2)], "used", "B000000001"),
    ):
        hear(people, *events)
        assert (shown(people, need)["state"], shown(people, need)["booking"]) == (state, booking)


def test_whatever_order_events_come_in_and_however_often_the_last_booking_uses_the_need(people: Work) -> None:
    need = give(people)["id"]
    for number, order in enumerate(itertools.permutations(range(5))):
        a, b = f"A{number:09d}", f"B{number:09d}"
        story = [
            told(a, need),
            told(a, need, 2),
            told(a, need, 3, "cancelled"),
            told(b, need, day=2),
            told(b, need, 2, day=2),
        ]
        come = [story[place] for place in order]
        hear(people, *come, *random.Random(number).sample(come, 3))
        assert (shown(people, need)["state"], shown(people, need)["booking"]) == ("used", b), order
        hear(people, told(b, need, 3, "cancelled", day=2), *come)
        assert shown(people, need)["state"] == "open", order


def test_events_of_one_need_that_come_at_once_leave_what_they_would_one_by_one(people: Work) -> None:
    need = give(people)["id"]
    at_once = Barrier(2)

    def come(event: Event) -> None:
        at_once.wait(30)
        hear(people, event)

    with ThreadPoolExecutor(2) as pool:
        for number in range(40):
            a, b = f"A{number:09d}", f"B{number:09d}"
            hear(people, told(a, need))
            list(pool.map(come, [told(a, need, 2, "cancelled"), told(b, need, day=2)]))
            assert shown(people, need)["booking"] == b, number
            hear(people, told(b, need, 2, "cancelled", day=2))


def test_a_cancellation_that_is_late_does_not_hide_the_next_booking(people: Work) -> None:
    need = give(people)["id"]
    for a, b in (("A000000001", "B000000001"), ("B000000002", "A000000002")):
        hear(people, told(b, need, day=2), told(a, need))
        assert shown(people, need)["booking"] == b
        hear(people, told(a, need, 2, "cancelled"))
        assert shown(people, need)["booking"] == b
        hear(people, told(b, need, 2, "cancelled", day=2))


def test_r2_a_changed_record_is_told_with_its_needs_so_that_recalls_reach_the_patient(people: Work) -> None:
    eva = id_of(people, "Eva")
    kept, used, closed = (give(people)["id"] for _ in range(3))
    give(people, patient=id_of(people, "Åsa"))
    hear(people, told("A000000001", used))
    close_need(a_desk(people), "solna", closed)

    def heard(change: Callable[[], object]) -> list[dict[str, Any]]:
        before = len(published(people))
        change()
        return [event for event in published(people)[before:] if event["type"] == "NeedAdded"]

    def correct(**changes: Any) -> Callable[[], object]:
        return lambda: update(a_desk(people), "solna", eva, lambda: checked(UpdateSchema(), changes))

    assert heard(correct(mobile=EVA)) == [], "nothing has changed"
    events = heard(correct(mobile=ASA, email="", sms_ok=False))
    assert {(event["subject"], event["subject_version"]) for event in events} == {(kept, 2), (used, 2)}
    persons = [SECRETS.people.open(event["data"]["person"]) for event in events]
    assert {(who["mobile"], who["email"], who["sms_ok"]) for who in persons} == {(ASA, None, False)}
    filled_in = heard(lambda: take_in(people, [a_booking(email="new@example.org")]))
    assert {event["subject_version"] for event in filled_in} == {3}
    before = len(published(people))
    close_need(a_desk(people), "solna", kept)
    assert published(people)[before:][0]["subject_version"] == 4


def test_a_need_is_taken_back_once_and_never_opens_again(people: Work) -> None:
    need = give(people)["id"]
    before = len(published(people))
    for _ in range(2):
        assert close_need(a_desk(people), "solna", need)["state"] == "closed"
    (event,) = published(people)[before:]
    assert (event["type"], event["subject_version"], event["data"]["state"]) == ("NeedClosed", 2, "closed")
    hear(people, told("A000000001", need))
    assert shown(people, need)["state"] == "closed"
    hear(people, told("A000000001", need, 2, "cancelled"))
    assert shown(people, need)["state"] == "closed"


def test_a_used_need_is_not_taken_back_before_its_booking_is_cancelled(people: Work) -> None:
    need = give(people)["id"]
    hear(people, told("A000000001", need))
    with pytest.raises(Invalid, match="cancel the booking first"):
        close_need(a_desk(people), "solna", need)
    assert shown(people, need)["state"] == "used"
    hear(people, told("A000000001", need, 2, "cancelled"))
    assert close_need(a_desk(people), "solna", need)["state"] == "closed"


def test_what_is_no_need_of_the_clinic_is_not_found(people: Work) -> None:
    elsewhere = give(people, Actor(kind="tool", id="x"), clinic="lund")["id"]
    for id in ("", "x", "\x00", "0" * 32, elsewhere):
        with pytest.raises(NotFound):
            close_need(a_desk(people), "solna", id)


def test_r3_the_lists_are_what_a_look_at_every_need_tells(people: Work, subtests: pytest.Subtests) -> None:
    patient = id_of(people, "Eva")
    for number, (type, weeks) in enumerate(itertools.product(("exam", "hygiene", "visit"), range(-6, 7))):
        week = week_of(TODAY + timedelta(weeks=weeks))
        given = [give(people, patient=patient, type=type, week=week)["id"] for _ in range(3)]
        hear(people, told(f"A{number:09d}", given[1]))
        close_need(a_desk(people), "solna", given[2])
    for days in range(-16, 40, 5):
        now = NOW + timedelta(days=days)
        over = week_of(now.date())
        everything = listed(people, now=now, limit=200)["needs"]
        assert len(everything) == 3 * 13 * 3
        by_hand = {
            "due": [need for need in everything if need["state"] == "open" and need["week"] >= over],
            "overdue": [need for need in everything if need["state"] == "open" and need["week"] < over],
            "booked": [need for need in everything if need["state"] == "used"],
            "expired": [need for need in everything if need["state"] == "expired"],
            "closed": [need for need in everything if need["state"] == "closed"],
        }
        for name, expected in by_hand.items():
            with subtests.test(name, days=days):
                assert listed(people, now=now, limit=200, list=name)["needs"] == expected
                assert expected, "a list that is empty shows nothing"


def test_r3_lists_are_ordered_by_week_and_come_in_pages(people: Work) -> None:
    for weeks in (5, 1, 3, 1, 2, 1, 4):
        give(people, week=week_of(TODAY + timedelta(weeks=weeks)))
    everything, cursor, pages = [], None, 0
    while cursor is not None or not pages:
        answer = listed(people, limit=3, cursor=cursor)
        everything += answer["needs"]
        cursor, pages = answer["next"], pages + 1
    order = [(need["week"], need["id"]) for need in everything]
    assert (len(order), pages, order) == (7, 3, sorted(order))
    with pytest.raises(Invalid):
        listed(people, cursor="0" * 32)


def test_r3_lists_are_of_one_week_one_patient_or_one_type(people: Work) -> None:
    asa = id_of(people, "Åsa")
    wanted = give(people, patient=asa, type="hygiene", week="2026-W50")["id"]
    others = [give(people, patient=asa, type="hygiene"), give(people, patient=asa, week="2026-W50"), give(people)]
    assert ids(listed(people, patient=asa, type="hygiene", week="2026-W50")) == [wanted]
    assert set(ids(listed(people, patient=asa))) == {wanted, *(need["id"] for need in others[:2])}
    assert ids(listed(people, type="hygiene", list="due", week="2026-W50")) == [wanted]
    for query in ({"week": "2027-W53"}, {"list": "open"}, {"patient": "x"}, {"limit": 201}, {"z": 1}):
        with pytest.raises(Invalid):
            listed(people, **query)


def test_r3_a_change_of_the_document_changes_what_has_expired(people: Work) -> None:
    need = give(people, week=week_of(TODAY - timedelta(weeks=3)))
    assert need["state"] == "expired"
    without_limit = FakeDocuments(types=[a_type("exam")])
    desk = a_desk(people, documents=without_limit)
    for name, expected in (("overdue", [need["id"]]), ("expired", [])):
        assert ids(needs(desk, "solna", lambda name=name: checked(NeedsSchema(), {"list": name}))) == expected  # type: ignore[misc]


def test_c1_therapists_see_give_and_take_back_their_own_and_nobodys(people: Work) -> None:
    nobodys, hers = give(people, OF_ANNA), give(people, OF_ANNA, practitioner="anna")
    of_bo = give(people, practitioner="bo")
    assert set(ids(listed(people, OF_ANNA))) == {nobodys["id"], hers["id"]}
    assert ids(listed(people, OF_NOBODY)) == [nobodys["id"]]
    with pytest.raises(Forbidden):
        give(people, OF_ANNA, practitioner="bo")
    with pytest.raises(Forbidden):
        close_need(a_desk(people, OF_ANNA), "solna", of_bo["id"])
    assert close_need(a_desk(people, OF_ANNA), "solna", hers["id"])["state"] == "closed"


def test_b9_whoever_logs_in_sees_the_needs_of_those_on_that_telephone(people: Work) -> None:
    eva, little = give(people)["id"], give(people, patient=id_of(people, "Little"), week="2026-W50")["id"]
    asa = give(people, patient=id_of(people, "Åsa"))["id"]
    give(people, Actor(kind="tool", id="x"), clinic="lund")
    assert own(people, logged_in(EVA)) == [eva, little], "a parent's number stands on the child's record"
    assert own(people, logged_in(ASA)) == [asa]
    assert own(people, logged_in("+46701740000")) == []
    assert own(people, logged_in(EVA, NUMBER)) == [eva], "who named a number is that person alone"
    assert own(people, logged_in(ASA, NUMBER)) == [], "and only with the mobile that the clinic has"


def test_b9_the_holder_of_a_recall_sees_that_need_alone(people: Work) -> None:
    need, _ = give(people), give(people, type="hygiene")
    actor = Actor(kind="patient", clinic="solna", need=need["id"])
    answer = own_needs(a_desk(people, actor), "solna", lambda: checked(OwnNeedsSchema(), {}))
    assert answer == {"needs": [{**need, "patient": None}], "next": None}
    assert own(people, replace(actor, need="0" * 32)) == []


def test_b10_patients_see_what_they_may_book_with_and_nothing_else(people: Work) -> None:
    used, closed, future = give(people)["id"], give(people)["id"], give(people, week="2031-W01")["id"]
    give(people, week=week_of(TODAY - timedelta(weeks=3)))
    hear(people, told("A000000001", used))
    close_need(a_desk(people), "solna", closed)
    assert own(people, logged_in(EVA)) == [future]
    assert own(people, Actor(kind="patient", clinic="solna", need=used)) == []
    gone = FakeDocuments(types=[a_type("visit"), a_type("exam", online=False)])
    assert own(people, logged_in(EVA), documents=gone) == [], "what cannot be booked is no use to them"


def test_patients_page_through_their_needs(people: Work) -> None:
    given = sorted(give(people)["id"] for _ in range(3))
    assert own(people, logged_in(EVA), query={"limit": 2}) == given[:2]
    assert own(people, logged_in(EVA), query={"limit": 2, "cursor": given[1]}) == given[2:]
    with pytest.raises(Invalid):
        own(people, logged_in(EVA), query={"patient": id_of(people, "Eva")})


def test_without_a_login_or_a_recall_there_are_no_needs_to_see(people: Work) -> None:
    sealed_with_a_key_of_old = Actor(kind="patient", clinic="solna", login="old.AAAA")
    nobody = Actor(kind="patient", clinic="solna")
    for actor in (PUBLIC, nobody, logged_in(EVA, clinic="lund"), sealed_with_a_key_of_old):
        with pytest.raises(LoginRequired):
            own(people, actor)
