"""What patients see of their needs, by a login or by a recall (PRODUCT B9, B10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.patient.handlers.needs import close_need, own_needs
from services.patient.schemas import OwnNeedsSchema
from shared.actor import PUBLIC, Actor
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import Invalid, LoginRequired
from shared.incoming.fields import checked
from shared.incoming.unread import Unread
from tests.builders.patient.bookings import NUMBER
from tests.builders.patient.desks import FakeDocuments, Work, a_desk
from tests.builders.patient.documents import a_type
from tests.builders.patient.needs import ASA, EVA, TODAY, give, hear, id_of, logged_in, own, told


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
    assert need.pop("unconfirmed") == []
    actor = Actor(kind="patient", clinic="solna", need=need["id"])
    answer = own_needs(a_desk(people, actor), "solna", Unread({}, lambda sent: checked(OwnNeedsSchema(), sent)))
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
