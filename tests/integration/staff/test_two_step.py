"""Logging in by two steps, as staff keeps it (PRODUCT C4)."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from services.staff.handlers.accounts import add_account, remove_account, update_account
from services.staff.handlers.desk import Desk
from services.staff.handlers.logging_in import log_in
from services.staff.handlers.own import change_password
from services.staff.handlers.two_step import begin_two_step, confirm_two_step, end_two_step, recovery_codes
from services.staff.model.two_step import INSTALLATION
from services.staff.store import StaffStore
from shared.actor import Actor
from shared.contracts.errors import CodeRequired, Forbidden, FunctionOff, Invalid, NotFound, WrongLogin
from tests.builders.lying_open import lying_open
from tests.builders.staff.desks import INSTALLER, INSTALLERS_PASSWORD, KEYS, PASSWORD, FakeDocuments, Work, a_desk
from tests.integration.store_contracts import waits

ANN = {"email": "ann@solna.example", "role": "therapist", "practitioner": "anna", "password": PASSWORD}
LOGIN = {"email": ANN["email"], "password": PASSWORD}


@pytest.fixture
def desk(work: Work) -> Desk:
    """Return the surroundings of calls by Ann, who works at solna."""
    of_head = a_desk(work)
    add_account(of_head, "solna", ANN)
    return replace(of_head, actor=Actor("staff", ANN["email"], "therapist", "solna", "anna"))


def code(desk: Desk, secret: str, steps: int = 0) -> str:
    """Return what an app shows, so many half minutes from now."""
    at = desk.now + timedelta(seconds=30 * steps)
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def set_up(desk: Desk, password: str = PASSWORD) -> tuple[str, list[str]]:
    """Switch two-step login on; return the app's secret and the recovery codes."""
    secret = begin_two_step(desk, password)["secret"]
    return secret, confirm_two_step(desk, code(desk, secret))["recovery_codes"]


def later(desk: Desk, seconds: int = 60) -> Desk:
    """Return the same surroundings, later on."""
    return replace(desk, now=desk.now + timedelta(seconds=seconds))


def test_c4_a_code_is_asked_for_once_it_has_been_shown_that_the_app_has_them(desk: Desk) -> None:
    secret = begin_two_step(desk, PASSWORD)["secret"]
    assert log_in(desk, LOGIN)["two_step"] is False
    with pytest.raises(WrongLogin):
        confirm_two_step(desk, "000000")
    assert confirm_two_step(desk, code(desk, secret))["two_step"] is True
    with pytest.raises(CodeRequired):
        log_in(desk, LOGIN)
    assert log_in(later(desk), {**LOGIN, "code": code(later(desk), secret)})["two_step"] is True


def test_c4_no_code_works_twice(desk: Desk) -> None:
    secret, _ = set_up(desk)
    now = later(desk)
    used = code(now, secret)
    log_in(now, {**LOGIN, "code": used})
    for again in (used, code(now, secret, -1)):
        with pytest.raises(WrongLogin) as refused:
            log_in(now, {**LOGIN, "code": again})
        assert refused.value.extra == {"step": "code"}
    assert log_in(now, {**LOGIN, "code": code(now, secret, 1)})["two_step"]


def test_c4_the_code_that_set_it_up_logs_nobody_in(desk: Desk) -> None:
    secret = begin_two_step(desk, PASSWORD)["secret"]
    shown = code(desk, secret)
    confirm_two_step(desk, shown)
    with pytest.raises(WrongLogin):
        log_in(desk, {**LOGIN, "code": shown})


def test_c4_ten_recovery_codes_work_once_each(desk: Desk) -> None:
    _, codes = set_up(desk)
    assert len(codes) == 10
    for each in codes:
        assert log_in(desk, {**LOGIN, "code": each.lower().replace("-", " ")})["two_step"]
        with pytest.raises(WrongLogin):
            log_in(desk, {**LOGIN, "code": each})


def test_c4_new_recovery_codes_take_the_place_of_those_before(desk: Desk) -> None:
    secret, old = set_up(desk)
    new = recovery_codes(later(desk), code(later(desk), secret))["recovery_codes"]
    with pytest.raises(WrongLogin):
        log_in(desk, {**LOGIN, "code": old[0]})
    assert log_in(desk, {**LOGIN, "code": new[0]})["two_step"]


def test_c4_a_right_code_is_nothing_without_the_password(desk: Desk) -> None:
    """And nobody who has not the password learns that there is a second step."""
    _, codes = set_up(desk)
    for said in ({}, {"code": codes[0]}):
        with pytest.raises(WrongLogin) as refused:
            log_in(desk, {**LOGIN, "password": "somebody's guess", **said})
        assert refused.value.extra == {}
    assert log_in(desk, {**LOGIN, "code": codes[0]})["two_step"]


def test_c4_setting_it_up_and_ending_it_end_all_sessions(desk: Desk) -> None:
    id = str(log_in(desk, LOGIN)["account"])
    secret = begin_two_step(desk, PASSWORD)["secret"]
    before = desk.revisions.of(id)
    set_up_at = confirm_two_step(desk, code(desk, secret))["revision"]
    assert desk.revisions.of(id) == set_up_at > before
    ended = end_two_step(later(desk), code(later(desk), secret))
    assert (ended["two_step"], desk.revisions.of(id)) == (False, ended["revision"])
    assert ended["revision"] > set_up_at
    assert log_in(desk, LOGIN)["two_step"] is False


