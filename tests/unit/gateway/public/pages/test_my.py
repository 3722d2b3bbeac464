"""A patient's own page: bookings, needs, log out (PRODUCT M7, B9)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.contracts import errors
from tests.builders.gateway.bookings import a_booking
from tests.builders.gateway.clinics import fields_of, heading_of, main_of
from tests.builders.gateway.logins import MOBILE, NEED, PROVEN, a_need, open_clinic_with_needs, sent_code, session_of
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import World, refusing

YES = {"allowed": True, "until": None, "reason": None}
NO = {"allowed": False, "until": None, "reason": "too_late"}


def own(may: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a booking as `booking.my_bookings` answers it."""
    return {**a_booking(**changes), "may": {"rebook": YES, "cancel": YES} | (may or {}), "manage_token": "T0KEN"}


def open_my_page(
    world: World, *bookings: dict[str, Any], needs: tuple[dict[str, Any], ...] = (), **changes: Any
) -> None:
    open_clinic_with_needs(world, *needs, **changes)
    world.booking.answers["my_bookings"] = {"bookings": list(bookings), "next": None}


def post(world: World, **fields: str) -> TestResponse:
    return world.post("/solna/my", data=fields, headers=ENGLISH)


def test_the_page_begins_with_a_login_m7(world: World) -> None:
    open_my_page(world, own())
    answer = world.get("/solna/my", headers=ENGLISH)
    assert heading_of(answer.text) == "Log in with your mobile"
    assert 'class="progress"' not in answer.text
    assert not world.booking.calls


def test_after_the_code_the_own_bookings_are_shown_m7(world: World) -> None:
    open_my_page(world, own())
    page = post(world, **{"login.mobile": MOBILE, "go": "send_code"})
    kept = fields_of(main_of(page))
    answer = post(world, **kept, **{"login.code": sent_code(world), "go": "log_in"})
    assert heading_of(answer.text) == "Your appointments"
    call = next(call for call in world.booking.calls if call.name == "my_bookings")
    assert call.actor.login is not None
    assert PROVEN in main_of(answer)


def test_each_booking_says_when_what_with_whom_and_whose_and_leads_to_its_link_m7(world: World) -> None:
    open_my_page(
        world,
        own(),
        own(
            start="2026-12-02T09:00:00+01:00",
            end="2026-12-02T09:30:00+01:00",
            patient={"first_name": "Nils", "last_name": "Ek"},
        ),
    )
    main = main_of(post(world, session=session_of(world)))
    for shown in ("Tuesday 1 December 2026", "14:00–14:45", "Examination", "Anna Berg", "Maja Ek", "Nils Ek"):
        assert shown in main
    for link in ("/m/T0KEN?go=move", "/m/T0KEN?go=cancel", "/m/T0KEN"):
        assert f'href="{link}"' in main


def test_what_may_not_be_changed_is_not_offered_m6(world: World) -> None:
    open_my_page(world, own({"rebook": NO, "cancel": NO}))
    main = main_of(post(world, session=session_of(world)))
    assert "go=move" not in main
    assert "go=cancel" not in main
    assert 'href="/m/T0KEN"' in main


def test_past_and_cancelled_bookings_are_told_from_those_to_come(world: World) -> None:
    past = own(start="2026-11-20T09:00:00+01:00", end="2026-11-20T09:30:00+01:00", status="done")
    open_my_page(world, past, own(status="cancelled"))
    coming, gone = main_of(post(world, session=session_of(world))).split("The last 30 days")
    assert "Cancelled" in coming
    assert "T0KEN" not in gone
    assert "Friday 20 November 2026" in gone
    assert "Friday 20 November 2026" not in coming


def test_who_has_nothing_to_come_is_told_so(world: World) -> None:
    open_my_page(world)
    main = main_of(post(world, session=session_of(world)))
    assert "You have no upcoming appointments here." in main
    assert "Time to book" not in main


def test_a_need_leads_into_the_booking_page_still_logged_in_b9(world: World) -> None:
    open_my_page(world, needs=(a_need(),))
    session = session_of(world)
    answer = post(world, session=session, lang="sv")
    form = main_of(answer).split('<form method="post" action="/solna">')[1].split("</form>")[0]
    assert fields_of(form) == {"lang": "sv", "session": session, "type": "recall", "need": NEED}
    booking = world.post("/solna", data=fields_of(form))
    assert heading_of(booking.text) == "När vill du komma?"


@pytest.mark.parametrize("needs", [(), (a_need(),)])
def test_where_new_bookings_are_off_nothing_is_offered_to_book_b1(
    world: World, needs: tuple[dict[str, Any], ...]
) -> None:
    open_my_page(world, own(), needs=needs, booking={"new": False})
    main = main_of(post(world, session=session_of(world)))
    assert 'action="/solna"' not in main
    assert "go=move" in main


def test_logging_out_ends_the_session_for_good(world: World) -> None:
    open_my_page(world, own())
    session = session_of(world)
    answer = post(world, session=session, go="log_out")
    assert heading_of(answer.text) == "You are logged out"
    assert session not in answer.text
    again = post(world, session=session)
    assert heading_of(again.text) == "Log in with your mobile"
    assert "You have been logged out" in again.text


def test_a_clinic_whose_online_booking_is_closed_says_whom_to_call_b1(world: World) -> None:
    open_my_page(world, booking={"active": False})
    answer = post(world, session=session_of(world))
    assert answer.status_code == 422
    assert 'href="tel:+4681234567"' in main_of(answer)


def test_a_service_that_is_away_can_be_tried_again_still_logged_in(world: World) -> None:
    open_my_page(world)
    world.booking.answers["my_bookings"] = refusing(errors.Unavailable)
    session = session_of(world)
    answer = post(world, session=session)
    assert answer.status_code == 503
    assert fields_of(main_of(answer)) == {"session": session}


def test_the_booking_page_leads_here_and_takes_the_login_along(world: World) -> None:
    open_my_page(world)
    assert 'href="/solna/my?lang=en"' in world.get("/solna?lang=en").text
    session = session_of(world)
    html = world.post("/solna", data={"session": session}).text
    form = html.split('<form method="post" action="/solna/my">')[1].split("</form>")[0]
    assert fields_of(form) == {"session": session}
