"""The watch list in the console: who cancelled what and why, ticked off and looked up later (PRODUCT M5)."""

from typing import Any

import pytest

from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import open_clinic
from tests.builders.gateway.console import Browser
from tests.builders.gateway.world import World

AT = "/staff/solna/watch-list"
ENTRY = "d" * 32


def an_entry(**changes: Any) -> dict[str, Any]:
    """Return an entry of somebody who cancelled."""
    patient = {**a_booking()["patient"], "id": "p" * 32}
    known = {
        "id": ENTRY, "at": "2026-11-23T09:05:00+01:00", "reason": "cancelled", "absence": None,
        "comment": "I have <b>moved</b>", "done_at": None, "done_by": None,
        "booking": a_booking(status="cancelled", patient=patient),
    }  # fmt: skip
    return {**known, **changes}


@pytest.fixture
def desk(world: World) -> Browser:
    """Return an administrator at a clinic where somebody cancelled."""
    open_clinic(world)
    world.booking.answers |= {"watch_list": {"watch_list": [an_entry()], "next": None}, "watch_done": {"done": True}}
    return Browser(world)


def test_m5_who_cancelled_what_when_and_why_with_the_telephone_and_a_way_to_book_again(desk: Browser) -> None:
    html = desk.get(AT).text
    for shown in (
        "Maja Ek", "Tuesday 1 December 2026 at 14:00", "Anna Berg", "I have &lt;b&gt;moved&lt;/b&gt;",
        'href="tel:+46701740605"', f'href="/staff/solna/bookings/new?patient={"p" * 32}"',
    ):  # fmt: skip
        assert shown in html
    assert 'aria-current="page">Still open' in html


def test_m5_an_entry_is_ticked_off_and_looked_up(desk: Browser) -> None:
    answer = desk.post(f"{AT}/{ENTRY}/done")
    assert answer.location == f"{AT}?said=ticked&ticked={ENTRY}"
    assert "Ticked off. It can be looked up" in desk.follow(answer).text
    done = an_entry(done_at="2026-11-24T09:05:00+01:00", done_by="ann@solna.example")
    desk.world.booking.answers["watch_list"] = {"watch_list": [done], "next": "c"}
    html = desk.get(f"{AT}?done=true").text
    assert "ann@solna.example" in html
    assert f"{AT}/{ENTRY}/done" not in html
    assert f'action="{AT}/{ENTRY}/open"' in html
    assert f"{AT}?done=true&amp;cursor=c" in html
    asked = [call.fields for call in desk.world.booking.calls if call.name == "watch_list"][-1]
    assert asked == {"done": True}


def test_c10_what_was_ticked_off_by_a_slip_is_put_back_by_the_undo_that_stands_there(desk: Browser) -> None:
    undo = f'<form method="post" action="{AT}/{ENTRY}/open"'
    assert undo not in desk.get(AT).text
    said = desk.follow(desk.post(f"{AT}/{ENTRY}/done")).text
    assert undo in said
    assert "freed time" not in said, "no time was freed"
    answer = desk.post(f"{AT}/{ENTRY}/open")
    assert "It is open again." in desk.follow(answer).text
    (back,) = [call for call in desk.world.booking.calls if call.name == "watch_done" and call.fields]
    assert back.fields == {"on": False}


def test_c12_what_is_in_the_way_of_an_absence_leads_to_its_times(desk: Browser) -> None:
    entry = an_entry(reason="absence", absence="a1", comment=None, booking=a_booking(invited=True))
    desk.world.booking.answers["watch_list"] = {"watch_list": [entry], "next": None}
    html = desk.get(AT).text
    assert "Link sent, no time chosen yet" in html
    assert 'href="/staff/solna/absences/a1/collisions"' in html
    assert "Cancelled" not in html


def test_where_nobody_waits_it_says_so(desk: Browser) -> None:
    desk.world.booking.answers["watch_list"] = {"watch_list": [], "next": None}
    assert "Nobody has to be called back." in desk.get(AT).text
