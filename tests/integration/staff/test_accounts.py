"""The accounts of a clinic, as its administrators keep them (PRODUCT C1, CONTRACTS 2a)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.staff.handlers.accounts import accounts, add_account, remove_account, update_account
from services.staff.handlers.desk import Desk
from services.staff.handlers.logging_in import log_in
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid, NotFound, WrongLogin
from tests.builders.lying_open import lying_open
from tests.builders.staff.desks import INSTALLER, KEYS, PASSWORD, Work, a_desk

ANN = {"email": "ann@solna.example", "role": "therapist", "practitioner": "anna"}
FIRST_PAGE: dict[str, Any] = {"limit": 50, "cursor": None}


@pytest.fixture
def desk(work: Work) -> Desk:
    """Return the surroundings of calls by an administrator of solna."""
    return a_desk(work)


def clinics_of(desk: Desk, email: str, password: str) -> list[tuple[str, str, str | None]]:
    """Return where somebody works, and as what, by logging in."""
    found = log_in(desk, {"email": email, "password": password})["clinics"]
    return [(each["clinic"], each["role"], each["practitioner"]) for each in found]


def published(desk: Desk) -> list[dict[str, Any]]:
    """Return the bodies of the events about accounts that were told, in their order."""
    with desk.work.reading() as store:
        rows = store.connection.execute(store.outbox.select().order_by(store.outbox.c.position))
        return [row.body for row in rows if row.type.startswith("Account")]


def test_c1_who_is_added_with_a_password_works_at_the_clinic_at_once(desk: Desk) -> None:
    added = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    assert added == {
        "id": added["id"], **ANN, "state": "active", "changeable": True, "two_step": False, "version": added["version"],
    }  # fmt: skip
    assert clinics_of(desk, "ANN@solna.example ", PASSWORD) == [("solna", "therapist", "anna")]
    assert accounts(desk, "solna", FIRST_PAGE) == {"accounts": [added], "next": None}
    assert accounts(desk, "lund", FIRST_PAGE)["accounts"] == []


def test_c1_who_is_added_without_a_password_is_invited_and_cannot_log_in(desk: Desk) -> None:
    assert add_account(desk, "solna", ANN)["state"] == "invited"
    with pytest.raises(WrongLogin):
        log_in(desk, {"email": ANN["email"], "password": PASSWORD})


def test_c1_an_account_that_another_clinic_has_is_invited_and_its_password_left_alone(desk: Desk) -> None:
    """CONTRACTS 2a: else whoever made up the password first would come into the second clinic by it."""
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    at_lund = add_account(desk, "lund", {**ANN, "role": "administrator", "password": "of the other clinic"})
    assert (at_lund["state"], at_lund["changeable"]) == ("invited", False)
    assert clinics_of(desk, ANN["email"], PASSWORD) == [("solna", "therapist", "anna")]
    with pytest.raises(WrongLogin):
        log_in(desk, {"email": ANN["email"], "password": "of the other clinic"})


@pytest.mark.parametrize("change", [{"password": "of the other clinic"}, {"email": "mine@lund.example"}])
def test_c1_nobody_sets_email_or_password_of_who_works_elsewhere(desk: Desk, change: dict[str, str]) -> None:
    """CONTRACTS 2a: neither who has only invited them, nor, once they work at two clinics, anybody."""
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    add_account(desk, "lund", {**ANN, "role": "administrator"})
    with pytest.raises(Forbidden):
        update_account(desk, "lund", known["id"], change)
    accept_all(desk, known["id"])
    for clinic in ("solna", "lund"):
        with pytest.raises(Forbidden):
            update_account(desk, clinic, known["id"], change)
    assert len(clinics_of(desk, ANN["email"], PASSWORD)) == 2


def accept_all(desk: Desk, id: str) -> None:
    """Let somebody answer all invitations."""
    with desk.work() as store:
        account = store.get(id, to_change=True)
        assert account is not None
        store.replace(account.accepting([each.clinic for each in account.memberships]))


def test_c1_another_address_takes_no_invitation_of_others_along(desk: Desk) -> None:
    """Whoever invited somebody at one address did not mean who sits behind another."""
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    add_account(desk, "lund", {**ANN, "role": "administrator"})
    update_account(desk, "solna", known["id"], {"email": "else@solna.example"})
    assert accounts(desk, "lund", FIRST_PAGE)["accounts"] == []


def test_c1_an_administrator_changes_a_therapist_s_access(desk: Desk) -> None:
    """optamed: the administrator can change the therapists' access at any time."""
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    changed = update_account(
        desk, "solna", known["id"],
        {"role": "administrator", "practitioner": "", "password": "another good one", "version": known["version"]},
    )  # fmt: skip
    assert (changed["role"], changed["practitioner"]) == ("administrator", None)
    assert clinics_of(desk, ANN["email"], "another good one") == [("solna", "administrator", None)]
    with pytest.raises(ChangedMeanwhile):
        update_account(desk, "solna", known["id"], {"role": "therapist", "version": known["version"]})


