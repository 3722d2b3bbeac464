"""The history of a set-up in the console: who changed what, the set-up of then, and how it comes back (issue 14.4)."""

import re
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from shared.contracts.errors import NotFound
from shared.texts.document_text import to_yaml
from shared.texts.language import LANGUAGES
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.sent_forms import sent_by
from tests.builders.gateway.set_up import Living
from tests.builders.gateway.world import World
from tests.builders.pictures import a_drawing

HISTORY = "/staff/solna/set-up/history"


@pytest.fixture
def living(world: World) -> Living:
    """Return a clinic whose name and currency two people have changed."""
    living = Living(world)
    living.save("bea", name="Ny Tandvård")
    living.save("cid", currency="NOK")
    return living


@pytest.fixture
def browser(world: World, living: Living) -> Browser:
    """Return the browser of an administrator."""
    return Browser(world)


def save(browser: Browser, path: str, page: TestResponse) -> TestResponse:
    """Press Save on a page that shows what becomes different."""
    fields = {**sent_by(page.text), "do": ["apply"]}
    return browser.post(path, MultiDict([(name, text) for name, texts in fields.items() for text in texts]))


def text_of(page: TestResponse) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def test_c3_the_history_says_who_changed_what_the_newest_first(browser: Browser) -> None:
    said = text_of(browser.get(HISTORY))
    assert said.index("cid@solna.example") < said.index("bea@solna.example") < said.index("The clinic was set up")
    assert "Currency" in said
    assert f'href="{HISTORY}"' in browser.get("/staff/solna/set-up").text


def test_c3_a_change_is_shown_whole_with_what_was_before_and_after(browser: Browser) -> None:
    said = text_of(browser.get(f"{HISTORY}/2"))
    assert "Solna Tandvård Ny Tandvård" in said
    assert browser.get(f"{HISTORY}/99").status_code == 404


def test_c3_one_change_is_taken_back_by_an_ordinary_save_after_its_differences_were_seen(
    browser: Browser, living: Living
) -> None:
    page = browser.get(f"{HISTORY}/2/undo")
    assert "Ny Tandvård Solna Tandvård" in text_of(page)
    assert living.document()["revision"] == 3, "to look changes nothing"
    browser.follow(save(browser, f"{HISTORY}/2/undo", page))
    document = living.document()["document"]
    assert (document["name"], document["currency"]) == ("Solna Tandvård", "NOK")
    assert "ann@solna.example" in text_of(browser.get(HISTORY))


def test_c3_what_was_changed_again_since_is_told_and_stays(browser: Browser, living: Living) -> None:
    living.save("cid", name="Nyare Tandvård")
    said = text_of(browser.get(f"{HISTORY}/2/undo"))
    assert "Changed again since, and left as it is Name" in said
    assert "Nothing: it is so already." in said


def test_c3_the_whole_set_up_of_then_is_seen_kept_as_a_file_and_comes_back(browser: Browser, living: Living) -> None:
    living.add_absence()
    page = browser.get(f"{HISTORY}/1/document")
    assert "Ny Tandvård Solna Tandvård" in text_of(page)
    file = browser.get(f"{HISTORY}/1/document.yaml")
    assert file.headers["Content-Disposition"] == "attachment; filename=solna-1.yaml"
    assert file.text in unescape(page.text)
    before = living.document()["document"]["absences"]
    save(browser, f"{HISTORY}/1/document", page)
    found = living.document()["document"]
    assert (found["name"], found["absences"]) == ("Solna Tandvård", before)
    assert to_yaml({**found, "absences": []}) == file.text


@pytest.mark.parametrize("way", ["1/document", "2/undo"])
def test_c3_nothing_comes_back_over_what_somebody_saves_meanwhile(browser: Browser, living: Living, way: str) -> None:
    page = browser.get(f"{HISTORY}/{way}")
    revision = living.save("dan", name="Dans Tandvård", currency="EUR")
    again = save(browser, f"{HISTORY}/{way}", page)
    assert again.status_code == 409
    assert "has been changed meanwhile" in again.text
    assert living.document()["revision"] == revision


