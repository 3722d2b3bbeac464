"""What a clinic offers on the web at all (PRODUCT B1)."""

import pytest

from shared.clinic.switches import FUNCTIONS, functions_on, is_active, is_on
from tests.builders.clinics.documents import a_document


@pytest.mark.parametrize("function", FUNCTIONS)
def test_b1_each_function_has_a_switch_of_its_own(function: str) -> None:
    document = a_document(booking={function: False})
    assert not is_on(document, function)
    assert functions_on(document) == {name: name != function for name in FUNCTIONS}


def test_b1_where_booking_is_off_no_function_is_on() -> None:
    document = a_document(booking={"active": False})
    assert not is_active(document)
    assert functions_on(document) == dict.fromkeys(FUNCTIONS, False)
