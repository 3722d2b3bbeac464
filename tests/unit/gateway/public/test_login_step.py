"""The login of a patient on the booking page: mobile, code, and on with the booking (PRODUCT B14)."""

import pytest
from werkzeug.test import TestResponse

from shared.contracts import errors
from tests.builders.gateway.clinics import CHOSEN, DETAILS, START, buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.logins import MOBILE, PROVEN, sent_code, session_of
from tests.builders.gateway.visits import followed, get, post
from tests.builders.gateway.world import World, refusing

WITHOUT_MOBILE = {name: text for name, text in DETAILS.items() if name != "patient.mobile"}


def open_closed_clinic(world: World, **changes: object) -> None:
    """Open a clinic that nobody books at without a login."""
    open_clinic(world, booking={"without_login": False}, **changes)


def ask_for_code(world: World, mobile: str = MOBILE, **more: str) -> TestResponse:
    return post(world, **{"login.mobile": mobile, "go": "send_code", **more})


def log_in(world: World, **more: str) -> TestResponse:
    """Go through the login as a browser does: what a page hides goes along with what is typed."""
    page = ask_for_code(world, **more)
    return post(world, **fields_of(page.text.split("<main")[1]), **{"login.code": sent_code(world), "go": "log_in"})


def test_a_clinic_that_wants_a_login_asks_for_the_mobile_before_anything_else_b14(world: World) -> None:
    open_closed_clinic(world)
    for answer in (get(world), get(world, type="exam", practitioner="any")):
        assert answer.status_code == 200
        assert heading_of(answer.text) == "Log in with your mobile"
        assert 'name="login.mobile"' in answer.text
        assert 'name="login.national_id"' not in answer.text
    assert not world.availability.calls


def test_a_login_that_comes_first_has_nothing_to_go_back_to(world: World) -> None:
    open_closed_clinic(world)
    assert 'class="back"' not in get(world, type="exam", practitioner="any").text


def test_booking_without_login_asks_for_none_b14(world: World) -> None:
    open_clinic(world)
    assert heading_of(get(world).text) == "What would you like to book?"


def test_a_code_is_sent_and_asked_for_with_the_telephones_own_help_b14(world: World) -> None:
    open_closed_clinic(world)
    html = ask_for_code(world).text
    assert heading_of(html) == "Enter the code from the text message"
    assert "We have sent a code to \u2066070-174 06 05\u2069." in html
    field = html.split('name="login.code"')[1].split(">")[0]
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field
    assert world.notification.calls[0].args[:2] == ("solna", PROVEN)


@pytest.mark.parametrize("lang", ["sv", "fa"])
def test_the_sms_comes_in_the_language_of_the_page(world: World, lang: str) -> None:
    open_closed_clinic(world)
    ask_for_code(world, lang=lang)
    assert world.notification.calls[0].args[3] == lang


def test_the_right_code_goes_on_with_what_was_chosen_before(world: World) -> None:
    open_closed_clinic(world)
    html = log_in(world, type="exam", practitioner="any").text
    assert heading_of(html) == "When would you like to come?"
    kept = fields_of(html.split("<main")[1])
    assert kept["session"]
    assert kept["type"] == "exam"


def test_where_no_cookie_comes_back_a_login_is_carried_in_hidden_fields_and_never_in_an_address_b14(
    world: World,
) -> None:
    open_closed_clinic(world)
    page = log_in(world)
    session = fields_of(page.text)["session"]
    steps = [page]
    for chosen in ({"type": "exam"}, {"practitioner": "any"}, {"date": "2026-12-01"}, {"choose": START}):
        steps.append(post(world, **{**fields_of(steps[-1].text.split("<main")[1]), **chosen}))
    assert heading_of(steps[-1].text) == "Your details"
    for step in steps:
        assert step.status_code == 200, "a redirect would lose the login or show it"
        assert session not in step.headers.get("Set-Cookie", "")
        assert 'method="get"' not in step.text.split("<main")[1]
        for attribute in ('href="', 'action="', 'src="'):
            assert not [part for part in step.text.split(attribute)[1:] if session in part.split('"')[0]]


def test_calls_after_a_login_are_made_by_whom_it_has_proven(world: World) -> None:
    open_closed_clinic(world)
    post(world, session=session_of(world), type="exam", practitioner="any", choose=START)
    actor = next(call.actor for call in world.booking.calls if call.name == "hold")
    assert (actor.kind, actor.clinic, actor.login is not None) == ("patient", "solna", True)


