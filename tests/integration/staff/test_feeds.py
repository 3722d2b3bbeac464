"""Practitioners' calendars for calendar programs: who makes, sees and revokes one, and what ends it (PRODUCT C16)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.staff.handlers.accounts import add_account, remove_account, update_account
from services.staff.handlers.desk import Desk
from services.staff.handlers.feeds import (
    add_calendar_feed,
    calendar_feeds,
    open_calendar_feed,
    remove_calendar_feed,
)
from services.staff.model.feeds import MOST_OF_ACCOUNT
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Gone, Invalid, LoginRequired, NotFound
from shared.links import feed_of, feed_token
from shared.storage.database import Database
from tests.builders.staff.desks import GATEWAY, INSTALLER, KEYS, PASSWORD, Work, a_desk
from tests.integration.statements import statements

ANN, EVA = "ann@solna.example", "eva@solna.example"
THERAPIST = Actor(kind="staff", id=ANN, role="therapist", clinic="solna", practitioner="anna")
OF_BO = replace(THERAPIST, id="bo@solna.example", practitioner="bo")
ASKED = {"practitioner": "anna", "names": False, "language": "sv"}


@pytest.fixture
def head(work: Work) -> Desk:
    """Return the surroundings of calls by solna's administrator, where Ann and Bo are therapists."""
    desk = a_desk(work)
    add_account(desk, "solna", {"email": EVA, "role": "administrator", "password": PASSWORD})
    for email, practitioner in ((ANN, "anna"), ("bo@solna.example", "bo")):
        account = {"email": email, "role": "therapist", "practitioner": practitioner, "password": PASSWORD}
        add_account(desk, "solna", account)
    return desk


@pytest.fixture
def ann(head: Desk) -> Desk:
    """Return the surroundings of Ann's calls."""
    return replace(head, actor=THERAPIST)


def opened(desk: Desk, token: str, **later: float) -> dict[str, Any]:
    """Return what the gateway is told that fetches a feed."""
    return open_calendar_feed(replace(desk, actor=GATEWAY, now=desk.now + timedelta(**later)), token)


def id_of(desk: Desk, email: str) -> tuple[str, int]:
    """Return an account's id and revision."""
    with desk.work.reading() as store:
        found = store.by_email(email)
    assert found is not None
    return found.id, found.revision


def test_c16_a_feed_opens_by_its_token_which_is_told_once(ann: Desk) -> None:
    made = add_calendar_feed(ann, "solna", ASKED)
    token = made["token"]
    assert feed_of(KEYS.links, token) == made["id"]
    assert (made["practitioner"], made["names"], made["own"], made["fetched_at"]) == ("anna", False, True, None)
    told = {"feed": made["id"], "clinic": "solna", "practitioner": "anna", "names": False, "language": "sv"}
    assert opened(ann, token) == told
    [shown] = calendar_feeds(ann, "solna")["feeds"]
    assert "token" not in shown
    assert shown["fetched_at"] == ann.now.isoformat()


def test_when_it_was_last_fetched_is_known_to_the_minute(ann: Desk) -> None:
    token = add_calendar_feed(ann, "solna", ASKED)["token"]
    for seconds in (0, 59):
        opened(ann, token, seconds=seconds)
    assert calendar_feeds(ann, "solna")["feeds"][0]["fetched_at"] == ann.now.isoformat()
    opened(ann, token, seconds=60)
    later = ann.now + timedelta(seconds=60)
    assert calendar_feeds(ann, "solna")["feeds"][0]["fetched_at"] == later.isoformat()


def test_c1_a_therapist_has_feeds_of_their_own_calendar_alone(head: Desk, ann: Desk) -> None:
    with pytest.raises(Forbidden):
        add_calendar_feed(ann, "solna", {**ASKED, "practitioner": "bo"})
    add_calendar_feed(ann, "solna", ASKED)
    add_calendar_feed(head, "solna", {**ASKED, "practitioner": "bo"})
    assert [each["email"] for each in calendar_feeds(ann, "solna")["feeds"]] == [ANN]
    found = calendar_feeds(head, "solna")["feeds"]
    assert {each["email"]: each["own"] for each in found} == {ANN: False, EVA: True}


