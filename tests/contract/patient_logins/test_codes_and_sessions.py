"""One-time codes, sessions and limits, on Redis and on its twin inside the process (PRODUCT B14, M2)."""

import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier

import fakeredis
import pytest
import redis

from gateway.access import guesses as guesses_module
from gateway.access import login_codes, patient_sessions
from gateway.access.guesses import Guesses
from gateway.access.login_codes import LoginCodes
from gateway.access.patient_sessions import PatientSession, PatientSessions
from gateway.access.proof import Proof, Proofs
from gateway.access.windows import Windows
from shared.clock import SystemClock
from shared.contracts.errors import RateLimited, Unavailable, WrongLogin
from shared.links import need_token
from shared.sealed import Sealer
from shared.settings import new_seal_key
from tests.builders.clock import FakeClock
from tests.builders.gateway.dead_redis import DeadRedis

KEY = "k" * 64
MOBILE = "+46701740605"
NEED = "0" * 32


@pytest.fixture
def codes(cache: redis.Redis) -> LoginCodes:
    """Return codes that nobody has used yet."""
    return LoginCodes(cache, [KEY])


@pytest.fixture
def sealer() -> Sealer:
    """Return a sealer with a key of its own."""
    return Sealer(new_seal_key())


def wrong(code: str) -> str:
    """Return another code of six digits."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_has_six_digits_and_works_once(codes: LoginCodes) -> None:
    code = codes.issue("solna", MOBILE)

    assert re.fullmatch("[0-9]{6}", code)
    assert codes.use("solna", MOBILE, code)
    assert not codes.use("solna", MOBILE, code)


def test_a_new_code_makes_the_one_before_void(codes: LoginCodes, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([111111, 222222])
    monkeypatch.setattr(login_codes.secrets, "randbelow", lambda _: next(numbers))
    first, second = codes.issue("solna", MOBILE), codes.issue("solna", MOBILE)

    assert not codes.use("solna", MOBILE, first)
    assert codes.use("solna", MOBILE, second)


def test_a_code_is_for_one_mobile_at_one_clinic(codes: LoginCodes) -> None:
    code = codes.issue("solna", MOBILE)

    assert not codes.use("lund", MOBILE, code)
    assert not codes.use("solna", "+46701740606", code)
    assert codes.use("solna", MOBILE, code)


def test_codes_of_two_clinics_are_in_force_side_by_side(codes: LoginCodes) -> None:
    code, elsewhere = codes.issue("solna", MOBILE), codes.issue("lund", MOBILE)

    assert codes.use("solna", MOBILE, code)
    assert codes.use("lund", MOBILE, elsewhere)


def test_the_twentieth_wrong_try_voids_the_code_and_the_twentieth_try_may_still_be_right(codes: LoginCodes) -> None:
    """A network has five: no stranger alone voids what a patient has in hand."""
    code = codes.issue("solna", MOBILE)
    assert not any(codes.use("solna", MOBILE, wrong(code)) for _ in range(19))
    assert codes.use("solna", MOBILE, code)

    code = codes.issue("solna", MOBILE)
    assert not any(codes.use("solna", MOBILE, wrong(code)) for _ in range(20))
    assert not codes.use("solna", MOBILE, code)


def test_a_new_code_has_its_tries_anew(codes: LoginCodes) -> None:
    first = codes.issue("solna", MOBILE)
    assert not any(codes.use("solna", MOBILE, wrong(first)) for _ in range(19))

    second = codes.issue("solna", MOBILE)
    assert not codes.use("solna", MOBILE, wrong(second))
    assert codes.use("solna", MOBILE, second)


def test_a_code_lasts_ten_minutes_and_a_wrong_try_does_not_lengthen_it(codes: LoginCodes, cache: redis.Redis) -> None:
    code = codes.issue("solna", MOBILE)
    (key,) = cache.keys()
    cache.expire(key, 100)
    codes.use("solna", MOBILE, wrong(code))

    assert cache.ttl(key) <= 100
    codes.issue("solna", MOBILE)
    assert 100 < cache.ttl(key) <= 600


def test_who_reads_redis_finds_neither_code_nor_mobile_nor_token(
    codes: LoginCodes, cache: redis.Redis, sealer: Sealer
) -> None:
    code = codes.issue("solna", MOBILE)
    token = PatientSessions(cache, sealer, SystemClock()).start(
        "solna", MOBILE, {"scheme": "se.personnummer", "number": "198504121230"}
    )
    stored = "".join(f"{key}{cache.dump(key)!r}" for key in cache.scan_iter())

    assert stored
    assert not any(secret in stored for secret in (code, MOBILE, MOBILE[1:], "198504121230", token))


def test_a_session_proves_the_mobile_at_its_own_clinic_only(cache: redis.Redis, sealer: Sealer) -> None:
    sessions = PatientSessions(cache, sealer, SystemClock())
    identity = {"scheme": "se.personnummer", "number": "198504121230"}
    token = sessions.start("solna", MOBILE, identity)
    proofs = Proofs(sessions, [KEY])

    found = proofs.of(token, "solna")
    assert found is not None
    assert (found.clinic, found.need) == ("solna", None)
    assert sealer.open(str(found.login)) == {"mobile": MOBILE, "identity": identity}
    assert proofs.of(token, "lund") is None
    assert proofs.of(token, None) is None


def test_a_session_lasts_thirty_minutes_from_last_use_and_ends_when_asked(cache: redis.Redis, sealer: Sealer) -> None:
    sessions = PatientSessions(cache, sealer, SystemClock())
    token = sessions.start("solna", MOBILE, None)
    (key,) = cache.keys()
    assert 1700 < cache.ttl(key) <= patient_sessions.LIFETIME_SECONDS == 1800

    cache.expire(key, 100)
    assert sessions.open(token) is not None
    assert cache.ttl(key) > 1700

    sessions.end(token)
    assert sessions.open(token) is None
    sessions.end(token)


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(cache: redis.Redis, sealer: Sealer) -> None:
    """PRODUCT B14: one that was stolen does not last for ever."""
    clock = FakeClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    sessions = PatientSessions(cache, sealer, clock)
    token = sessions.start("solna", MOBILE, None)
    (key,) = cache.keys()

    clock.moment += timedelta(hours=11, minutes=50)
    assert sessions.open(token) is not None
    assert cache.ttl(key) <= 600, "the last minutes are all that it gets"
    clock.moment += timedelta(minutes=10)
    assert sessions.open(token) is None


def test_a_token_that_claims_to_have_begun_later_opens_nothing(cache: redis.Redis, sealer: Sealer) -> None:
    sessions = PatientSessions(cache, sealer, SystemClock())
    token = sessions.start("solna", MOBILE, None)
    signs, _, began = token.partition(".")

    for forged in (f"{signs}.{int(began) + 1}", signs, f"{signs}.", f"{signs}.{'9' * 5000}", f"{signs}.٣"):
        assert sessions.open(forged) is None
    assert sessions.open(token) is not None


def test_a_session_of_the_version_before_is_good_to_its_end_and_no_longer(cache: redis.Redis, sealer: Sealer) -> None:
    """Its token does not say when it began."""
    sessions = PatientSessions(cache, sealer, SystemClock())
    key = f"frontdesk:patient-session:{hashlib.sha256(b'of 0-1-0').hexdigest()}"
    cache.set(key, json.dumps({"clinic": "solna", "login": "sealed"}), ex=100)

    assert sessions.open("of 0-1-0") == PatientSession("solna", "sealed")
    assert 0 < cache.ttl(key) <= 100


def test_a_recalls_token_proves_its_need_and_a_forged_one_nothing(cache: redis.Redis, sealer: Sealer) -> None:
    proofs = Proofs(PatientSessions(cache, sealer, SystemClock()), [KEY])

    assert proofs.of(need_token(KEY, NEED), "solna") == Proof("solna", need=NEED)
    assert proofs.of(need_token("another key" * 4, NEED), "solna") is None


@pytest.mark.parametrize("token", [None, "", " ", "x", "n" * 57, "é" * 57, "\x00", "a" * 5000])
def test_what_is_no_token_proves_nothing(cache: redis.Redis, sealer: Sealer, token: str | None) -> None:
    assert Proofs(PatientSessions(cache, sealer, SystemClock()), [KEY]).of(token, "solna") is None


def test_without_redis_there_are_neither_codes_nor_sessions_and_a_recalls_token_still_works(sealer: Sealer) -> None:
    codes, sessions = LoginCodes(DeadRedis(), [KEY]), PatientSessions(DeadRedis(), sealer, SystemClock())

    for call in (
        lambda: codes.issue("solna", MOBILE),
        lambda: codes.use("solna", MOBILE, "123456"),
        lambda: sessions.start("solna", MOBILE, None),
        lambda: sessions.open("token"),
        lambda: sessions.end("token"),
    ):
        with pytest.raises(Unavailable):
            call()
    assert Proofs(sessions, [KEY]).of(need_token(KEY, NEED), "solna") == Proof("solna", need=NEED)


def at_the_same_moment(times: int, call: Callable[[], object]) -> list[object]:
    """Return what so many callers get who all call at once."""
    barrier = Barrier(times)

    def one(_: int) -> object:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(times) as callers:
        return list(callers.map(one, range(times)))


def test_of_many_logins_with_one_code_at_once_exactly_one_goes_through(codes: LoginCodes) -> None:
    for _ in range(10):
        code = codes.issue("solna", MOBILE)

        used = at_the_same_moment(8, lambda code=code: codes.use("solna", MOBILE, code))

        assert sorted(used) == [False] * 7 + [True]


def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(cache: redis.Redis) -> None:
    """Each is counted before it is looked at."""
    guesses, looked_at = Guesses(cache, KEY), []

    def guess() -> str:
        try:
            with guesses.of_login(MOBILE, "203.0.113.7", "solna"):
                looked_at.append(1)
                raise WrongLogin.because("No.")
        except (WrongLogin, RateLimited) as refusal:
            return refusal.code

    answers = at_the_same_moment(16, guess)

    assert sorted(answers) == ["rate_limited"] * 11 + ["wrong_login"] * 5
    assert len(looked_at) == 5


def test_where_many_guess_at_many_clinics_login_codes_are_long_at_all_of_them(cache: redis.Redis) -> None:
    """ADR 17: a hundred wrong ones in a day, however they are spread."""
    guesses = Guesses(cache, KEY)
    for number in range(100):
        with pytest.raises(WrongLogin), guesses.of_login(f"+4670174{number:04d}", f"10.{number}.0.1", f"c{number}"):
            raise WrongLogin.because("No.")

    with guesses.sending(MOBILE, "203.0.113.7", "solna") as digits:
        assert digits == 9
    with guesses.of_login(MOBILE, "203.0.113.7", "solna") as digits:
        assert digits == 9


def test_a_mobile_gets_ten_codes_of_a_day_from_a_network_and_forty_in_all(
    cache: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guesses_module, "SENDINGS_PER_MOBILE", 1000)
    guesses, sent = Guesses(cache, KEY), []
    for network in range(5):
        for home in range(11):
            with suppress(RateLimited), guesses.sending(MOBILE, f"10.{network}.0.{home}", "solna"):
                sent.append(network)

    assert sent == [network for network in range(4) for _ in range(10)]


def test_of_many_codes_asked_for_at_once_three_go_to_a_mobile(cache: redis.Redis) -> None:
    guesses, sent = Guesses(cache, KEY), []

    def ask() -> str:
        try:
            with guesses.sending(MOBILE, "203.0.113.7", "solna"):
                sent.append(1)
                return "sent"
        except RateLimited as refusal:
            return refusal.code

    answers = at_the_same_moment(12, ask)

    assert sorted(answers) == ["rate_limited"] * 9 + ["sent"] * 3
    assert len(sent) == 3


def test_a_right_code_leaves_the_addresss_wrong_ones_counted_and_forgives_the_numbers(cache: redis.Redis) -> None:
    """Else whoever has a telephone of their own could guess at others' for ever."""
    guesses = Guesses(cache, KEY)
    for number in range(20):
        with pytest.raises(WrongLogin), guesses.of_recall(f"number {number}", "203.0.113.7"):
            raise WrongLogin.because("No.")
        if number % 5 == 0 and number < 19:
            with guesses.of_recall("own number", "203.0.113.7"):
                pass

    with pytest.raises(RateLimited), guesses.of_recall("own number", "203.0.113.7"):
        pass


