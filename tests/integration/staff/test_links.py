"""Links by which passwords are chosen: invitations, and where one was forgotten (PRODUCT C4, CONTRACTS 2a)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.staff.handlers.accounts import add_account, remove_account, update_account
from services.staff.handlers.desk import Desk
from services.staff.handlers.links import ask_reset, forget_links, issue_resets, open_reset, reset
from services.staff.handlers.logging_in import log_in
from services.staff.handlers.own import change_password
from shared.actor import Actor
from shared.bus.events.effects import take_in
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden, Gone, Invalid, LoginRequired, WrongLogin
from shared.links import password_token
from tests.builders.staff.desks import INSTALLER, KEYS, PASSWORD, Work, a_desk

ANN = {"email": "ann@solna.example", "role": "therapist", "practitioner": "anna"}
BETTER = "a better one than that"


@pytest.fixture
def desk(work: Work) -> Desk:
    """Return the surroundings of calls by an administrator of solna."""
    return a_desk(work)


def events(desk: Desk, type: str) -> list[Event]:
    """Return the events of a type that were told, in their order."""
    with desk.work.reading() as store:
        rows = store.connection.execute(store.outbox.select().order_by(store.outbox.c.position))
        return [Event.from_json(row.body) for row in rows if row.type == type]


def tokens(desk: Desk) -> list[str]:
    """Return the tokens of the links that were sent, in their order."""
    return [password_token(KEYS.link, each.data["link"]) for each in events(desk, "LinkIssued")]


def forget_password(desk: Desk, email: str = ANN["email"], language: str | None = None) -> None:
    """Ask for a new password, and let what follows happen."""
    ask_reset(desk, {"email": email, "language": language})
    asked = events(desk, "ResetAsked")[-1]
    take_in(desk.work, issue_resets(desk, [asked]), "issue_reset", desk.now)


def works_at(desk: Desk, password: str) -> list[str]:
    """Return at which clinics somebody works who logs in."""
    return [each["clinic"] for each in log_in(desk, {"email": ANN["email"], "password": password})["clinics"]]


def test_c4_who_is_invited_chooses_a_password_and_works_at_the_clinic(desk: Desk) -> None:
    add_account(desk, "solna", ANN)
    [token] = tokens(desk)
    assert open_reset(desk, token) == {"email": ANN["email"], "purpose": "invitation", "clinic": "solna"}
    assert reset(desk, token, PASSWORD) == {"email": ANN["email"]}
    assert works_at(desk, PASSWORD) == ["solna"]


def test_c4_an_invitation_opens_for_seven_days_and_a_reset_for_an_hour(desk: Desk) -> None:
    add_account(desk, "solna", ANN)
    [invitation] = tokens(desk)
    almost = replace(desk, now=desk.now + timedelta(days=7) - timedelta(seconds=1))
    assert open_reset(almost, invitation)
    with pytest.raises(Gone):
        open_reset(replace(desk, now=desk.now + timedelta(days=7)), invitation)
    reset(desk, invitation, PASSWORD)
    forget_password(desk)
    assert open_reset(replace(desk, now=desk.now + timedelta(minutes=59)), tokens(desk)[-1])
    with pytest.raises(Gone):
        reset(replace(desk, now=desk.now + timedelta(hours=1)), tokens(desk)[-1], BETTER)


def test_c4_a_forgotten_password_is_chosen_anew_once_and_ends_all_sessions(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk, " ANN@solna.example", "fr")
    forget_password(desk)
    first, second = tokens(desk)
    reset(desk, first, BETTER)
    assert desk.revisions.of(known["id"]) > known["version"]
    assert works_at(desk, BETTER) == ["solna"]
    with pytest.raises(WrongLogin):
        works_at(desk, PASSWORD)
    for used in (first, second):
        with pytest.raises(Gone):
            reset(desk, used, "and yet another one")


def test_c4_what_is_asked_for_an_address_that_nobody_has_does_the_same_work_and_sends_nothing(desk: Desk) -> None:
    """C4: the same answer and time whether the address is known; who hears of it later finds out."""
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    add_account(desk, "solna", {**ANN, "email": "invited@solna.example"})
    before = len(tokens(desk))
    for email in ("nobody@solna.example", "invited@solna.example", INSTALLER, "no address", ANN["email"]):
        told = len(events(desk, "ResetAsked"))
        assert ask_reset(desk, {"email": email}) is None  # type: ignore[func-returns-value]
        assert len(events(desk, "ResetAsked")) == told + 1
    for asked in events(desk, "ResetAsked"):
        take_in(desk.work, issue_resets(desk, [asked]), "issue_reset", desk.now)
    [link] = events(desk, "LinkIssued")[before:]
    assert KEYS.people.open(link.data["person"]) == {"email": ANN["email"], "language": None}


def test_c4_events_hold_neither_address_nor_what_opens(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk)
    for event in (*events(desk, "ResetAsked"), *events(desk, "LinkIssued")):
        assert "ann@" not in str(event.data)
        assert tokens(desk)[0] not in str(event.to_json())


def test_c4_somebody_is_sent_three_links_an_hour_and_each_of_them_opens(desk: Desk) -> None:
    """A stranger who asks again and again neither floods nor shuts out."""
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    for _ in range(5):
        forget_password(desk)
    assert len(tokens(desk)) == 3
    assert all(open_reset(desk, token) for token in tokens(desk))
    later = replace(desk, now=desk.now + timedelta(hours=1, seconds=1))
    forget_password(later)
    assert len(tokens(desk)) == 4


def test_a_repeated_event_sends_no_second_link(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk)
    take_in(desk.work, issue_resets(desk, events(desk, "ResetAsked")), "issue_reset", desk.now)
    assert len(tokens(desk)) == 1


def test_c1_a_second_clinic_is_entered_only_by_a_password_of_ones_own(desk: Desk) -> None:
    """CONTRACTS 2a: what the first clinic's administrator made up does not open the second."""
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    add_account(desk, "lund", {**ANN, "role": "administrator"})
    assert works_at(desk, PASSWORD) == ["solna"]
    [invitation] = tokens(desk)
    forget_password(desk)
    reset(desk, tokens(desk)[-1], BETTER)
    assert works_at(desk, BETTER) == ["solna"], "another link answers no invitation"
    reset(desk, invitation, "a third one altogether")
    assert works_at(desk, "a third one altogether") == ["lund", "solna"]


