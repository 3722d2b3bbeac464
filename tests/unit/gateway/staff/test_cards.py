"""Recall cards for the printer, as staff fetch them (PRODUCT M2, R2)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gateway.pdf.recall_cards import Card, Layout, printed
from shared.contracts.errors import NotFound
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.paper import ROW, pages_of, size_of, words_on
from tests.builders.gateway.world import World, refusing

URL = "/v1/staff/clinics/solna/recalls"


@pytest.fixture(autouse=True, scope="module")
def drawn_once() -> Iterator[None]:
    """Draw the same cards of the one clinic only once: what differs between the tests is what is asked."""
    drawn: dict[tuple[tuple[Card, ...], Layout], bytes] = {}

    def remembered(cards: Sequence[Card], document: Mapping[str, Any], layout: Layout) -> bytes:
        key = (tuple(cards), layout)
        if key not in drawn:
            drawn[key] = printed(cards, document, layout)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.pdf.issued_cards.printed", remembered)
        yield


@pytest.fixture
def staffed(tmp_path: Path) -> World:
    """Return a gateway whose booking service knows one recall."""
    world = World(tmp_path)
    open_clinic(world)
    world.booking.answers["recall_cards"] = {"cards": [ROW], "next": None}
    return world


@pytest.mark.parametrize(
    ("path", "asked", "size"),
    [
        ("7K3M9QX2VT/card.pdf", {"id": "7K3M9QX2VT"}, (105, 148)),
        ("7K3M9QX2VT/card.pdf?layout=a4", {"id": "7K3M9QX2VT"}, (210, 297)),
        ("cards.pdf?week=2026-W49", {"week": "2026-W49"}, (210, 297)),
        ("cards.pdf?week=2026-W49&layout=a6", {"week": "2026-W49"}, (105, 148)),
        ("cards.pdf", {}, (210, 297)),
    ],
)
def test_staff_fetch_the_cards_as_pdf(staffed: World, path, asked, size):
    answer = staffed.get(f"{URL}/{path}", token=staffed.log_in())
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'inline; filename="recalls.pdf"'
    (call,) = staffed.booking.calls
    assert (call.name, call.args, call.fields, call.actor.kind) == ("recall_cards", ("solna",), asked, "staff")
    (page,) = pages_of(answer.data)
    assert size_of(page) == size
    assert "7K3M-9QX2" in words_on(page)


def test_a_week_of_more_cards_than_one_answer_holds_leads_to_the_next_page(staffed: World) -> None:
    """R2: a week's batch, however large, is printed page by page, each within a request's time."""
    token = staffed.log_in()
    staffed.booking.answers["recall_cards"] = {"cards": [ROW], "next": 2}
    first = staffed.get(f"{URL}/cards.pdf?week=2026-W49&layout=a6", token=token)
    assert first.headers["Link"] == '<?week=2026-W49&page=2&layout=a6>; rel="next"'
    staffed.booking.answers["recall_cards"] = {"cards": [ROW], "next": None}
    last = staffed.get(f"{URL}/cards.pdf?week=2026-W49&page=2&layout=a6", token=token)
    assert "Link" not in last.headers
    assert [call.fields for call in staffed.booking.calls] == [{"week": "2026-W49"}, {"week": "2026-W49", "page": "2"}]


def test_cards_are_for_staff_and_what_is_wrong_is_refused(staffed: World):
    card = f"{URL}/7K3M9QX2VT/card.pdf"
    assert staffed.get(card).status_code == 401
    token = staffed.log_in()
    wrong = staffed.get(f"{card}?layout=a5&lang=sv", token=token)
    assert (wrong.status_code, wrong.json["errors"]) == (422, {"layout": ["Välj a6 eller a4."]})
    assert staffed.get(f"{card}?paper=a4", token=token).status_code == 422
    staffed.booking.answers["recall_cards"] = {"cards": [], "next": None}
    refused = staffed.get(f"{URL}/cards.pdf?week=2026-W49", token=token).json
    assert refused["code"] == "not_found"
    assert "by card first" in refused["detail"], "other recalls of the week are not printed"
    staffed.booking.answers["recall_cards"] = refusing(NotFound)
    assert staffed.get(card, token=token).status_code == 404