def test_they_are_listed_by_as_many_statements_however_many_there_are(
    head: Desk, ann: Desk, database: Database
) -> None:
    add_calendar_feed(ann, "solna", ASKED)
    with statements(database) as of_one:
        calendar_feeds(head, "solna")
    add_calendar_feed(ann, "solna", ASKED)
    add_calendar_feed(head, "solna", {**ASKED, "practitioner": "bo"})
    with statements(database) as of_three:
        assert len(calendar_feeds(head, "solna")["feeds"]) == 3
    assert (len(of_one), len(of_three)) == (3, 3)


def test_c16_whoever_may_see_it_revokes_it_at_once(head: Desk, ann: Desk) -> None:
    for revoking in (ann, head):
        made = add_calendar_feed(ann, "solna", ASKED)
        for stranger in (replace(ann, actor=OF_BO), replace(ann, actor=replace(THERAPIST, id="x@y.example"))):
            with pytest.raises(NotFound):
                remove_calendar_feed(stranger, "solna", made["id"])
        with pytest.raises(NotFound):
            remove_calendar_feed(revoking, "lund", made["id"])
        remove_calendar_feed(revoking, "solna", made["id"])
        with pytest.raises(Gone):
            opened(ann, made["token"])
        with pytest.raises(NotFound):
            remove_calendar_feed(revoking, "solna", made["id"])


def _no_longer(desk: Desk) -> None:
    remove_account(desk, "solna", id_of(desk, ANN)[0])


def _another_calendar(desk: Desk) -> None:
    id, version = id_of(desk, ANN)
    update_account(desk, "solna", id, {"practitioner": "bo", "version": version})


@pytest.mark.parametrize("ends", [_no_longer, _another_calendar])
def test_c16_it_ends_with_what_let_its_owner_see_the_calendar_and_stays_over(
    head: Desk, ann: Desk, ends: Callable[[Desk], None]
) -> None:
    token = add_calendar_feed(ann, "solna", ASKED)["token"]
    ends(head)
    with pytest.raises(Gone):
        opened(ann, token)
    if ends is _another_calendar:
        id, version = id_of(head, ANN)
        update_account(head, "solna", id, {"practitioner": "anna", "version": version})
    else:
        add_account(head, "solna", {"email": ANN, "role": "therapist", "practitioner": "anna", "password": PASSWORD})
    with pytest.raises(Gone):
        opened(ann, token)
    assert calendar_feeds(head, "solna")["feeds"] == []


def test_it_outlives_what_takes_nothing_of_that_away(head: Desk, ann: Desk) -> None:
    token = add_calendar_feed(ann, "solna", ASKED)["token"]
    id, version = id_of(head, ANN)
    update_account(head, "solna", id, {"password": "another long password", "version": version})
    assert opened(ann, token)["practitioner"] == "anna"


def test_what_is_no_token_opens_nothing(ann: Desk) -> None:
    made = add_calendar_feed(ann, "solna", ASKED)
    other = "B" if made["token"].endswith("A") else "A"
    for token in ("", "c", made["token"][:-1] + other, made["id"], feed_token("another key", made["id"])):
        with pytest.raises(NotFound):
            opened(ann, token)


def test_there_is_an_end_to_how_many_somebody_has(ann: Desk) -> None:
    for _ in range(MOST_OF_ACCOUNT):
        add_calendar_feed(ann, "solna", ASKED)
    with pytest.raises(Invalid, match="Revoke"):
        add_calendar_feed(ann, "solna", ASKED)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (Actor(kind="staff", id=INSTALLER, role="administrator"), Forbidden),
        (Actor(kind="tool", id="till"), Forbidden),
        (replace(THERAPIST, id="gone@solna.example"), LoginRequired),
    ],
)
def test_a_feed_belongs_to_an_account(head: Desk, actor: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        add_calendar_feed(replace(head, actor=actor), "solna", ASKED)


def test_a_calendar_that_there_is_not_is_told(head: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        add_calendar_feed(head, "solna", {**ASKED, "practitioner": "cesar"})
    assert refused.value.extra["errors"].keys() == {"practitioner"}
