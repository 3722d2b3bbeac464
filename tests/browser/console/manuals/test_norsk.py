"""norsk's manual: links to a type and to a week template, and the comment that the practitioner sees."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.console.manuals.conftest import LANGUAGES, Place, in_calendar

OpenPlace = Callable[..., Place]


def test_norsk_a_link_to_a_type_is_made_and_opens_with_it_chosen(place: OpenPlace) -> None:
    """Velger du en timetype vil alle timene av denne timetypen være forhåndsvalgt mot pasienten …"""
    norsk = place("norsk")
    page = norsk.desk("/links")
    first = norsk.clinic.desk("GET", "links")["links"]
    wanted = next(each for each in first if each["kind"] == "type")
    assert wanted["url"] in [each.input_value() for each in page.locator("input[readonly]").all()]
    visitor = norsk.visit(locale=LANGUAGES["norsk"])
    visitor.page.goto(wanted["url"])
    expect(visitor.page.locator("button[name=type]")).to_have_count(0)
    visitor.page.locator("button[name=choose], button.day, button[name=been]").first.wait_for()


def test_norsk_a_link_to_a_week_template_offers_its_types_alone(place: OpenPlace) -> None:
    """Velger du en ukemal vil alle timetypene i denne ukemalen være forhåndsvalgt mot pasienten …"""
    norsk = place("norsk")
    page = norsk.desk("/links")
    links = norsk.clinic.desk("GET", "links")["links"]
    wanted = next(each for each in links if each["kind"] == "template")
    assert wanted["url"] in [each.input_value() for each in page.locator("input[readonly]").all()]
    visitor = norsk.visit(locale=LANGUAGES["norsk"])
    visitor.page.goto(wanted["url"])
    types = visitor.page.locator("button[name=type]")
    types.first.wait_for()
    told = norsk.clinic.public.get(f"/clinics/{norsk.clinic.key}", template=wanted["key"])["types"]
    theirs = [each["key"] for each in told if wanted["practitioner"] in each["practitioners"]]
    assert theirs
    assert [each.get_attribute("value") for each in types.all()] == theirs


def test_norsk_beside_each_link_stands_that_it_does_not_work_now(place: OpenPlace) -> None:
    """Du kan velge å aktivere bestilling fra pasienter online"""
    norsk = place("norsk")
    document = norsk.clinic.desk("GET", "document").body
    document["booking"]["active"] = False
    assert norsk.clinic.desk("PUT", "document", document).status == 200
    page = norsk.desk("/links")
    links = page.locator("ul.links > li")
    assert links.count() > 1
    expect(links.filter(has=page.locator(".link-note"))).to_have_count(links.count())
    assert any(each.input_value().endswith("/recall") for each in page.locator("input[readonly]").all())
    assert "<iframe" in "".join(each.input_value() for each in page.locator("textarea[readonly]").all())


def test_norsk_the_practitioner_sees_the_comment(place: OpenPlace) -> None:
    """Kommentar: Her kan pasienten skrive inn en kommentar som behandleren vil se."""
    norsk = place("norsk")
    slot = norsk.slots()[0]
    reference, _ = norsk.booked(slot, message="Jeg kommer med krykker.")
    therapist = norsk.account("therapist", slot["practitioners"][0])
    page = norsk.desk(f"/calendar?date={slot['start'][:10]}", therapist)
    booking = in_calendar(page, reference)
    expect(booking).to_contain_text("Jeg kommer med krykker.")
    booking.click()
    expect(page.locator("#panel dd", has_text="Jeg kommer med krykker.")).to_be_visible()