def test_the_proven_mobile_is_shown_and_booked_with_and_not_asked_for_again_b14(world: World) -> None:
    open_closed_clinic(world)
    session = session_of(world)
    details = post(world, **CHOSEN, session=session, go="details").text
    assert 'name="patient.mobile"' not in details
    assert PROVEN in details
    assert 'name="patient.no_sms"' in details
    review = post(world, **CHOSEN, **WITHOUT_MOBILE, session=session, go="review").text
    assert PROVEN in review
    done = post(world, **CHOSEN, **WITHOUT_MOBILE, session=session, go="confirm", key="k1").text
    assert heading_of(done) == "Your appointment is booked"
    booked = next(call.fields for call in world.booking.calls if call.name == "book")
    assert booked["patient"]["mobile"] == PROVEN
    assert f"by text message to \u2066{PROVEN}\u2069" in done


def test_a_clinic_that_hides_the_mobile_books_without_sending_it(world: World) -> None:
    open_closed_clinic(world, details={"mobile": "hidden"})
    post(world, **CHOSEN, **WITHOUT_MOBILE, session=session_of(world), go="confirm", key="k1")
    booked = next(call.fields for call in world.booking.calls if call.name == "book")
    assert "mobile" not in booked["patient"]


@pytest.mark.parametrize("code", ["000000", "nonsense", "12 34"])
def test_a_wrong_code_is_said_at_its_field_and_can_be_tried_again(world: World, code: str) -> None:
    open_closed_clinic(world)
    page = ask_for_code(world)
    kept = fields_of(page.text.split("<main")[1])
    answer = post(world, **kept, **{"login.code": code, "go": "log_in"})
    assert answer.status_code == 422
    assert 'href="#login-code"' in answer.text
    assert "The code is wrong or no longer valid." in answer.text
    right = post(world, **fields_of(answer.text.split("<main")[1]), **{"login.code": sent_code(world), "go": "log_in"})
    assert heading_of(right.text) == "What would you like to book?"


def test_a_code_left_out_is_asked_for(world: World) -> None:
    open_closed_clinic(world)
    kept = fields_of(ask_for_code(world).text.split("<main")[1])
    answer = post(world, **kept, go="log_in")
    assert answer.status_code == 422
    assert "Enter the code from the text message." in answer.text