def test_c1_who_is_removed_is_nobody_there_and_where_they_were_nobody_else_gone(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    add_account(desk, "lund", {**ANN, "role": "administrator"})
    accept_all(desk, known["id"])
    remove_account(desk, "solna", known["id"])
    assert clinics_of(desk, ANN["email"], PASSWORD) == [("lund", "administrator", "anna")]
    remove_account(desk, "lund", known["id"])
    with pytest.raises(WrongLogin):
        log_in(desk, {"email": ANN["email"], "password": PASSWORD})
    with pytest.raises(NotFound):
        remove_account(desk, "lund", known["id"])


@pytest.mark.parametrize(
    "change",
    [
        lambda desk, id: update_account(desk, "solna", id, {"role": "administrator"}),
        lambda desk, id: update_account(desk, "solna", id, {"password": "another good one"}),
        lambda desk, id: update_account(desk, "solna", id, {"email": "else@solna.example"}),
        lambda desk, id: remove_account(desk, "solna", id),
    ],
)
def test_c4_each_change_of_an_account_ends_its_sessions(desk: Desk, change: Callable[[Desk, str], object]) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    before = log_in(desk, {"email": ANN["email"], "password": PASSWORD})["revision"]
    assert desk.revisions.of(known["id"]) == before
    change(desk, known["id"])
    assert desk.revisions.of(known["id"]) > before
    assert published(desk)[-1]["subject_version"] == desk.revisions.of(known["id"])


def test_c1_a_clinic_that_has_only_invited_somebody_ends_no_session_of_theirs(desk: Desk) -> None:
    """Else whoever knows an address keeps its owner out of every other clinic, by inviting them again and again."""
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    before = log_in(desk, {"email": ANN["email"], "password": PASSWORD})["revision"]
    changes: list[Callable[[], object]] = [
        lambda: add_account(desk, "lund", ANN),
        lambda: update_account(desk, "lund", known["id"], {"role": "administrator"}),
        lambda: remove_account(desk, "lund", known["id"]),
    ]
    for change in changes:
        change()
        assert desk.revisions.of(known["id"]) == before
        assert log_in(desk, {"email": ANN["email"], "password": PASSWORD})["revision"] == before
    assert [len(each["data"]["clinics"]) for each in published(desk)] == [1, 2, 2, 1]


def test_a_change_to_what_it_is_already_changes_nothing(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    assert update_account(desk, "solna", known["id"], {**ANN}) == known
    assert len(published(desk)) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "no address"}, "email"),
        ({"email": f" {INSTALLER.upper()}"}, "email"),
        ({"practitioner": "nobody"}, "practitioner"),
        ({"practitioner": None}, "practitioner"),
        ({"password": "too short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"password": "ann@Solna.example!"}, "password"),
        ({"password": "aaaaaaaaaaaaaaa"}, "password"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(desk: Desk, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_account(desk, "solna", {**ANN, **fields})
    assert list(refused.value.extra["errors"]) == [wrong]
    assert accounts(desk, "solna", FIRST_PAGE)["accounts"] == []


def test_nobody_is_at_a_clinic_twice_nor_two_people_at_one_address(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    bo = add_account(desk, "solna", {**ANN, "email": "bo@solna.example"})
    with pytest.raises(Invalid, match="already"):
        add_account(desk, "solna", {**ANN, "email": "Ann@Solna.example"})
    with pytest.raises(Invalid, match="Somebody else"):
        update_account(desk, "solna", bo["id"], {"email": "ANN@solna.example"})


def test_c1_a_clinic_neither_sees_nor_touches_accounts_of_another(desk: Desk) -> None:
    known = add_account(desk, "solna", ANN)
    for id in (known["id"], "nonsense", "f" * 32):
        with pytest.raises(NotFound):
            update_account(desk, "lund", id, {"role": "administrator"})
        with pytest.raises(NotFound):
            remove_account(desk, "lund", id)
    with pytest.raises(NotFound):
        accounts(desk, "visby", FIRST_PAGE)


def test_accounts_come_page_by_page(desk: Desk) -> None:
    for name in "cab":
        add_account(desk, "solna", {**ANN, "email": f"{name}@solna.example"})
    first = accounts(desk, "solna", {"limit": 2, "cursor": None})
    second = accounts(desk, "solna", {"limit": 2, "cursor": first["next"]})
    assert [each["email"][0] for page in (first, second) for each in page["accounts"]] == ["a", "b", "c"]
    assert second["next"] is None
    with pytest.raises(Invalid):
        accounts(desk, "solna", {"limit": 2, "cursor": "f" * 32})


def test_events_tell_where_somebody_works_and_seal_who_they_are(desk: Desk) -> None:
    known = add_account(desk, "solna", {**ANN, "password": PASSWORD})
    remove_account(desk, "solna", known["id"])
    added, removed = published(desk)
    place = {"clinic": "solna", "role": "therapist", "practitioner": "anna", "accepted": True}
    assert (added["type"], added["clinic"], added["subject"]) == ("AccountAdded", "solna", known["id"])
    assert added["data"]["clinics"] == [place]
    assert KEYS.people.open(added["data"]["person"]) == {"email": "ann@solna.example"}
    assert (removed["type"], removed["data"]["clinics"]) == ("AccountRemoved", [])
    assert removed["subject_version"] > added["subject_version"]
    assert "ann@" not in str(added | {"actor": None}) + str(removed | {"actor": None})
    assert added["actor"] == {"kind": "staff", "id": "eva@solna.example"}


def test_c4_no_password_is_kept_as_it_is(desk: Desk) -> None:
    add_account(desk, "solna", {**ANN, "password": PASSWORD})
    with desk.work.reading() as store:
        [kept] = store.connection.exec_driver_sql("SELECT password_hash FROM accounts").scalars()
        everything = lying_open(store.connection.exec_driver_sql("SELECT * FROM accounts").all(), KEYS.people)
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in everything
    assert replace(desk).passwords.matches(kept, PASSWORD)
