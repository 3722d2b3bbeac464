"""Who takes a type, and for how long (PRODUCT S12, S13)."""

import pytest

from shared.clinic.practitioners import length_with, online_takers_of, takers_of
from tests.builders.clinics.documents import a_document, a_practitioner, a_type

CLINIC = a_document(practitioners=[a_practitioner("anna"), a_practitioner("bo", online=False), a_practitioner("cleo")])


@pytest.mark.parametrize(
    ("named", "takers", "online"),
    [
        ([], ("anna", "cleo"), ("anna", "cleo")),
        (["cleo", "bo"], ("bo", "cleo"), ("cleo",)),
        (["bo"], ("bo",), ()),
    ],
)
def test_s13_a_type_is_taken_by_whom_it_names_or_by_all_who_are_online_and_booked_with_those_who_are(
    named: list[str], takers: tuple[str, ...], online: tuple[str, ...]
) -> None:
    kind = a_type(practitioners=named)
    assert takers_of(kind, CLINIC) == takers
    assert online_takers_of(kind, CLINIC) == online


@pytest.mark.parametrize(("practitioner", "minutes"), [("anna", 75), ("bo", 30), (None, 30)])
def test_s12_the_length_may_differ_with_the_practitioner(practitioner: str | None, minutes: int) -> None:
    assert length_with(a_type(length="30m", lengths={"anna": "1h15m"}), practitioner) == minutes
