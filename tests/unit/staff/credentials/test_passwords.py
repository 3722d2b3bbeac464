"""What is kept of passwords, and how they are compared (PRODUCT C4)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.staff.credentials.passwords import Installer, Passwords
from shared.settings import from_environment


def here(function: Callable[..., Any], *given: Any) -> Any:
    """Call a function."""
    return function(*given)


def test_c4_passwords_are_hashed_by_owasps_minimum() -> None:
    """Argon2id, 19 MiB, two passes: https://cheatsheetseries.owasp.org, Password Storage."""
    made = Passwords(here)
    kept = made.hash("correct horse battery")
    for hashed in (kept, made._nobodys):
        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert made.matches(kept, "correct horse battery")
    assert not made.matches(kept, "correct horse batterY")


def test_c4_where_there_is_nothing_to_compare_with_it_is_worked_out_all_the_same() -> None:
    calls: list[str] = []

    def noting(function: Callable[..., Any], *given: Any) -> Any:
        calls.append(given[0])
        return function(*given)

    made = Passwords(noting)
    assert not made.matches(None, "nobody's")
    assert calls == [made._nobodys]


def test_c4_the_administrator_of_the_environment_has_what_it_says(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "FRONTDESK_ADMIN_EMAIL": "Eva@frontdesk.example"}
    nobody = Installer.from_settings(from_environment(given))
    known = Installer.from_settings(from_environment({**given, "FRONTDESK_ADMIN_PASSWORD": "a long enough password"}))
    assert nobody.password_hash is None
    assert known.has(" eva@FRONTDESK.example")
    assert not known.has("else@frontdesk.example")
    assert Passwords(here).matches(known.password_hash, "a long enough password")
    assert "argon2" not in repr(known)
