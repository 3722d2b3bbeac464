"""What the Nameko class adds: who may ask, before what was asked is looked at (PRODUCT C1, CONTRACTS 2)."""

from typing import Any
from unittest.mock import Mock

import pytest
from nameko.testing.services import worker_factory

from services.patient.service import PatientService
from shared.actor import PUBLIC, Actor
from shared.clock import FakeClock
from shared.contracts.errors import Forbidden, Invalid, LoginRequired
from tests.integration.patient.desks import BOOKING, NOW, SECRETS, FakeDocuments, Work
from tests.integration.patient.test_patients_from_bookings import NUMBER, a_booking, published

OF_SOLNA = Actor(kind="staff", id="ann@solna.example", role="therapist", clinic="solna")
CALLS = {
    "identify": lambda service: service.identify("solna", nonsense=1),
    "find": lambda service: service.find("solna", limit="many"),
    "get": lambda service: service.get("solna", "x"),
    "update": lambda service: service.update("solna", "x", mobile=1),
    "of_login": lambda service: service.of_login("solna", mobile=1),
    "contacts": lambda service: service.contacts("solna", ids=1),
    "needs": lambda service: service.needs("solna", limit="many"),
    "add_need": lambda service: service.add_need("solna", week=1),
    "close_need": lambda service: service.close_need("solna", "x"),
}


def service(work: Work, actor: Actor) -> Any:
    """Return the service in the hands of `actor`."""
    return worker_factory(
        PatientService,
        work=work,
        documents=FakeDocuments(),
        actor=Mock(get=lambda: actor, correlation_id="abc"),
        clock=FakeClock(NOW),
        secrets=SECRETS,
    )


@pytest.mark.parametrize("method", CALLS)
def test_c1_the_public_and_other_clinics_staff_learn_nothing(work: Work, method: str) -> None:
    with pytest.raises(LoginRequired):
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
