"""A new clinic from a few answers: kept, judged, shown, made, and made once however often one tries (ADR 47)."""

import re
from html import unescape
from typing import Any

import pytest

from gateway.console.new_clinic.answers import STEPS
from gateway.console.new_clinic.examples import EXAMPLES
from gateway.console.new_clinic.kinds import KINDS
from services.availability.document import check, compare
from shared.clinic.times.weeks import WEEKDAYS
from shared.contracts.errors import ChangedMeanwhile, Invalid, Unavailable
from tests.builders.gateway.console import ADMINISTRATOR, INSTALLER, Browser
from tests.builders.gateway.world import ADMIN, World

NEW = "/staff/-/clinics/new"
NOR = {"country": "NO", "start": "doctor"}
ABOUT = {
    "name": "Vågen legesenter", "phone": "+47 55 51 23 45", "email": "post@vaagen.example", "address": "Vågen 1",
    "language": "nb", "time_zone": "Europe/Oslo", "currency": "NOK", "identity": "no.fodselsnummer",
}  # fmt: skip
PEOPLE = {"practitioners": "Kåre Ås\nØyvind Li\n", "hours": "man–fre 8–12, 13–16"}
TYPES = {"type.0": "Konsultasjon", "minutes.0": "20"}
ALL = (NOR, ABOUT, PEOPLE, TYPES)
LAST = {"clinic": "vaagen", "administrator": "ida@vaagen.example", "active": "yes"}


@pytest.fixture
def clinics(world: World) -> dict[str, Any]:
    """Return the clinics of an installation whose availability judges by the real rules, and keeps what it is given."""
    kept: dict[str, Any] = {}
    accounts: dict[str, list[dict[str, Any]]] = {}

    def judged(clinic: str, document: Any) -> dict[str, Any]:
        found = check(document)
        errors = [problem.to_json() for problem in found.problems]
        changes = [] if errors else [each.to_json() for each in compare(kept.get(clinic), found.document)]
        return {"errors": errors, "changes": changes, "collisions": [], "collision_count": 0, "absences_unchecked": 0}

    def applied(clinic: str, document: Any, if_revision: int) -> dict[str, Any]:
        if clinic in kept:
            raise ChangedMeanwhile.because("There is one.")
        assert if_revision == 0
        found = check(document)
        if found.problems:
            raise Invalid.because("It has errors.", errors={"": [found.problems[0].message]})
        kept[clinic] = found.document
        return {"revision": 1}

    def added(clinic: str, email: str, role: str, password: str | None = None) -> dict[str, Any]:
        account = {"id": email, "email": email, "role": role, "state": "active" if password else "invited"}
        accounts.setdefault(clinic, []).append(account)
        return account

    world.availability.answers |= {
        "clinics": lambda: {"clinics": [{"clinic": key, "name": key, "active": True} for key in kept]},
        "check_document": judged,
        "apply_document": applied,
    }
    world.staff.answers |= {
        "accounts": lambda clinic, limit: {"accounts": accounts.get(clinic, []), "next": None},
        "add_account": added,
    }
    return kept


@pytest.fixture
def browser(world: World, clinics: dict[str, Any]) -> Browser:
    """Return the browser of the installation's administrator, who reads English."""
    return Browser(world, INSTALLER)


def answer(browser: Browser, *pages: dict[str, str]) -> str:
    """Answer the first pages in order; return where that leads."""
    at = NEW
    for page in pages:
        led = browser.post(at, page)
        assert led.status_code == 303, unescape(led.text)
        at = led.location
    return at


def to_the_last(browser: Browser) -> str:
    return answer(browser, *ALL)


def mistakes(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'class="error" id="[^"]*"><span[^>]*>[^<]*</span>([^<]*)', text)]


