"""The page behind a personal link (PRODUCT M)."""

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.links import LINK, NEW_START, called, get, open_link, refused
from tests.builders.gateway.world import World, refusing


def test_the_link_opens_the_booking_with_what_may_be_done_and_until_when_m1(world: World):
    open_link(world)
    html = get(world).text
    assert heading_of(html) == "Your appointment"
    for shown in ("Tuesday 1 December 2026", "14:00–14:45", "Examination", "Anna Berg", "7K3M9QX2VT"):
        assert shown in html
    assert f'href="{LINK}?go=move"' in html
    assert f'href="{LINK}?go=cancel"' in html
    assert "until Monday 30 November at 14:00" in html


def test_no_stored_patient_data_is_shown(world: World):
    open_link(world)
    html = get(world).text
    for hidden in ("+46701740605", "maja@example.com", "Maja", "US<"):
        assert hidden not in html


def test_moving_shows_days_by_how_many_times_they_have_m4(world: World):
    open_link(world)
    html = get(world, go="move", month="2026-12-01").text
    assert 'class="day many" name="date" value="2026-12-02"' in html
    assert 'class="day few" name="date" value="2026-12-03"' in html
    assert all(query["to"] <= "2026-12-31" for query in called(world, "slots_for"))


def test_a_new_time_is_reviewed_beside_the_present_one_before_anything_changes_m4(world: World):
    open_link(world)
    world.booking.answers["slots_for"]["slots"] = world.booking.answers["slots_for"]["slots"][:2]
    assert buttons_of(get(world, go="move", date="2026-12-02").text, "start")[0] == NEW_START
    html = get(world, go="move", start=NEW_START).text
    assert "Wednesday 2 December 2026 at 09:00" in html
    assert "<s>Tuesday 1 December 2026 at 14:00</s>" in html
    assert not called(world, "rebook")


@pytest.mark.parametrize(
    ("then", "says"),
    [
        ([], "Once moved to this time, your appointment can no longer be moved or cancelled online."),
        (["rebook"], "Once moved to this time, your appointment can no longer be cancelled online."),
        (["cancel"], "Once moved to this time, your appointment can no longer be moved online."),
        (["rebook", "cancel"], None),
    ],
)
def test_a_time_so_near_that_nothing_can_be_undone_says_so_before_the_move_m6(world: World, then, says):
    open_link(world)
    world.booking.answers["slots_for"]["slots"][0]["then"] = then
    html = get(world, go="move", start=NEW_START).text
    assert ("Once moved to this time" in html) is (says is not None)
    assert says is None or says in html
    assert called(world, "slots_for") == [{"from": "2026-12-02", "to": "2026-12-02"}]


def test_what_cannot_be_moved_because_its_practitioner_is_offline_is_not_said_to_be_booked_elsewhere(world: World):
    open_link(world, may={"rebook": refused("not_changeable")})
    html = get(world).text
    assert "The clinic no longer offers other times for this appointment online." in html
    assert "was not booked online" not in html


def test_confirming_moves_and_leads_back_to_the_booking(world: World):
    open_link(world)
    answer = world.post(LINK, data={"go": "move", "start": NEW_START})
    assert answer.status_code == 303
    assert called(world, "rebook") == [{"token": "7K3M9QX2VTsecret", "start": NEW_START}]
    assert "Your appointment has been moved." in world.get(answer.location).text


def test_cancelling_sends_the_comment_m5(world: World):
    open_link(world)
    assert "<textarea" in get(world, go="cancel").text
    answer = world.post(LINK, data={"go": "cancel", "comment": " I have a cold. "})
    assert called(world, "cancel") == [{"token": "7K3M9QX2VTsecret", "comment": "I have a cold."}]
    assert "Your appointment has been cancelled." in world.get(answer.location).text


def test_cancelling_needs_no_comment_m5(world: World):
    open_link(world)
    world.post(LINK, data={"go": "cancel", "comment": "  "})
    assert called(world, "cancel") == [{"token": "7K3M9QX2VTsecret", "comment": None}]


@pytest.mark.parametrize("reason", ["too_late", "function_off", "not_changeable", "booking_off", "something_new"])
def test_what_may_not_be_done_is_explained_with_the_telephone_number_m6(world: World, reason):
    open_link(world, may={"rebook": refused(reason), "cancel": refused(reason)})
    html = get(world).text
    assert "go=move" not in html
    assert "go=cancel" not in html
    assert 'href="tel:+4681234567"' in html.split("<main")[1].split("</main>")[0]
    assert heading_of(get(world, go="move").text) == "Your appointment"