def test_the_counters_of_guesses_end_by_themselves_and_name_nobody(cache: redis.Redis) -> None:
    guesses = Guesses(cache, KEY)
    with pytest.raises(WrongLogin), guesses.of_login("198504121230", "203.0.113.7", "solna"):
        raise WrongLogin.because("No.")
    with guesses.sending(MOBILE, "203.0.113.7", "solna"):
        pass

    keys = cache.keys()
    assert keys
    assert all(0 < cache.ttl(key) <= (86_400 if "day" in key or "wrong" in key else 900) for key in keys)
    assert not any(secret in key for secret in ("198504121230", MOBILE[1:]) for key in keys)


def test_without_redis_nobody_guesses_and_no_code_is_sent() -> None:
    guesses = Guesses(DeadRedis(), KEY)
    for counted in (
        guesses.of_recall("1", "203.0.113.7"),
        guesses.of_login(MOBILE, "203.0.113.7", "solna"),
        guesses.sending(MOBILE, "203.0.113.7", "solna"),
    ):
        with pytest.raises(Unavailable), counted:
            pytest.fail("nothing within may run")


def test_a_redis_that_fails_after_a_right_code_does_not_take_the_login_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays counted is only stricter; a code that was used up could not be used again."""
    cache = fakeredis.FakeRedis(decode_responses=True)
    guesses = Guesses(cache, KEY)
    with guesses.of_login(MOBILE, "203.0.113.7", "solna"):
        monkeypatch.setattr(guesses, "_windows", Windows(DeadRedis()))


@pytest.mark.parametrize("keys", [[KEY, "new"], ["new", KEY]], ids=["behind", "in front"])
def test_a3_a_code_is_good_whichever_key_has_hashed_it_and_one_is_in_force(cache: redis.Redis, keys: list[str]) -> None:
    """PRODUCT A3, B14: while `LOOKUP_KEY` is replaced, one process sends a code and another takes it."""
    old, now = LoginCodes(cache, [KEY]), LoginCodes(cache, keys)
    assert now.use("solna", MOBILE, old.issue("solna", MOBILE))
    first, second = old.issue("solna", MOBILE), now.issue("solna", MOBILE)
    assert first == second or not now.use("solna", MOBILE, first), "the one before is void"
    assert now.use("solna", MOBILE, second)
    assert not now.use("solna", MOBILE, second)