def test_a_clinic_is_made_from_its_answers_with_what_follows_from_the_country(
    browser: Browser, clinics: dict[str, Any]
) -> None:
    last = to_the_last(browser)
    seen = unescape(browser.get(last).text)
    assert 'value="vagen-legesenter"' in seen
    assert all(each in seen for each in ("Konsultasjon", "20\u00a0min", "Tuesday 24 November 2026", "8–12, 13–16"))
    made = browser.post(last, LAST)
    assert made.location == "/staff/vaagen/set-up?made=invited"
    document = clinics["vaagen"]
    assert (document["time_zone"], document["currency"]) == ("Europe/Oslo", "NOK")
    assert (document["languages"], document["identity"]) == (["nb", "en"], "no.fodselsnummer")
    assert [each["name"] for each in document["practitioners"]] == ["Kåre Ås", "Øyvind Li"]
    assert [each["key"] for each in document["practitioners"]] == ["kare-as", "oyvind-li"]
    assert document["booking"]["active"]
    assert [document["templates"][0]["key"], document["plans"][0]["template"]] == ["uke", "uke"]
    week = document["templates"][0]["week"]
    assert [len(week[day]) for day in WEEKDAYS] == [2, 2, 2, 2, 2, 0, 0]
    call = browser.world.staff.calls[-1]
    assert (call.name, call.args) == ("add_account", ("vaagen",))
    assert call.fields == {"email": "ida@vaagen.example", "role": "administrator"}
    assert browser.get(last).location == f"{NEW}?over=yes", "what is made is not made again"


def test_what_a_page_begins_with_is_usual_in_the_country(browser: Browser) -> None:
    at = answer(browser, {"country": "DK", "start": "dentist"})
    page = browser.get(at).text
    assert all(f'value="{each}"' in page for each in ("Europe/Copenhagen", "DKK"))
    assert "Danish CPR number" in page
    at = answer(browser, {"country": "IR", "start": "doctor"})
    people = browser.get(f"{at.removesuffix('clinic')}people").text
    assert 'value="Monday–Wednesday 9–13, 16–20; Saturday–Sunday 9–13, 16–20"' in people, "an Iranian week, in English"
    types = browser.get(f"{at.removesuffix('clinic')}types").text
    assert "ویزیت پزشک" in types, "in the words of the clinic's patients"


def test_minutes_are_written_and_read_in_the_readers_digits(browser: Browser, clinics: dict[str, Any]) -> None:
    browser.language = "fa"
    at = answer(
        browser,
        {"country": "IR", "start": "doctor"},
        {**ABOUT, "language": "fa"},
        {"practitioners": "سارا", "hours": "۸ تا ۱۲"},
    )
    assert 'value="۲۰"' in browser.get(at).text
    assert browser.post(answer_at(browser, at, {"type.0": "ویزیت", "minutes.0": "۲۵"}), LAST).status_code == 303
    assert clinics["vaagen"]["types"][0]["length"] == "25m"


def test_nothing_that_was_typed_is_lost_going_back_and_what_followed_is_kept(browser: Browser) -> None:
    last = to_the_last(browser)
    back = browser.post(last, {**LAST, "clinic": "kept", "do": "back"}).location
    assert back.endswith("/types")
    back = browser.post(back, {"type.0": "Lang time", "minutes.0": "x", "do": "back"}).location
    assert back.endswith("/people")
    first = back.replace("/people", "/begin")
    assert 'value="NO" selected' in browser.get(first).text
    assert browser.post(first, NOR).status_code == 303
    assert "Lang time" in browser.get(back.replace("/people", "/types")).text
    page = browser.get(last)
    assert 'value="kept"' in page.text
    assert "Enter how many minutes it takes, such as 30." in page.text, "and what was left wrong is told before the end"
    assert browser.post(last, LAST).status_code == 422
    assert browser.post(first, {**NOR, "country": "SE"}).status_code == 303
    assert "SEK" in browser.get(back.replace("/people", "/clinic")).text, "another country has other customs"