def test_a_cancelled_booking_still_opens_and_nothing_can_be_done_with_it(world: World):
    gone = refused("already_cancelled")
    open_link(world, may={"rebook": gone, "cancel": gone}, status="cancelled")
    html = get(world).text
    assert heading_of(html) == "This appointment is cancelled"
    assert "go=move" not in html
    assert "Book a new appointment" in html


@pytest.mark.parametrize(
    ("refusal", "status"), [(errors.TooLate, 409), (errors.AlreadyCancelled, 409), (errors.NotChangeable, 422)]
)
def test_a_change_that_comes_too_late_gets_the_telephone_number_m6(world: World, refusal, status):
    open_link(world)
    world.booking.answers["rebook"] = refusing(refusal, phone="+46 8 765 43 21")
    answer = world.post(LINK, data={"go": "move", "start": NEW_START})
    assert answer.status_code == status
    assert 'href="tel:+4687654321"' in answer.text


def test_a_new_time_that_was_taken_meanwhile_offers_the_nearest_for_review(world: World):
    open_link(world)
    nearest = [{"start": "2026-12-02T11:00:00+01:00", "end": "2026-12-02T11:45:00+01:00", "practitioners": ["anna"]}]
    world.booking.answers["rebook"] = refusing(errors.SlotTaken, alternatives=nearest)
    answer = world.post(LINK, data={"go": "move", "start": NEW_START})
    assert answer.status_code == 409
    assert buttons_of(answer.text, "start") == ["2026-12-02T11:00:00+01:00"]
    assert fields_of(answer.text.split("<main")[1]) == {"go": "move"}


def test_a_move_that_could_not_be_tried_can_be_tried_again(world: World):
    open_link(world)
    world.booking.answers["rebook"] = refusing(errors.Timeout)
    answer = world.post(LINK, data={"go": "move", "start": NEW_START})
    assert answer.status_code == 504
    assert fields_of(answer.text.split("<main")[1]) == {"go": "move", "start": NEW_START}


@pytest.mark.parametrize(("go", "name"), [("move", "rebook"), ("cancel", "cancel")])
def test_a_change_is_made_of_the_version_that_its_page_showed(world: World, go, name):
    open_link(world, version=3)
    page = get(world, go=go, start=NEW_START).text if go == "move" else get(world, go=go).text
    version = fields_of(page.split("<main")[1])["version"]
    assert world.post(LINK, data={"go": go, "start": NEW_START, "version": version}).status_code == 303
    assert [fields["version"] for fields in called(world, name)] == [3]


@pytest.mark.parametrize("go", ["move", "cancel"])
def test_what_was_changed_meanwhile_is_left_as_it_is_and_shown_as_it_stands(world: World, go):
    open_link(world)
    world.booking.answers |= {name: refusing(errors.ChangedMeanwhile) for name in ("rebook", "cancel")}
    answer = world.post(LINK, data={"go": go, "start": NEW_START, "version": "1"})
    assert answer.status_code == 409
    assert heading_of(answer.text) == "Your appointment"
    assert "has changed since you opened this page, so nothing was done" in answer.text
    assert f'href="{LINK}?go=move"' in answer.text


@pytest.mark.parametrize("version", ["", "one", "-1", "9" * 40])
def test_a_page_that_says_no_version_still_changes(world: World, version):
    """One that was drawn by version 0.1.0."""
    open_link(world)
    assert world.post(LINK, data={"go": "cancel", "version": version}).status_code == 303
    assert called(world, "cancel") == [{"token": "7K3M9QX2VTsecret", "comment": None}]


@pytest.mark.parametrize(("go", "name"), [("move", "rebook"), ("cancel", "cancel")])
def test_booking_of_version_0_1_0_is_asked_without_a_version(world: World, go, name):
    """It knows of none, and says so."""
    open_link(world)
    world.booking.answers[name] = refusing(errors.Invalid, errors={"version": ["Unknown field."]})
    world.post(LINK, data={"go": go, "start": NEW_START, "version": "1"})
    assert ["version" in fields for fields in called(world, name)] == [True, False]


def test_times_to_move_to_that_could_not_be_had_can_be_asked_for_again(world: World):
    open_link(world)
    world.booking.answers["slots_for"] = refusing(errors.Unavailable)
    answer = get(world, go="move")
    assert answer.status_code == 503
    assert f'href="{LINK}?go=move"' in answer.text.split("<main")[1]


