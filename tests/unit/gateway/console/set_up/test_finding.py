"""Settings are found by their names here and in other systems' manuals (CONSOLE, Set-up)."""

import pytest

from gateway.clients.document_words import DocumentWords
from gateway.clients.document_words.elsewhere import ELSEWHERE
from gateway.console.set_up.finding import Setting, settings_called
from services.availability.document import shape
from tests.builders.gateway.console import Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World


def found(text: str, language: str) -> list[Setting]:
    return settings_called(text, shape(), DocumentWords(language))


@pytest.mark.parametrize(
    ("language", "text", "called", "address"),
    [
        ("da", "Server indstillinger", "Tillad selvoprettelse", "/set-up/booking#booking-new_patients"),
        ("da", "klinik indstillinger", "Behandlere", "/set-up/practitioners"),
        ("da", "Analytics", "Sporingslinks", "/set-up/booking#booking-tracking"),
        ("da", "Tilmeldt", "Tilmeldt onlinebooking", "/set-up/practitioners"),
        ("da", "Online booking", "Onlinebooking", "/set-up/booking"),
        ("da", "afbud muligt", "Afbud muligt … før aftalen", "/set-up/booking#booking-cancel_deadline"),
        ("nb", "gjennomførte bestillinger", "Sporingslenke for gjennomførte bestillinger",
         "/set-up/booking#booking-tracking-completed"),
        ("nb", "Generer bestillingslenker", "Bestillingslenker", "/links"),
        ("nb", "ukemal", "Ukemaler", "/set-up/templates"),
        ("fa", "تنظیمات سرور", "نوبت‌دهی اینترنتی", "/set-up/booking"),
    ],
)  # fmt: skip
def test_c3_a_setting_is_found_by_the_words_of_a_manual(language: str, text: str, called: str, address: str) -> None:
    assert (called, address) in [(each.called, each.address) for each in found(text, language)]


def test_c3_what_is_called_so_stands_before_what_only_says_so() -> None:
    first, *_ = found("age filter", "en")
    assert first.called.startswith("Age filter")
    assert first.inside == ("Types of appointment",)
    assert found("minimum TIME between", "en")[0].inside[-1] == "Which times are offered"


def test_c3_what_stands_on_several_pages_is_found_on_its_own() -> None:
    assert [each.address for each in found("online alias", "en")] == ["/set-up/types"]
    assert "/set-up/takers" in [each.address for each in found("who takes what", "en")]


@pytest.mark.parametrize("text", ["", "  ", "-", "nothing of this name"])
def test_c3_nothing_is_found_where_nothing_answers(text: str) -> None:
    assert found(text, "en") == []


def test_c3_every_name_of_elsewhere_leads_to_something() -> None:
    reached = {each.elsewhere for each in found("e", "en")}
    assert set(ELSEWHERE.values()) <= reached


def test_c3_the_overview_finds_and_says_where_nothing_is_called_so(world: World) -> None:
    put_in_force(world)
    browser = Browser(world)
    page = browser.get("/staff/solna/set-up?find=server+settings").text
    assert 'href="/staff/solna/set-up/booking#booking-new_patients"' in page
    assert "Also called" in page
    assert "Nothing is called so." in browser.get("/staff/solna/set-up?find=qqq").text
    assert "Nothing is called so." not in browser.get("/staff/solna/set-up").text