def test_b21_a_picture_that_was_replaced_is_seen_and_put_back(browser: Browser, living: Living) -> None:
    living.put_picture("anna", a_drawing())
    living.put_picture("anna", a_drawing(colour="navy"))
    page = browser.get(f"{HISTORY}/5")
    (former,) = re.findall(rf'src="({HISTORY}/pictures/anna/\w+\.webp)"', page.text)
    assert browser.get(former).mimetype == "image/webp"
    assert page.text.count("Put this picture back") == 1, "the other one is shown now"
    browser.follow(browser.post(former.removesuffix(".webp")))
    shown = living.document()["pictures"]["anna"]["hash"]
    assert former.endswith(f"/{shown}.webp")
    assert "Picture replaced" in text_of(browser.get(f"{HISTORY}/6"))


def test_b21_a_former_picture_that_is_kept_no_longer_is_said_to_be_gone(
    browser: Browser, living: Living, world: World
) -> None:
    """ADR 42: after a year the entry stays, and its picture is neither shown nor put back."""
    living.put_picture("anna", a_drawing())
    living.put_picture("anna", a_drawing(colour="navy"))
    world.availability.answers["former_picture"] = NotFound.because("There is no such picture.")
    page = browser.get(f"{HISTORY}/5").text
    assert page.count("This picture is removed for good") == 1, "the other one is shown now"
    assert f"{HISTORY}/pictures" not in page


def test_c3_absences_are_told_by_whose_they_are_and_without_the_reason(browser: Browser, living: Living) -> None:
    living.add_absence("Operation")
    for page in (browser.get(HISTORY), browser.get(f"{HISTORY}/4")):
        said = text_of(page)
        assert "Absence entered" in said
        assert "Anna Berg" in said
        assert "Operation" not in said


