"""The fakes of what booking asks: they take what the services take, and nothing else."""

from typing import Any

import pytest

from tests.builders.booking.neighbours import FakeMethod, FakePatients
from tests.builders.booking.world import CLINIC, MAJA, MOBILE
from tests.builders.contracts import NotInContract


def test_a_method_that_the_service_does_not_have_cannot_be_faked() -> None:
    with pytest.raises(NotInContract):
        FakeMethod("patient", "whose_login", dict)


@pytest.mark.parametrize("proven", [{"mobile": MOBILE, "number": "1"}, {"identity": None}, {"mobile": ""}])
def test_fields_that_the_service_refuses_are_refused(proven: dict[str, Any]) -> None:
    patients = FakePatients({MOBILE: [MAJA]})
    assert patients.of_login(CLINIC, mobile=MOBILE, identity=None) == {"patients": [MAJA]}
    with pytest.raises(NotInContract):
        patients.of_login(CLINIC, **proven)


def test_arguments_that_the_method_does_not_name_are_refused() -> None:
    with pytest.raises(NotInContract):
        FakePatients({}).get(CLINIC, patient=MAJA)
