"""What is kept of passwords, and how they are compared (PRODUCT C4)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from services.staff.credentials.passwords import Installer, Passwords, in_turn
from shared.contracts.errors import Unavailable
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


def test_c4_two_are_worked_out_at_a_time_fifty_wait_and_one_more_is_told_at_once() -> None:
    """Else a flood of logins makes each of them wait until it is too late, those of owners too."""
    begun, go_on = [], Event()

    def slowly(function: Callable[..., Any], number: int) -> Any:
        begun.append(number)
        go_on.wait()
        return function(number)

    run = in_turn(slowly)
    waiting = [eventlet.spawn(run, here_again, number) for number in range(52)]
    one_more = eventlet.spawn(run, here_again, 52)
    eventlet.sleep(0)
    assert (begun, one_more.dead) == ([0, 1], True)
    with pytest.raises(Unavailable):
        one_more.wait()
    go_on.send()
    assert [each.wait() for each in waiting] == list(range(52))
    assert run(here_again, 53) == 53, "there is room again"


def here_again(number: int) -> int:
    """Return a number."""
    return number


def test_c4_the_administrator_of_the_environment_has_what_it_says(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "FRONTDESK_ADMIN_EMAIL": "Eva@frontdesk.example"}
    nobody = Installer.from_settings(from_environment(given))
    known = Installer.from_settings(from_environment({**given, "FRONTDESK_ADMIN_PASSWORD": "a long enough password"}))
    assert nobody.password_hash is None
    assert known.has(" eva@FRONTDESK.example")
    assert not known.has("else@frontdesk.example")
    assert Passwords(here).matches(known.password_hash, "a long enough password")
    assert "argon2" not in repr(known)
