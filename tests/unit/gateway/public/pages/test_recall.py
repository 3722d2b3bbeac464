"""The page for recall cards: number or birth date, and code (PRODUCT M2)."""

import pytest
from werkzeug.test import TestResponse

from shared.contracts import errors
from tests.builders.gateway.clinics import fields_of, heading_of
from tests.builders.gateway.visits import ENGLISH
from tests.builders.gateway.world import World, refusing

NUMBER = {"recall.national_id": "19850412-1230"}
CODE = {"recall.code": "7K3M-9QX2"}


def post(world: World, **fields: str) -> TestResponse:
    return world.post("/recall", data={"go": "open", **fields}, headers=ENGLISH)


def asked(world: World) -> dict[str, str]:
    return dict(world.booking.calls[-1].fields)


def test_the_page_asks_for_number_and_code_m2(world: World) -> None:
    answer = world.get("/recall", headers=ENGLISH)
    assert heading_of(answer.text) == "Find your appointment"
    for name in ("recall.national_id", "recall.code"):
        assert f'name="{name}"' in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_booked_recall_leads_to_its_personal_link_m2(world: World) -> None:
    world.booking.answers["open_recall"] = {"manage_token": "T0KEN"}
    answer = post(world, **NUMBER, **CODE)
    assert (answer.status_code, answer.location) == (303, "/m/T0KEN")
    assert asked(world) == {"national_id": "19850412-1230", "code": "7K3M-9QX2"}


def test_a_need_without_a_time_leads_to_where_one_is_chosen_b9(world: World) -> None:
    world.booking.answers["open_recall"] = {"token": "nT0KEN", "clinic": "solna", "need": "a"}
    answer = post(world, **NUMBER, **CODE, lang="sv")
    assert answer.location == "/m/nT0KEN?lang=sv"


def test_patients_without_a_number_give_their_birth_date_by_their_own_calendar_m2(world: World) -> None:
    world.booking.answers["open_recall"] = {"manage_token": "T0KEN"}
    first = world.get("/recall?by=birth_date", headers=ENGLISH).text
    assert 'name="recall.birth_date.year"' in first
    assert "recall.national_id" not in first
    parts = {"day": "23", "month": "1", "year": "1364"}
    typed = {f"recall.birth_date.{part}": text for part, text in parts.items()}
    post(world, **typed, **CODE, by="birth_date", lang="fa")
    assert asked(world) == {"birth_date": "1985-04-12", "code": "7K3M-9QX2"}


def test_the_same_is_said_whether_number_or_code_is_wrong_m2(world: World) -> None:
    said = []
    for refusal in (errors.WrongLogin, errors.Invalid, errors.InvalidNationalId):
        world.booking.answers["open_recall"] = refusing(refusal)
        answer = post(world, **NUMBER, **CODE)
        assert answer.status_code == 422
        said.append(answer.text)
    assert len(set(said)) == 1
    assert "These details do not match any of our cards." in said[0]
    assert 'value="19850412-1230"' in said[0], "what was typed is kept"


def test_what_is_left_out_is_asked_for_at_its_field_and_not_counted(world: World) -> None:
    answer = post(world)
    assert answer.status_code == 422
    for field in ("recall-national_id", "recall-code"):
        assert f'href="#{field}"' in answer.text
    wrong = post(
        world,
        **CODE,
        by="birth_date",
        **{"recall.birth_date.day": "31", "recall.birth_date.month": "2", "recall.birth_date.year": "1990"},
    )
    assert "Enter a real date" in wrong.text
    assert not world.booking.calls


def test_wrong_tries_are_limited_and_the_page_says_how_long_to_wait_m2(world: World) -> None:
    world.booking.answers["open_recall"] = refusing(errors.WrongLogin)
    answers = [post(world, **NUMBER, **CODE) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Please try again in 15\u00a0min." in answers[-1].text
    assert answers[-1].headers["Retry-After"]
    assert len(world.booking.calls) == 5


@pytest.mark.parametrize("refusal", [errors.NeedExpired, errors.NoOpenNeed])
def test_a_recall_that_is_over_says_whom_to_call_b10(world: World, refusal: type[errors.Refusal]) -> None:
    world.booking.answers["open_recall"] = refusing(refusal, phone="+46 8 123 45 67")
    answer = post(world, **NUMBER, **CODE)
    assert answer.status_code == 422
    assert 'href="tel:+4681234567"' in answer.text.split("<main")[1]


def test_a_link_of_long_ago_says_so(world: World) -> None:
    world.booking.answers["open_recall"] = refusing(errors.Gone)
    answer = post(world, **NUMBER, **CODE)
    assert answer.status_code == 410
    assert heading_of(answer.text) == "This link is no longer valid"


def test_changing_the_language_keeps_what_was_typed_and_tries_nothing(world: World) -> None:
    page = post(world, **NUMBER)
    switch = fields_of(page.text.split('class="languages"')[1].split("</form>")[0])
    answer = world.post("/recall", data={**switch, **CODE, "lang": "sv"})
    assert heading_of(answer.text) == "Hitta din tid"
    assert 'value="19850412-1230"' in answer.text
    assert not world.booking.calls


def test_neither_number_nor_code_comes_from_an_address(world: World) -> None:
    answer = world.get("/recall?recall.code=7K3M-9QX2&recall.national_id=1&go=open", headers=ENGLISH)
    assert '7K3M-9QX2"' not in answer.text.split("<main")[1]
    assert not world.booking.calls