class Within:
    """Work that is part of a transaction, which is the caller's to commit."""

    def __init__(self, store: StaffStore) -> None:
        self._store = store

    @contextmanager
    def __call__(self) -> Iterator[StaffStore]:
        """Yield the transaction's store."""
        yield self._store

    reading = __call__


@pytest.mark.both_databases
def test_c4_of_two_who_begin_at_the_same_moment_one_waits_for_the_other(desk: Desk) -> None:
    """Else both wrote a first secret, which is refused, or one wrote over what the other has confirmed meanwhile."""
    installer = replace(desk, actor=Actor("staff", INSTALLER, "administrator"))
    with desk.work() as store:
        begin_two_step(replace(installer, work=Within(store)), INSTALLERS_PASSWORD)  # type: ignore[arg-type]
        assert waits(desk.work, lambda store: store.one_at_a_time([INSTALLATION]))


def test_c4_who_has_found_an_open_session_neither_sets_it_up_nor_ends_it(desk: Desk) -> None:
    with pytest.raises(WrongLogin):
        begin_two_step(desk, "somebody's guess")
    set_up(desk)
    with pytest.raises(Invalid):
        begin_two_step(desk, PASSWORD)
    for call in (end_two_step, recovery_codes):
        with pytest.raises(WrongLogin):
            call(desk, "000000")


@pytest.mark.parametrize("call", [confirm_two_step, end_two_step, recovery_codes])
def test_where_nothing_is_set_up_nothing_is_confirmed_or_ended(desk: Desk, call: Callable[[Desk, str], Any]) -> None:
    with pytest.raises(NotFound):
        call(desk, "000000")


def wishing(desk: Desk, **wishes: str) -> Desk:
    """Return the same surroundings where the clinics say this of two-step login."""
    return replace(desk, documents=FakeDocuments(**wishes))  # type: ignore[arg-type]


def test_c4_where_all_clinics_have_it_off_nobody_begins(desk: Desk) -> None:
    with pytest.raises(FunctionOff):
        begin_two_step(wishing(desk, solna="off"), PASSWORD)


def test_c4_where_a_clinic_requires_it_nobody_ends_it(desk: Desk) -> None:
    secret, _ = set_up(desk)
    with pytest.raises(FunctionOff):
        end_two_step(wishing(later(desk), solna="required"), code(later(desk), secret))


def test_c4_the_installations_administrator_sets_it_up_too(desk: Desk) -> None:
    installer = replace(desk, actor=Actor("staff", INSTALLER, "administrator"))
    login = {"email": INSTALLER, "password": INSTALLERS_PASSWORD}
    secret, codes = set_up(installer, INSTALLERS_PASSWORD)
    with pytest.raises(CodeRequired):
        log_in(desk, login)
    assert log_in(desk, {**login, "code": codes[0]}) == {
        "account": None, "email": INSTALLER, "clinics": None, "revision": 0, "two_step": True,
    }  # fmt: skip
    assert log_in(desk, LOGIN)["two_step"] is False, "nobody else is asked"
    end_two_step(later(installer), code(later(desk), secret))
    assert log_in(desk, login)["two_step"] is False


def test_c4_an_administrator_helps_whoever_has_lost_the_app_where_they_work_nowhere_else(desk: Desk) -> None:
    set_up(desk)
    head = replace(desk, actor=Actor("staff", "eva@solna.example", "administrator", "solna"))
    id = str(add_account(head, "lund", ANN)["id"])
    with pytest.raises(Forbidden):
        update_account(head, "lund", id, {"two_step": False})
    before = desk.revisions.of(id)
    assert update_account(head, "solna", id, {"two_step": False})["two_step"] is False
    assert desk.revisions.of(id) > before
    assert log_in(desk, LOGIN)["two_step"] is False


def test_c4_another_password_leaves_the_second_step_as_it_is(desk: Desk) -> None:
    _, codes = set_up(desk)
    assert change_password(desk, {"old": PASSWORD, "new": "another good one"})["two_step"] is True
    with pytest.raises(CodeRequired):
        log_in(desk, {**LOGIN, "password": "another good one"})
    assert log_in(desk, {**LOGIN, "password": "another good one", "code": codes[0]})["two_step"]


def test_c4_neither_the_secret_nor_a_code_is_kept_as_it_is(desk: Desk) -> None:
    secret, codes = set_up(desk)
    with desk.work.reading() as store:
        kept = [
            lying_open(store.connection.exec_driver_sql(f"SELECT * FROM {table}").all(), KEYS.people)
            for table in ("two_steps", "recovery_codes", "outbox")
        ]
    for hidden in (secret, *codes, *(each.replace("-", "") for each in codes)):
        assert not [table for table in kept if hidden in table]


def test_who_is_removed_leaves_no_second_step(desk: Desk) -> None:
    set_up(desk)
    id = id_of_ann(desk)
    remove_account(desk, "solna", id)
    with desk.work.reading() as store:
        assert store.two_step(id) is None
        assert store.connection.exec_driver_sql("SELECT * FROM recovery_codes").all() == []


def id_of_ann(desk: Desk) -> str:
    """Return the id of Ann's account."""
    with desk.work.reading() as store:
        account = store.by_email(ANN["email"])
    assert account is not None
    return account.id