def test_c1_who_has_not_answered_is_invited_once_more_by_being_added_again(desk: Desk) -> None:
    add_account(desk, "solna", ANN)
    add_account(desk, "solna", {**ANN, "role": "administrator"})
    assert len(tokens(desk)) == 2
    add_account(desk, "solna", ANN)
    with pytest.raises(Invalid, match="several links"):
        add_account(desk, "solna", ANN)


def test_c1_an_invitation_that_was_answered_or_taken_back_opens_nothing_however_often_it_was_sent(desk: Desk) -> None:
    """C4: a link opens once; a second one to the same clinic would set the password for a week to come."""
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    lund = [add_account(desk, "lund", ANN) for _ in range(2)][-1]
    first, second = tokens(desk)
    reset(desk, second, BETTER)
    with pytest.raises(Gone):
        reset(desk, first, "and yet another one")
    remove_account(desk, "lund", lund["id"])
    add_account(desk, "lund", ANN)
    remove_account(desk, "lund", lund["id"])
    with pytest.raises(Gone):
        open_reset(desk, tokens(desk)[-1])
    assert works_at(desk, BETTER) == ["solna"]


def test_c4_no_link_for_a_forgotten_password_outlives_a_password_from_the_administrator(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk)
    update_account(desk, "solna", known["id"], {"password": BETTER})
    with pytest.raises(Gone):
        reset(desk, tokens(desk)[0], "and yet another one")


def test_c1_strangers_who_ask_for_new_passwords_hinder_no_invitation(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    for _ in range(5):
        forget_password(desk)
    add_account(desk, "lund", ANN)
    assert len(tokens(desk)) == 4
    assert open_reset(desk, tokens(desk)[-1])["purpose"] == "invitation"


def test_c1_an_invitation_to_another_address_goes_there_and_the_old_one_opens_nothing(desk: Desk) -> None:
    known = add_account(desk, "solna", ANN)
    update_account(desk, "solna", known["id"], {"email": "else@solna.example"})
    old, new = tokens(desk)
    assert open_reset(desk, new)["email"] == "else@solna.example"
    with pytest.raises(Gone):
        open_reset(desk, old)


def test_c1_who_is_removed_has_no_links(desk: Desk) -> None:
    known = add_account(desk, "solna", ANN)
    [token] = tokens(desk)
    remove_account(desk, "solna", known["id"])
    with pytest.raises(Gone):
        reset(desk, token, PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "p" + "0" * 56, "p" + "f" * 32 + "A" * 24, "پ" * 57])
def test_what_nobody_was_sent_opens_nothing(desk: Desk, token: str) -> None:
    with pytest.raises(Gone):
        open_reset(desk, token)


def test_a_password_that_is_none_leaves_the_link_as_it_is(desk: Desk) -> None:
    add_account(desk, "solna", ANN)
    [token] = tokens(desk)
    with pytest.raises(Invalid) as refused:
        reset(desk, token, "short")
    assert list(refused.value.extra["errors"]) == ["password"]
    reset(desk, token, PASSWORD)


def test_links_that_open_no_more_are_forgotten(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk)
    forget_links(replace(desk, now=desk.now + timedelta(minutes=59)))
    assert open_reset(desk, tokens(desk)[0])
    forget_links(replace(desk, now=desk.now + timedelta(hours=1)))
    with pytest.raises(Gone):
        open_reset(desk, tokens(desk)[0])


def as_ann(desk: Desk) -> Desk:
    """Return the surroundings of calls by Ann herself."""
    return replace(desk, actor=Actor("staff", ANN["email"], "therapist", "solna", "anna"))


def test_c4_ones_own_password_is_changed_by_who_knows_it(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    forget_password(desk)
    changed = change_password(as_ann(desk), {"old": PASSWORD, "new": BETTER})
    assert changed == log_in(desk, {"email": ANN["email"], "password": BETTER})
    assert desk.revisions.of(known["id"]) == changed["revision"] > known["version"]
    with pytest.raises(Gone):
        open_reset(desk, tokens(desk)[0])


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"old": BETTER, "new": BETTER}, WrongLogin), ({"old": PASSWORD, "new": "short"}, Invalid)],
)
def test_c4_a_password_stays_where_the_old_one_is_wrong_or_the_new_one_none(
    desk: Desk, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    with pytest.raises(refusal):
        change_password(as_ann(desk), fields)
    assert works_at(desk, PASSWORD) == ["solna"]


def test_c4_the_installations_password_is_changed_where_it_stands(desk: Desk) -> None:
    installer = replace(desk, actor=Actor("staff", INSTALLER, "administrator"))
    with pytest.raises(Forbidden, match="setting"):
        change_password(installer, {"old": "the installation's own", "new": BETTER})


def test_c4_who_is_gone_changes_nothing(desk: Desk) -> None:
    with pytest.raises(LoginRequired):
        change_password(as_ann(desk), {"old": PASSWORD, "new": BETTER})