@pytest.mark.parametrize(
    ("refusal", "heading"),
    [
        (errors.NotFound, "This page does not exist"),
        (errors.Gone, "This link is no longer valid"),
        (errors.Unavailable, "This is not working right now"),
    ],
)
def test_a_link_that_opens_nothing_says_why(world: World, refusal, heading):
    world.booking.answers["open_link"] = refusing(refusal)
    answer = get(world)
    assert answer.status_code == refusal.status
    assert heading_of(answer.text) == heading


def test_the_page_is_in_the_language_that_the_patient_booked_in_unless_asked_otherwise(world: World):
    open_link(world, language="sv")
    assert '<html lang="sv"' in get(world).text
    assert '<html lang="fa" dir="rtl"' in get(world, lang="fa").text


def test_personal_pages_are_neither_framed_nor_kept(world: World):
    open_link(world)
    headers = get(world).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        {"go": "move", "start": "then"},
        {"go": "move", "start": "0001-01-01T00:00:00+14:00"},
        {"go": "move", "start": "9999-12-31T23:59:59-14:00"},
        {"go": "move", "date": "x"},
        {"go": "x", "done": "x"},
    ],
)
def test_odd_addresses_show_the_booking_or_its_calendar(world: World, query):
    open_link(world)
    assert get(world, **query).status_code == 200


def test_the_way_to_the_clinic_opens_beside_the_page_and_learns_nothing_of_it(world: World) -> None:
    open_link(world)
    link = get(world).text.split("https://www.openstreetmap.org")[1].split(">")[0]
    assert link.startswith('/search?query=Storgatan+1%2C+Solna"')
    assert 'target="_blank" rel="noopener noreferrer"' in link
    assert "Call <bdi" in get(world).text


def test_a_clinic_without_address_and_number_shows_neither(world: World) -> None:
    open_link(world)
    open_clinic(world, contact={})
    html = get(world).text
    assert "openstreetmap" not in html
    assert 'href="tel:' not in html


def test_a_change_whose_booking_cannot_be_looked_up_can_be_sent_again_as_it_was(world: World):
    world.booking.answers["open_link"] = refusing(errors.Unavailable)
    answer = world.post(LINK, data={"step": "cancel", "comment": "Jag är sjuk"})
    assert answer.status_code == 503
    assert answer.content_type.startswith("text/html")
    assert 'value="Jag är sjuk"' in answer.text


def test_who_is_asked_for_another_time_reads_so_with_the_clinic_s_words_and_chooses_c12(world: World):
    open_link(world, invited=True, invitation="Anna is ill. <b>Sorry</b>", origin="staff")
    html = get(world).text
    assert "Unfortunately we cannot keep your appointment. Please choose a new time." in html
    assert "Anna is ill. &lt;b&gt;Sorry&lt;/b&gt;" in html
    assert "You can move" not in html, "no deadline binds them"
    assert "Choose a new time" in html
    assert "You may choose anybody who offers it." in get(world, go="move").text


def test_who_is_asked_for_another_time_sees_with_whom_it_would_be_and_chooses_among_several_c12(world: World):
    open_link(world, invited=True)
    slots = world.booking.answers["slots_for"]["slots"]
    html = get(world, go="move", start=NEW_START).text
    assert '<input type="hidden" name="practitioner" value="anna">' in html
    assert "Keep the current time" not in html
    slots[0]["practitioners"] = ["erik", "anna"]
    html = get(world, go="move", start=NEW_START).text
    assert html.index('value="anna" checked') < html.index('value="erik"'), "whom they had before comes first"
    sent = {"go": "move", "start": NEW_START, "practitioner": "erik", "version": "1"}
    world.booking.answers["rebook"] = world.booking.answers["open_link"]["booking"]
    assert world.post(LINK, data=sent).status_code == 303
    (moved,) = called(world, "rebook")
    assert (moved["practitioner"], moved["start"]) == ("erik", NEW_START)


def test_who_was_not_asked_names_no_practitioner_m4(world: World):
    open_link(world)
    world.booking.answers["rebook"] = world.booking.answers["open_link"]["booking"]
    world.post(LINK, data={"go": "move", "start": NEW_START, "practitioner": "bo", "version": "1"})
    assert all("practitioner" not in call for call in called(world, "rebook"))