def test_c3_the_history_comes_in_pages(browser: Browser, living: Living) -> None:
    for number in range(20):
        living.save(name=f"Name {number}")
    first = browser.get(HISTORY).text
    (cursor,) = re.findall(rf'href="{HISTORY}\?cursor=(\d+)"', first)
    assert "The clinic was set up" not in first
    assert "The clinic was set up" in browser.get(f"{HISTORY}?cursor={cursor}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_c3_all_pages_are_drawn_in_every_language(world: World, living: Living, language: str) -> None:
    living.add_absence()
    living.put_picture("anna", a_drawing())
    browser = Browser(world, language=language)
    for path in ("", "/1", "/2", "/4", "/5", "/2/undo", "/1/document"):
        assert browser.get(f"{HISTORY}{path}").status_code == 200, path


def test_c1_therapists_have_no_history(world: World, living: Living) -> None:
    browser = Browser(world, THERAPIST)
    assert {browser.get(f"{HISTORY}{path}").status_code for path in ("", "/1", "/2/undo", "/1/document")} == {403}


def form_of(browser: Browser, path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = sent_by(browser.get(f"/staff/solna/set-up/{path}").text)
    return found


def send(browser: Browser, path: str, form: dict[str, list[str]], do: str, **typed: str) -> TestResponse:
    over = {name.replace("__", "."): [text] for name, text in typed.items()}
    fields = MultiDict([(name, text) for name, texts in {**form, **over, "do": [do]}.items() for text in texts])
    return browser.post(f"/staff/solna/set-up/{path}", fields)


def test_c3_who_is_overtaken_sees_by_whom_and_saves_over_theirs_by_one_press(browser: Browser, living: Living) -> None:
    form = sent_by(send(browser, "booking", form_of(browser, "booking"), "check", booking__few="5").text)
    booking = living.document()["document"]["booking"]
    living.save("dan", booking={**booking, "days_after_today": 9}, name="Dans")
    page = send(browser, "booking", form, "apply")
    said = text_of(page)
    assert page.status_code == 409
    assert "Changed meanwhile" in said
    assert "dan@solna.example" in said
    assert "Changed by both" not in said
    browser.follow(send(browser, "booking", sent_by(page.text), "apply"))
    found = living.document()["document"]
    assert (found["booking"]["few"], found["booking"]["days_after_today"], found["name"]) == (5, 9, "Dans")


@pytest.mark.parametrize(("take", "few"), [("theirs", 9), ("mine", 5)])
def test_c3_what_both_have_changed_is_shown_with_both_values_and_chosen(
    browser: Browser, living: Living, take: str, few: int
) -> None:
    form = sent_by(send(browser, "booking", form_of(browser, "booking"), "check", booking__few="5").text)
    booking = living.document()["document"]["booking"]
    living.save("dan", booking={**booking, "few": 9})
    page = send(browser, "booking", form, "apply")
    said = text_of(page)
    assert "Changed by both of you" in said
    assert "Theirs: 9" in said
    assert "Yours: 5" in said
    assert 'value="apply">Save' in page.text, "one press saves what is chosen, although nothing but the choice is left"
    chosen: Any = {"-take.booking.few": take}
    answer = send(browser, "booking", sent_by(page.text), "apply", **chosen)
    assert answer.status_code in (303, 200), "what is as theirs is nothing to save"
    assert living.document()["document"]["booking"]["few"] == few


def test_c3_what_is_chosen_is_saved_by_one_press_after_it_was_checked_as_one_chose(
    browser: Browser, living: Living
) -> None:
    """The page checks by itself at each choice, and what it saw then is what is saved."""
    form = form_of(browser, "booking")
    living.save("dan", booking={**living.document()["document"]["booking"], "few": 9})
    chosen: Any = {"-take.booking.few": "mine"}
    sent = sent_by(send(browser, "booking", form, "check", booking__few="5").text)
    seen: Any = sent_by(send(browser, "booking", sent, "check", **chosen).text)["seen"][0]
    assert send(browser, "booking", {**sent, "seen": [seen]}, "apply", **chosen).status_code == 303
    assert living.document()["document"]["booking"]["few"] == 5


def test_c3_an_absence_that_is_entered_meanwhile_keeps_nobody_from_saving_a_form(
    browser: Browser, living: Living
) -> None:
    form = sent_by(send(browser, "booking", form_of(browser, "booking"), "check", booking__few="5").text)
    living.add_absence()
    browser.follow(send(browser, "booking", form, "apply"))
    assert living.document()["document"]["booking"]["few"] == 5


def test_c3_an_item_without_a_key_is_found_again_where_others_stand_before_it(browser: Browser, living: Living) -> None:
    (day,) = living.document()["document"]["days"]
    form = form_of(browser, "days/1")
    first = {**day, "date": "2031-01-06"}
    living.save("dan", days=[first, day])
    page = send(browser, "days/1", form, "check", date="2026-12-22")
    again = send(browser, "days/2", sent_by(page.text), "apply")
    assert again.status_code == 303, text_of(again)
    assert living.document()["document"]["days"] == [first, {**day, "date": "2026-12-22"}]


@pytest.mark.parametrize(("part", "item"), [("practitioners", "cleo"), ("days", "1"), ("days", "2"), ("plans", "1")])
def test_c3_what_was_typed_of_an_item_that_others_remove_stands_in_a_form_that_adds_it_again(
    browser: Browser, living: Living, part: str, item: str
) -> None:
    """A practitioner by their key, a day and a plan by where they stood; others may have moved up to there."""
    document = living.document()["document"]
    (day,) = document["days"]
    cleo = {**document["practitioners"][0], "key": "cleo", "name": "Cleo Ek"}
    other = {**day, "date": "2031-01-06"}
    living.save(practitioners=[*document["practitioners"], cleo], days=[day, other])
    form = form_of(browser, f"{part}/{item}")
    present = living.document()["document"][part]
    name = "key" if "key" in present[0] else None
    gone = next(each for index, each in enumerate(present) if item == (each["key"] if name else str(index + 1)))
    living.save("dan", **{part: [each for each in present if each != gone]})
    page = send(browser, f"{part}/{item}", form, "check")
    said = text_of(page)
    assert page.status_code == 409
    assert "Somebody else has removed this meanwhile" in said
    assert "dan@solna.example" in said
    again = send(browser, f"{part}/-new", sent_by(page.text), "apply")
    assert again.status_code == 303, text_of(again)
    assert gone in living.document()["document"][part]


@pytest.mark.parametrize("do", ["more:blocks", "plan"])
def test_c3_a_form_goes_on_although_others_remove_what_it_is_of(browser: Browser, living: Living, do: str) -> None:
    form = form_of(browser, "days/1")
    living.save("dan", days=[])
    assert send(browser, "days/1", form, do).status_code == 200


def test_c3_what_others_removed_already_is_told_to_who_removes_it(browser: Browser, living: Living) -> None:
    form = form_of(browser, "days/1")
    revision = living.save("dan", days=[])
    page = browser.follow(send(browser, "days/1", form, "remove"))
    assert "Somebody else had removed it already." in page.text
    assert living.document()["revision"] == revision


def test_c3_what_never_was_there_is_no_page(browser: Browser, living: Living) -> None:
    form = form_of(browser, "days/1")
    for then in (living.save("dan", currency="EUR"), living.document()["revision"]):
        sent = {**form, "revision": [str(then)]}
        assert send(browser, "days/7", sent, "check").status_code == 404
        assert send(browser, "practitioners/nobody", sent, "check").status_code == 404


def test_c3_two_orders_of_the_same_people_are_both_shown_by_their_names(browser: Browser, living: Living) -> None:
    """S13: the order is a field like any other; who was overtaken chooses which one is to hold."""
    anna, *others = living.document()["document"]["practitioners"]
    bo, cleo = ({**anna, "key": name.lower(), "name": name} for name in ("Bo", "Cleo"))
    living.save(practitioners=[anna, *others, bo, cleo])
    form = form_of(browser, "practitioners")
    everybody = form["order"]
    form["order"] = ["cleo", *(each for each in everybody if each != "cleo")]
    living.save("dan", practitioners=[bo, anna, *others, cleo])
    page = send(browser, "practitioners", form, "check")
    said = text_of(page)
    assert "Changed by both of you" in said
    assert "Theirs: Bo Anna Berg" in said
    assert "Yours: Cleo Anna Berg" in said
    chosen: Any = {"-take.order": "mine"}
    page = send(browser, "practitioners", sent_by(page.text), "check", **chosen)
    browser.follow(send(browser, "practitioners", sent_by(page.text), "apply"))
    assert [each["key"] for each in living.document()["document"]["practitioners"]] == form["order"]


def test_c3_a_clash_in_the_table_of_who_takes_what_says_whose_length_of_which_type(
    browser: Browser, living: Living
) -> None:
    """S12: many fields of the table are called alike."""
    form = form_of(browser, "takers")
    types = living.document()["document"]["types"]
    living.save("dan", types=[{**types[0], "lengths": {"anna": "55m"}}, *types[1:]])
    page = send(browser, "takers", {**form, f"types.{types[0]['key']}.lengths.anna.number": ["50"]}, "check")
    said = text_of(page)
    assert "US – Length where it differs – Anna Berg Theirs: 55 min Yours: 50 min" in said, said


def test_c3_a_text_takes_over_what_others_saved_where_both_do_not_touch_the_same(
    browser: Browser, living: Living
) -> None:
    form = form_of(browser, "document")
    text = living.document()["document"]
    mine = to_yaml({**text, "name": "Anns"})
    form = sent_by(send(browser, "document", form, "check", document=mine).text)
    living.save("dan", currency="EUR")
    living.add_absence()
    page = send(browser, "document", form, "apply", document=mine)
    assert page.status_code == 409
    assert "taken over into your text" in page.text
    assert "dan@solna.example" in page.text
    browser.follow(send(browser, "document", sent_by(page.text), "apply"))
    found = living.document()["document"]
    assert (found["name"], found["currency"]) == ("Anns", "EUR")
    assert found["absences"][-1]["reason"] == "Leave"


def test_c3_a_text_stays_as_it_was_typed_where_both_touch_the_same_which_is_told(
    browser: Browser, living: Living
) -> None:
    mine = to_yaml({**living.document()["document"], "name": "Anns"})
    form = sent_by(send(browser, "document", form_of(browser, "document"), "check", document=mine).text)
    living.save("dan", name="Dans")
    page = send(browser, "document", form, "apply", document=mine)
    assert mine in unescape(page.text)
    assert "Theirs: Dans Yours: Anns" in text_of(page)
