"""What is typed into the set-up's forms: compared, saved, told what is wrong with it, never over others (C3)."""

import re
from html import unescape

import pytest

from shared.contracts import errors
from tests.builders.gateway.console import Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.set_up_forms import SET_UP, applied, send, typed


def test_c3_what_becomes_different_is_shown_in_words_and_then_saved(browser: Browser) -> None:
    page = typed(
        browser, "/types/exam", length__number="45", price="1200", alias__en="Check-up", slots__mode="flexible"
    )
    text = unescape(page.text)
    for said in ("What becomes different", "Length", "45\u00a0min", "1200", "English", "Check-up", "Flexible"):
        assert said in text
    assert not applied(browser)
    answer = send(browser, "/types/exam", sent_by(page.text), do="apply")
    assert answer.location == f"{SET_UP}/types?done=applied"
    (fields,) = applied(browser)
    assert fields["if_revision"] == 7
    assert fields["document"]["types"][0]["length"] == "45m"
    assert "The set-up is saved." in browser.follow(answer).text


def test_c3_what_is_added_is_told_by_its_name_and_not_by_its_key(browser: Browser) -> None:
    page = unescape(typed(browser, "/practitioners/-new", name="Gunilla Ek").text)
    assert "<strong>Practitioners</strong>, <bdi>Gunilla Ek</bdi>" in page
    assert "Short name" not in page.partition("<table")[2].partition("</table>")[0]


def test_c3_what_was_typed_after_the_differences_were_seen_is_shown_before_it_is_saved(browser: Browser) -> None:
    seen = sent_by(typed(browser, "/types/exam", length__number="45").text)
    page = send(browser, "/types/exam", seen, do="apply", length__number="60")
    assert page.status_code == 200
    assert "1\u00a0h" in page.text
    assert not applied(browser)


def test_c3_a_mistake_stands_beside_its_field(browser: Browser) -> None:
    page = typed(browser, "/types/exam", length__number="47", name="")
    assert page.status_code == 422
    assert '<a href="#length">' in page.text
    assert 'id="error-length"' in page.text
    assert '<a href="#name">' in page.text
    assert re.search(r'<a href="#length">Length: <span data-mistake>[^<]+</span></a>', page.text)
    assert 'value="47"' in page.text, "what was typed is still there"
    assert 'value="apply"' not in page.text


def test_c3_a_mistake_elsewhere_in_the_document_is_told_with_the_way_there(browser: Browser) -> None:
    page = typed(browser, "/templates/normal", do="remove")
    assert page.status_code == 422
    assert "Plans</strong>" in page.text
    assert f'href="{SET_UP}/plans"' in page.text
    assert not applied(browser)


def test_c3_what_somebody_else_saved_meanwhile_is_told_and_not_overwritten(browser: Browser) -> None:
    form = sent_by(browser.get(f"{SET_UP}/booking").text)
    put_in_force(browser.world, name="Another name")
    browser.world.availability.answers["document"]["revision"] = 8
    page = send(browser, "/booking", form, booking__few="5")
    assert page.status_code == 409
    assert "Somebody else has saved the set-up meanwhile" in page.text
    again = sent_by(page.text)
    assert again["revision"] == ["8"]
    send(browser, "/booking", again, do="apply")
    (fields,) = applied(browser)
    assert (fields["if_revision"], fields["document"]["name"]) == (8, "Another name"), "theirs stays"


def test_c3_who_is_overtaken_in_the_last_moment_is_told_as_well(browser: Browser) -> None:
    seen = sent_by(typed(browser, "/booking", booking__few="5").text)
    browser.world.availability.answers["apply_document"] = errors.ChangedMeanwhile.because("Revision 8 now.")
    page = send(browser, "/booking", seen, do="apply")
    assert page.status_code == 409
    assert 'name="booking.few" type="text" value="5"' in page.text


@pytest.mark.parametrize("method", ["check_document", "apply_document"])
def test_c3_what_was_typed_stays_where_the_service_is_away(browser: Browser, method: str) -> None:
    seen = sent_by(typed(browser, "/booking", booking__few="5").text)
    browser.world.availability.answers[method] = errors.Unavailable.because("availability does not answer")
    page = send(browser, "/booking", seen, do="apply" if method == "apply_document" else "check")
    assert page.status_code == 503
    assert 'name="booking.few" type="text" value="5"' in page.text


@pytest.mark.parametrize(
    ("path", "over", "said"),
    [
        ("/types/exam", {"length__number": "47"}, "Det skal passe til tidsrasteret: 45m or 50m."),
        ("/types/exam", {"length__number": "x"}, "Indtast et tal."),
        ("/types/exam", {"name": ""}, "Udfyld dette."),
        ("/types/exam", {"price": "much"}, "Indtast et beløb, for eksempel 995 eller 79,50."),
        ("/types/exam", {"min_age__on": "yes", "min_age": "151"}, "Indtast et helt tal fra 0 til 150."),
        ("/practitioners/anna", {"email": "anna"}, "Indtast en e-mailadresse, for eksempel info@clinic.example."),
        ("/clinic", {"look__accent": "#ffff00"}, "Den er for lys til at læse."),
        (
            "/booking",
            {"booking__tracking__visit": "http://x.example"},
            "Indtast en adresse, der begynder med https://.",
        ),
        ("/plans/1", {"to": "2025-01-01"}, "Sidste dag er før første dag."),
        ("/templates/normal", {"week__mon__0__to": "12:30"}, "Den overlapper en anden blok."),
        ("/messages", {"quiet_hours__from": "22", "quiet_hours__to": "22"}, "Begge klokkeslæt er ens."),
        ("/messages", {"messages__reminder__sms__sv": "{{ patient.name }}"}, "”patient.name” kan ikke udfyldes."),
        ("/messages", {"messages__booked__sms__sv": "{{ code }}"}, "”code” udfyldes aldrig i denne besked."),
        ("/messages", {"messages__booked__sms__sv": "Hej {{ link"}, "De dobbelte klammer i linje 1 hører ikke sammen."),
        ("/messages", {"messages__recall__sms__sv": "Kom!"}, "Uden linket eller koden kan ingen booke."),
    ],
)
def test_c3_a_mistake_is_told_in_the_readers_language_with_what_to_do(
    browser: Browser, path: str, over: dict[str, str], said: str
) -> None:
    browser.language = "da"
    page = typed(browser, path, **over)
    assert page.status_code == 422
    assert said in unescape(page.text)
