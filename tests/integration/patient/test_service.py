"""What the Nameko class adds: who may ask, before what was asked is looked at (PRODUCT C1, CONTRACTS 2)."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from services.patient.service import PatientService
from shared.actor import PUBLIC, Actor
from shared.contracts.errors import Forbidden, Invalid, InvalidNationalId, LoginRequired
from tests.builders.calling import Acting, Called, served
from tests.builders.clock import FakeClock
from tests.builders.patient.bookings import NUMBER, a_booking, published
from tests.builders.patient.desks import BOOKING, KEYS, NOW, FakeDocuments, Work

OF_SOLNA = Actor(kind="staff", id="ann@solna.example", role="administrator", clinic="solna")
CALLS = {
    "identify": lambda service: service.identify("solna", nonsense=1),
    "find": lambda service: service.find("solna", limit="many"),
    "get": lambda service: service.get("solna", "x"),
    "update": lambda service: service.update("solna", "x", mobile=1),
    "of_login": lambda service: service.of_login("solna", mobile=1),
    "needs": lambda service: service.needs("solna", limit="many"),
    "add_need": lambda service: service.add_need("solna", week=1),
    "close_need": lambda service: service.close_need("solna", "x"),
}


def service(work: Work, actor: Actor, **settings: Any) -> Any:
    """Return the service in the hands of `actor`, in an installation with these settings."""
    made = served(
        PatientService,
        work=work,
        documents=FakeDocuments(),
        actor=Acting(actor, "abc"),
        clock=FakeClock(NOW),
        keys=KEYS,
        settings=SimpleNamespace(**{"accept_test_numbers": False, **settings}),
    )
    return Called(made, actor)


@pytest.mark.parametrize("method", CALLS)
def test_c1_the_public_and_other_clinics_staff_learn_nothing(work: Work, method: str) -> None:
    with pytest.raises(Forbidden if method == "of_login" else LoginRequired):  # no login makes a service
        CALLS[method](service(work, PUBLIC))
    with pytest.raises(Forbidden):
        CALLS[method](service(work, Actor(kind="staff", id="eva", role="administrator", clinic="lund")))


def test_wrong_fields_are_refused_with_their_names(work: Work) -> None:
    for method, field in (("identify", "nonsense"), ("find", "limit"), ("update", "mobile")):
        with pytest.raises(Invalid) as refused:
            CALLS[method](service(work, OF_SOLNA))
        assert list(refused.value.extra["errors"]) == [field]


def test_b18_a_booking_of_the_bus_becomes_a_patient_that_staff_find_and_correct(work: Work) -> None:
    service(work, BOOKING).create_or_fill(a_booking())
    assert service(work, BOOKING).identify("solna", identity=NUMBER, birth_date=None)["known"] is True
    (found,) = service(work, OF_SOLNA).find("solna", q="lind")["patients"]
    after = service(work, OF_SOLNA).update("solna", found["id"], email="", sms_ok=None)
    assert (after["email"], after["sms_ok"]) == (None, True), "null is left out, empty text clears"
    assert service(work, OF_SOLNA).get("solna", found["id"]) == after
    assert published(work)[-1]["actor"] == {"kind": "staff", "id": "ann@solna.example"}
    assert published(work)[-1]["correlation_id"] == "abc"


def test_b4_a_record_gets_a_number_made_for_tests_only_where_the_installation_is_for_tests(work: Work) -> None:
    service(work, BOOKING).create_or_fill(a_booking())
    (eva,) = service(work, OF_SOLNA).find("solna")["patients"]
    tenor = {"scheme": "no.fodselsnummer", "number": "15818650148"}
    with pytest.raises(InvalidNationalId):
        service(work, OF_SOLNA).update("solna", eva["id"], identity=tenor)
    after = service(work, OF_SOLNA, accept_test_numbers=True).update("solna", eva["id"], identity=tenor)
    assert (after["identity"], after["birth_date"]) == (tenor, "1886-01-15")
    (found,) = service(work, OF_SOLNA).find("solna", q="158186 50148")["patients"]
    assert found["id"] == eva["id"], "what is stored is found, whatever the setting is now"


def test_b14_services_ask_whose_telephone_it_is_and_nobody_else(work: Work) -> None:
    little = {"identity": None, "first_name": "Little", "birth_date": "2020-01-01"}
    service(work, BOOKING).create_or_fill(a_booking(origin="staff"))
    service(work, BOOKING).create_or_fill(a_booking(origin="staff", **little))
    everybody = {each["first_name"]: each["id"] for each in service(work, OF_SOLNA).find("solna")["patients"]}
    ask = service(work, BOOKING).of_login
    assert set(ask("solna", mobile="+46701740699")["patients"]) == set(everybody.values())
    assert ask("solna", mobile="+46701740699", identity=NUMBER) == {"patients": [everybody["Eva"]]}
    assert ask("solna", mobile="+46701740605", identity=NUMBER) == {"patients": []}
    assert ask("lund", mobile="+46701740699", identity=None) == {"patients": []}
    for actor in (OF_SOLNA, Actor(kind="tool", id="x")):
        with pytest.raises(Forbidden):
            service(work, actor).of_login("solna", mobile="+46701740699")


def test_r1_b9_a_need_that_staff_gave_is_shown_to_its_patient_until_a_booking_uses_it(work: Work) -> None:
    service(work, BOOKING).create_or_fill(a_booking(origin="staff"))
    (eva,) = service(work, OF_SOLNA).find("solna")["patients"]
    need = service(work, OF_SOLNA).add_need("solna", patient=eva["id"], type="exam", week="2026-W49")
    assert need.pop("unconfirmed") == []
    login = KEYS.people.seal({"mobile": "+46701740699", "identity": None})
    patient = service(work, Actor(kind="patient", clinic="solna", login=login))
    assert patient.needs("solna")["needs"] == [{**need, "patient": None}]
    booked = a_booking()
    used = {"need": need["id"], "status": "booked", "created_at": NOW.isoformat()}
    service(work, BOOKING).note_use_of_need(replace(booked, data={**booked.data, **used}))
    assert patient.needs("solna")["needs"] == []
    (listed,) = service(work, OF_SOLNA).needs("solna", list="booked")["needs"]
    assert listed["booking"] == booked.subject
    with pytest.raises(Invalid):
        service(work, OF_SOLNA).close_need("solna", need["id"])


def test_b14_whoever_books_first_with_a_known_number_does_not_own_the_record(work: Work) -> None:
    """A stranger plants a record by a number that they know; the login to their own mobile proves no person."""
    service(work, BOOKING).create_or_fill(a_booking(mobile="+46701740605", email="stranger@example.org"))
    (eva,) = service(work, OF_SOLNA).find("solna")["patients"]
    assert (eva["mobile_confirmed"], eva["email_confirmed"], eva["mobile_unconfirmed"]) == (False, False, True)
    service(work, OF_SOLNA).add_need("solna", patient=eva["id"], type="exam", week="2026-W49")
    login = KEYS.people.seal({"mobile": "+46701740605", "identity": NUMBER})
    stranger = service(work, Actor(kind="patient", clinic="solna", login=login))
    assert stranger.needs("solna")["needs"] == []
    assert service(work, BOOKING).of_login("solna", mobile="+46701740605", identity=None) == {"patients": []}
    service(work, BOOKING).create_or_fill(a_booking())
    (same,) = service(work, OF_SOLNA).find("solna")["patients"]
    assert same == eva, "a later booking on the web does not change the record"


def test_b14_a_telephone_that_a_stranger_gave_for_a_known_number_opens_nothing_until_staff_note_it(work: Work) -> None:
    service(work, BOOKING).create_or_fill(a_booking(mobile=None))
    (eva,) = service(work, OF_SOLNA).find("solna")["patients"]
    service(work, OF_SOLNA).add_need("solna", patient=eva["id"], type="exam", week="2026-W49")
    service(work, BOOKING).create_or_fill(a_booking(mobile="+46701740605"))
    login = KEYS.people.seal({"mobile": "+46701740605", "identity": NUMBER})
    stranger = service(work, Actor(kind="patient", clinic="solna", login=login))
    ask = service(work, BOOKING).of_login
    shown = service(work, OF_SOLNA).get("solna", eva["id"])
    assert (shown["mobile"], shown["mobile_unconfirmed"]) == ("+46701740605", True)
    assert ask("solna", mobile="+46701740605", identity=NUMBER) == {"patients": []}
    assert stranger.needs("solna")["needs"] == []
    noted = service(work, OF_SOLNA).update("solna", eva["id"], confirm=["mobile"])
    assert noted["mobile_unconfirmed"] is False
    assert ask("solna", mobile="+46701740605", identity=None) == {"patients": [eva["id"]]}
    assert len(stranger.needs("solna")["needs"]) == 1
