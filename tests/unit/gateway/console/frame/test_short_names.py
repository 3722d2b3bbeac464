"""Addresses and keys made from names, whatever these are written in (issue 14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.console.frame.short_names import short_name
from services.availability.document.values import clinic_key


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Tandlægerne ved Åen", "tandlaegerne-ved-aen"),
        ("Øyeklinikken på Ås", "oyeklinikken-pa-as"),
        ("Cabinet de l’Hôpital", "cabinet-de-lhopital"),
        ("مطب دکتر پارسا", "mtb-dktr-prs"),
        ("— … —", "clinic"),
        ("A clinic with a name that is longer than anybody wants to type", "a-clinic-with-a-name-that-is-l"),
    ],
)
def test_a_name_in_any_script_gives_an_address(name: str, address: str) -> None:
    assert short_name(name, "clinic") == address


def test_one_that_is_taken_gets_a_number() -> None:
    assert short_name("Solna", "clinic", {"solna", "solna-2"}) == "solna-3"


@given(st.text(min_size=1, max_size=100))
def test_every_name_gives_an_address_that_a_clinic_may_have(name: str) -> None:
    try:
        clinic_key(short_name(name, "clinic"))
    except ValueError as wrong:
        assert "an address of the installation itself" in str(wrong)  # noqa: PT017 - told to whoever chose the name