def test_what_was_begun_is_found_again(browser: Browser) -> None:
    last = to_the_last(browser)
    text = unescape(browser.get(NEW).text)
    assert "Vågen legesenter" in text
    assert last.replace("/check", "/clinic") in text


@pytest.mark.parametrize(
    ("pages", "wrong", "told"),
    [
        ((), {"country": "NO"}, "Choose what the clinic is, or an example to start like."),
        ((), {"country": "XX", "start": "doctor"}, "Choose the country."),
        ((), {"country": "NO", "start": "like-nobody"}, "Choose what the clinic is, or an example to start like."),
        ((NOR,), {}, "Enter the clinic’s name, as patients know it."),
        ((NOR, ABOUT), {**PEOPLE, "practitioners": " \n"}, "Enter the name of at least one person who treats."),
        ((NOR, ABOUT), {**PEOPLE, "hours": "8am"}, "“am” is not understood here. Write days and times, such as: "
         "Monday–Friday 8–11:30, 12–15:30."),
        ((NOR, ABOUT, PEOPLE), {}, "Enter at least one type of appointment."),
        ((NOR, ABOUT, PEOPLE), {"type.1": "Talk", "minutes.1": "0"}, "Enter how many minutes it takes, such as 30."),
        ((NOR, ABOUT, PEOPLE), {"type.0": "A", "minutes.0": "9" * 5000}, "Enter how many minutes it takes, "
         "such as 30."),
        (ALL, {**LAST, "clinic": ""}, "Enter the short name that stands in the clinic’s addresses."),
        (ALL, {**LAST, "clinic": "staff"}, "The installation itself has this address. Choose another one."),
        (ALL, {**LAST, "clinic": "Våg"}, "Use 1 to 40 small letters a–z, digits and hyphens; begin and "
         "end with a letter or digit."),
        (ALL, {**LAST, "administrator": "ida"}, "Enter an email address such as name@example.org."),
        (ALL, {**LAST, "administrator": ADMIN}, "This is your own address, which may do everything already. "
         "Enter that of somebody at the clinic."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field_with_what_to_do(
    browser: Browser, clinics: dict[str, Any], pages: tuple[dict[str, str], ...], wrong: dict[str, str], told: str
) -> None:
    answered = browser.post(answer(browser, *pages), wrong)
    assert answered.status_code == 422
    assert mistakes(answered.text) == [told]
    assert clinics == {}


def test_what_availability_finds_wrong_is_told_with_its_page(browser: Browser, clinics: dict[str, Any]) -> None:
    last = answer(browser, NOR, {**ABOUT, "phone": "x", "time_zone": "Oslo"}, PEOPLE, {**TYPES, "minutes.0": "7"})
    text = unescape(browser.get(last).text)
    assert "Enter a telephone number such as" in text
    assert "This time zone is not known." in text
    assert last.replace("/check", "/clinic") in text
    assert "It must fit the grid of times: 5m or 10m." in text
    assert last.replace("/check", "/types") in text
    browser.post(last, LAST)
    assert clinics == {}


def test_an_address_that_is_taken_is_refused_kindly_and_the_other_clinic_stays(
    browser: Browser, clinics: dict[str, Any]
) -> None:
    other = {"anything": "of theirs"}
    clinics["vaagen"] = check({}).document | other
    refused = browser.post(to_the_last(browser), LAST)
    assert mistakes(refused.text) == [
        "Another clinic has this address already. Choose another one, such as vagen-legesenter."
    ]
    assert clinics["vaagen"]["anything"] == "of theirs"
    assert not browser.world.staff.calls or browser.world.staff.calls[-1].name != "add_account"


@pytest.mark.parametrize("after", ["apply_document", "add_account"])
def test_who_comes_back_after_a_crash_gets_what_is_missing_and_nothing_twice(
    browser: Browser, clinics: dict[str, Any], after: str
) -> None:
    last = to_the_last(browser)
    service = browser.world.availability if after == "apply_document" else browser.world.staff
    real = service.answers[after]

    def dying(*args: Any, **fields: Any) -> Any:
        real(*args, **fields)
        raise Unavailable.because("The process is gone.")

    service.answers[after] = dying
    assert browser.post(last, LAST).status_code == 503
    service.answers[after] = real
    assert clinics["vaagen"]["name"] == "Vågen legesenter"
    assert browser.post(last, LAST).location.startswith("/staff/vaagen/set-up?made=")
    added = [each for each in browser.world.staff.calls if each.name == "add_account"]
    assert len(added) == 1, "one account, one invitation"


def test_a_clinic_whose_account_is_refused_says_so_and_goes_on(browser: Browser) -> None:
    last = to_the_last(browser)
    real = browser.world.staff.answers["add_account"]
    refusal = Invalid.because("Short.", errors={"password": ["Use at least 12 characters; several words are good."]})
    browser.world.staff.answers["add_account"] = refusal
    refused = browser.post(last, {**LAST, "password": "short"})
    assert mistakes(refused.text) == ["Use at least 12 characters; several words are good."]
    assert "The clinic is made. Only its administrator is missing" in refused.text
    assert 'value="short"' not in refused.text, "a password is never sent back"
    browser.world.staff.answers["add_account"] = real
    assert browser.post(last, {**LAST, "password": "long enough, this one"}).location.endswith("made=active")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("country", ["SE", "NO", "DK", "CH", "IR", "GB", "DE"])
def test_what_is_usual_is_right_as_it_stands_in_every_country(
    browser: Browser, clinics: dict[str, Any], kind: str, country: str
) -> None:
    at = answer(browser, {"country": country, "start": kind})
    for step in STEPS[:-1]:
        page = browser.get(at).text
        inputs = [(name, value) for name, value in re.findall(r'name="([\w.]+)" type="[a-z]+" value="([^"]*)"', page)]
        chosen = re.findall(r'<select id="[\w-]+" name="([\w.]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
        own = {"name": "Clinic"} if step == "clinic" else {"practitioners": "Somebody"} if step == "people" else {}
        at = answer_at(browser, at, {**{name: unescape(value) for name, value in [*inputs, *chosen]}, **own})
    assert browser.post(at, LAST).status_code == 303
    assert clinics["vaagen"]["types"]


def answer_at(browser: Browser, at: str, page: dict[str, str]) -> str:
    led = browser.post(at, page)
    assert led.status_code == 303, unescape(led.text)
    return str(led.location)


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_clinic_starts_like_each_of_the_demo_clinics_without_their_people_and_places(
    browser: Browser, clinics: dict[str, Any], example: str
) -> None:
    at = answer(browser, {"country": "SE", "start": f"like-{example}"})
    country = EXAMPLES[example][0]
    last = answer_at(browser, answer_at(browser, at, ABOUT), PEOPLE)
    assert last.endswith("/check"), "types are the example's"
    assert browser.get(last).status_code == 200
    assert browser.post(last, LAST).status_code == 303
    document = clinics["vaagen"]
    assert document["country"] == country
    assert [each["name"] for each in document["practitioners"]] == ["Kåre Ås", "Øyvind Li"]
    assert len(document["types"]) >= 2
    assert document["templates"]
    assert [each["practitioner"] for each in document["plans"]] == [None]
    said = str(document)
    assert "demo" not in said.lower()
    assert ".example" not in said.replace("post@vaagen.example", "")


def test_only_the_installation_s_administrators_make_clinics(world: World, clinics: dict[str, Any]) -> None:
    own = Browser(world, ADMINISTRATOR)
    assert own.get(NEW).status_code == 403
    assert own.post(NEW, NOR).status_code == 403
    assert 'href="/staff/-/clinics/new"' not in own.get("/staff/-/clinics").text
    assert 'href="/staff/-/clinics/new"' in Browser(world, INSTALLER).get("/staff/-/clinics").text