def test_after_too_many_wrong_codes_the_page_says_how_long_to_wait_and_whom_to_call(world: World) -> None:
    open_closed_clinic(world)
    kept = fields_of(ask_for_code(world).text.split("<main")[1])
    answers = [post(world, **kept, **{"login.code": "000000", "go": "log_in"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    main = answers[-1].text.split("<main")[1]
    assert "Please try again in 15\u00a0min." in main
    assert 'href="tel:+4681234567"' in main
    assert heading_of(answers[-1].text) == "Enter the code from the text message"


def test_a_new_code_can_be_sent_and_voids_the_first(world: World) -> None:
    open_closed_clinic(world)
    kept = fields_of(ask_for_code(world).text.split("<main")[1])
    first = sent_code(world)
    again = post(world, **kept, go="new_code")
    assert "We have sent a new code." in again.text
    assert sent_code(world) != first
    assert post(world, **kept, **{"login.code": first, "go": "log_in"}).status_code == 422


def test_too_many_codes_leave_the_page_where_the_last_one_can_be_given(world: World) -> None:
    open_closed_clinic(world)
    kept = fields_of(ask_for_code(world).text.split("<main")[1])
    answers = [post(world, **kept, go="new_code") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert heading_of(answers[-1].text) == "Enter the code from the text message"
    fourth = post(world, **{"login.mobile": MOBILE, "go": "send_code"})
    assert fourth.status_code == 429
    assert heading_of(fourth.text) == "Log in with your mobile"


@pytest.mark.parametrize(
    ("mobile", "said"),
    [
        ("", "Enter your mobile number."),
        ("12", "Enter the whole telephone number"),
        ("08-465 00 41", "cannot receive text messages"),
    ],
)
def test_a_mobile_that_is_none_is_said_at_its_field_and_kept(world: World, mobile: str, said: str) -> None:
    open_closed_clinic(world)
    answer = ask_for_code(world, mobile)
    assert answer.status_code == 422
    assert 'href="#login-mobile"' in answer.text
    assert said in answer.text
    assert not world.notification.calls


def test_a_mobile_to_which_the_clinic_sends_no_sms_is_said_at_its_field(world: World) -> None:
    open_closed_clinic(world)
    says = "This clinic cannot send text messages to that number. Please call the clinic."
    world.notification.answers["send_code"] = refusing(errors.Invalid, errors={"mobile": [says]})
    answer = ask_for_code(world, "+98 912 345 6789")
    assert answer.status_code == 422
    assert 'href="#login-mobile"' in answer.text
    assert says in answer.text


def test_a_login_of_two_steps_asks_for_the_national_number_too_b14(world: World) -> None:
    open_closed_clinic(world, two_step={"patients": True})
    assert 'name="login.national_id"' in get(world).text
    missing = ask_for_code(world)
    assert 'href="#login-national_id"' in missing.text
    assert "Enter your identity number." in missing.text
    html = log_in(world, **{"login.national_id": "19850412-1230", "type": "exam"}).text
    assert heading_of(html) == "Who would you like to see?"
    details = post(world, **{**fields_of(html.split("<main")[1]), **CHOSEN}, go="details").text
    assert 'name="patient.national_id" type="text" value="19850412-1230"' in details


def test_a_login_that_ended_meanwhile_loses_nothing_that_was_typed(world: World) -> None:
    open_closed_clinic(world)
    answer = post(world, **CHOSEN, **WITHOUT_MOBILE, session="ended", go="confirm", key="k1")
    assert answer.status_code == 200
    assert heading_of(answer.text) == "Log in with your mobile"
    assert "You have been logged out" in answer.text
    assert not world.booking.calls
    kept = fields_of(answer.text.split("<main")[1])
    assert kept.items() >= WITHOUT_MOBILE.items()
    assert "session" not in kept
    html = log_in(world, **kept).text
    assert heading_of(html) == "Check your answers"


def test_a_login_that_a_service_no_longer_accepts_leads_back_to_it(world: World) -> None:
    open_closed_clinic(world)
    world.booking.answers["book"] = refusing(errors.LoginRequired)
    answer = post(world, **CHOSEN, **WITHOUT_MOBILE, session=session_of(world), go="confirm", key="k1")
    assert heading_of(answer.text) == "Log in with your mobile"
    assert fields_of(answer.text.split("<main")[1]).items() >= WITHOUT_MOBILE.items()


def test_a_login_at_another_clinic_is_none_here(world: World) -> None:
    open_closed_clinic(world)
    answer = post(world, session=session_of(world, clinic="elsewhere"))
    assert heading_of(answer.text) == "Log in with your mobile"


def test_changing_the_language_keeps_the_step_of_the_login(world: World) -> None:
    open_closed_clinic(world)
    page = ask_for_code(world).text
    switch = fields_of(page.split('class="languages"')[1].split("</form>")[0])
    answer = post(world, **switch, lang="sv")
    assert heading_of(answer.text) == "Fyll i koden från sms:et"
    assert len(world.notification.calls) == 1, "no other code is sent"


def test_a_service_that_cannot_send_the_code_loses_nothing(world: World) -> None:
    open_closed_clinic(world)
    world.notification.answers["send_code"] = refusing(errors.Unavailable)
    answer = ask_for_code(world)
    assert answer.status_code == 503
    assert fields_of(answer.text.split("<main")[1])["login.mobile"] == MOBILE


def test_the_session_cannot_be_given_in_an_address(world: World) -> None:
    open_closed_clinic(world)
    assert heading_of(get(world, session=session_of(world)).text) == "Log in with your mobile"


@pytest.mark.parametrize("go", ["log_in", "code", "new_code", "login"])
def test_steps_of_a_login_that_come_too_early_begin_it(world: World, go: str) -> None:
    open_closed_clinic(world)
    answer = post(world, go=go, **{"login.code": "123456"})
    shown = followed(world, answer) if answer.status_code == 303 else answer
    assert heading_of(shown.text) == "Log in with your mobile"


def test_the_number_of_steps_never_changes_on_the_way(world: World) -> None:
    open_clinic(world)
    chosen = {"type": "acute", "practitioner": "anna"}
    pages = [get(world), get(world, type="exam"), get(world, **chosen), get(world, **{**CHOSEN, **chosen})]
    pages.append(post(world, **{**CHOSEN, **chosen}, **DETAILS, go="review"))
    progress = [page.text.split('class="progress">')[1].split("\n")[0] for page in pages]
    assert progress == [f"Step {number} of 4" for number in (1, 1, 2, 3, 4)]
    assert not buttons_of(pages[2].text, "practitioner")
