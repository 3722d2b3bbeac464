"""Accounts: who may set what of them, and what each change leaves behind (PRODUCT C1, C4)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.staff.model.accounts import Account, Membership, email_key, password_problem

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def at(clinic: str, *, accepted: bool = True) -> Membership:
    """Return what an administrator is at a clinic."""
    return Membership(clinic, "administrator", None, accepted)


def an_account(*memberships: Membership) -> Account:
    """Return the account of somebody who is these things."""
    return Account("1", "ann@solna.example", NOW, memberships)


@pytest.mark.parametrize(
    ("memberships", "owner"),
    [
        ([at("solna")], "solna"),
        ([at("solna"), at("lund")], None),
        ([at("solna"), at("lund", accepted=False)], "solna"),
        ([at("solna", accepted=False)], "solna"),
        ([at("solna", accepted=False), at("lund", accepted=False)], None),
        ([], None),
    ],
)
def test_c1_an_account_is_a_clinic_s_to_change_where_nobody_else_trusts_it(
    memberships: list[Membership], owner: str | None
) -> None:
    account = an_account(*memberships)
    assert {clinic for clinic in ("solna", "lund") if account.is_of_one_clinic(clinic)} == ({owner} - {None})


def test_c4_every_change_of_what_is_in_force_raises_the_revision() -> None:
    account = an_account(at("solna"), at("lund", accepted=False))
    changes = [
        account.with_membership(at("visby")),
        account.without("solna"),
        account.with_email("else@solna.example"),
        account.with_password("hash"),
        account.accepting(["lund"]),
    ]
    assert [each.revision for each in changes] == [2] * len(changes)


def test_c4_an_invitation_given_changed_or_taken_back_leaves_the_revision_as_it_is() -> None:
    invited = an_account(at("solna")).with_membership(at("lund", accepted=False))
    changed = invited.with_membership(replace(at("lund", accepted=False), role="therapist"))
    assert [each.revision for each in (invited, changed, changed.without("lund"))] == [1] * 3


def test_c1_only_invitations_that_were_answered_count() -> None:
    account = an_account(at("lund", accepted=False), at("solna"))
    assert [each.clinic for each in account.clinics] == ["solna"]
    assert [each.clinic for each in account.accepting(["lund"]).clinics] == ["lund", "solna"]


def test_an_address_is_the_same_however_it_is_written() -> None:
    assert email_key(" Ann@SOLNA.example") == email_key("ann@solna.example")


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("correct horse battery", True),
        ("گذرواژهٔ بلند من", True),
        ("elevenchars", False),
        ("x" * 201, False),
        ("abababababababab", False),
    ],
)
def test_c4_a_password_is_long_and_that_is_all(password: str, is_good: bool) -> None:
    assert (password_problem(password, "ann@solna.example") is None) is is_good


def test_c4_no_password_or_hash_shows_where_an_account_is_written_out() -> None:
    assert "$argon2" not in repr(an_account().with_password("$argon2id$…"))
