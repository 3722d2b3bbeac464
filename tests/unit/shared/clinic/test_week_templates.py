"""Which types can be booked in a week template, by the kinds of its blocks (PRODUCT B15, S2, S3)."""

import pytest

from shared.clinic.week_templates import types_bookable_in
from tests.builders.clinics.documents import a_block, a_document, a_template, a_type

TYPES = [
    a_type("any"),
    a_type("acute", blocks=["acute"]),
    a_type("inner", blocks=["lunch"]),
    a_type("staff", online=False),
]


@pytest.mark.parametrize(
    ("kinds", "bookable"),
    [
        (["exam"], {"any"}),
        (["acute"], {"any", "acute"}),
        (["lunch"], set()),
        (["lunch", "acute", "exam"], {"any", "acute"}),
        ([], set()),
    ],
)
def test_b15_a_type_is_bookable_in_it_where_a_block_is_open_to_it(kinds: list[str], bookable: set[str]) -> None:
    blocks = [a_block(f"{8 + hour:02}:00", f"{9 + hour:02}:00", kind) for hour, kind in enumerate(kinds)]
    document = a_document(
        types=TYPES, templates=[a_template("other", [a_block("08:00", "09:00")]), a_template("this", fri=blocks)]
    )
    assert types_bookable_in(document, "this") == bookable


def test_b15_there_is_no_such_template() -> None:
    with pytest.raises(KeyError):
        types_bookable_in(a_document(), "gone")
