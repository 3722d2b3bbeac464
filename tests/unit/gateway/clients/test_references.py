"""A booking is found by its reference as people type one (PRODUCT C8)."""

import pytest

from gateway.clients.references import reference_in


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("7K3M9QX2VT", "7K3M9QX2VT"),
        (" 7k3m9-qx2vt ", "7K3M9QX2VT"),
        ("7K3M 9QX2 VT", "7K3M9QX2VT"),
        ("OIL3M9QX2V", "0113M9QX2V"),
        ("7K3M9QX2V", None),
        ("7K3M9QX2VTT", None),
        ("0701740605", None),
        ("Gustafsson", None),
        ("", None),
    ],
)
def test_c8_a_reference_is_known_as_it_is_read_out_and_a_telephone_number_is_none(
    typed: str, reference: str | None
) -> None:
    assert reference_in(typed) == reference
