"""Logging in: the installation's administrator, and whoever works at clinics (PRODUCT C4)."""

from typing import Any

import pytest

from services.staff.credentials.passwords import Installer, Passwords
from services.staff.handlers.accounts import add_account
from services.staff.handlers.logging_in import log_in
from shared.contracts.errors import WrongLogin
from shared.storage.database import Database
from tests.builders.staff.desks import INSTALLER, INSTALLERS_PASSWORD, PASSWORD, Work, a_desk, passwords
from tests.integration.statements import statements

ANN = {"email": "ann@solna.example", "role": "therapist", "practitioner": "anna", "password": PASSWORD}


class Watched(Passwords):
    """Notes how often a password was worked out."""

    def __init__(self) -> None:
        super().__init__(lambda function, *given: function(*given), passwords()._hasher)
        self.looked_at = 0

    def matches(self, hashed: str | None, password: str) -> bool:
        """Count, then look."""
        self.looked_at += 1
        return super().matches(hashed, password)


def test_c4_the_installations_administrator_logs_in_from_the_environment(work: Work) -> None:
    found = log_in(a_desk(work), {"email": f" {INSTALLER.upper()}", "password": INSTALLERS_PASSWORD})
    assert found == {"account": None, "email": INSTALLER, "clinics": None, "revision": 0, "two_step": False}


def test_c4_without_a_configured_password_nobody_logs_in_as_the_installation(work: Work) -> None:
    desk = a_desk(work, installer=Installer(INSTALLER, None))
    for password in ("", "nobody's", INSTALLERS_PASSWORD):
        with pytest.raises(WrongLogin):
            log_in(desk, {"email": INSTALLER, "password": password})


@pytest.mark.parametrize(
    "said",
    [
        {"email": "ann@solna.example", "password": PASSWORD + "\n"},
        {"email": "ann@solna.example", "password": "nobody's"},
        {"email": "nobody@solna.example", "password": "nobody's"},
        {"email": "invited@solna.example", "password": "nobody's"},
        {"email": INSTALLER, "password": PASSWORD},
    ],
)
def test_c4_whatever_is_wrong_takes_the_same_work_and_is_told_alike(
    work: Work, database: Database, said: dict[str, Any]
) -> None:
    """One hash, and two statements for an address, known or not."""
    watched = Watched()
    desk = a_desk(work, passwords=watched)
    add_account(desk, "solna", ANN)
    add_account(desk, "solna", {**ANN, "email": "invited@solna.example", "password": None})
    with statements(database) as asked, pytest.raises(WrongLogin) as refused:
        log_in(desk, said)
    assert (watched.looked_at, len(asked)) == (1, 2)
    assert refused.value.detail == "The email or the password is wrong."
