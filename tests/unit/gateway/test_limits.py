"""How often a thing may be tried, from which address, and what happens without Redis."""

import fakeredis
import pytest
import redis
from werkzeug.test import TestResponse

from gateway.access.limits import Limits
from gateway.http.proxies import TrustedProxies, household
from shared.contracts.errors import NewPatientsRefused, NoOpenNeed, RateLimited, SlotTaken, Unavailable
from shared.settings import SettingsError
from tests.unit.gateway.clinics import CHOSEN, DETAILS, open_clinic
from tests.unit.gateway.test_public_api import BODY
from tests.unit.gateway.world import World, refusing

KEY = "k" * 64


class DeadRedis(fakeredis.FakeRedis):
    """A Redis that nobody reaches."""

    def execute_command(self, *args: object, **options: object) -> object:
        """Fail."""
        raise redis.ConnectionError("gone")


def test_holds_and_bookings_of_an_address_are_limited_together_and_searches_are_not(tmp_path: object) -> None:
    world = World(tmp_path, booking_rate_limit=3)  # type: ignore[arg-type]
    world.booking.answers |= {"hold": {}, "book": {}}
    world.availability.answers["slots"] = {"slots": []}
    hold = {"type": "exam", "start": BODY["start"]}

    for _ in range(2):
        assert world.post("/v1/clinics/solna/holds", json=hold).status_code == 201
    assert world.post("/v1/clinics/solna/bookings", json=BODY).status_code == 201
    refused = world.post("/v1/clinics/lund/bookings", json=BODY)
    elsewhere = world.post("/v1/clinics/solna/bookings", json=BODY, environ={"REMOTE_ADDR": "198.51.100.4"})

    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert elsewhere.status_code == 201
    assert world.get("/v1/clinics/solna/slots").status_code == 200


@pytest.mark.parametrize("by_page", [False, True])
def test_refusals_that_tell_who_is_a_patient_are_limited_by_address(tmp_path: object, by_page: bool) -> None:
    """CONTRACTS 2, Limits; PRODUCT B7: nobody may try numbers out to learn who is a patient."""
    world = World(tmp_path, booking_rate_limit=0)  # type: ignore[arg-type]
    open_clinic(world)
    world.booking.answers["book"] = refusing(NewPatientsRefused)

    def book(address: str) -> TestResponse:
        if by_page:
            form = {**CHOSEN, **DETAILS, "go": "confirm", "key": "k1"}
            return world.post("/solna", data=form, environ={"REMOTE_ADDR": address})
        return world.post("/v1/clinics/solna/bookings", json=BODY, environ={"REMOTE_ADDR": address})

    assert {book("203.0.113.7").status_code for _ in range(20)} == {422}
    tried = len(world.booking.calls)
    refused = book("203.0.113.7")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert len(world.booking.calls) == tried, "one that went through would tell as much"
    assert book("198.51.100.4").status_code == 422


def test_other_refusals_tell_nothing_and_are_not_counted() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0, KEY)
    for _ in range(30):
        with pytest.raises(SlotTaken), limits.telling_who_is_known("203.0.113.7"):
            raise SlotTaken.because("Gone.")


def test_refusals_that_tell_who_is_called_for_are_counted_with_those_that_tell_who_is_known() -> None:
    """PRODUCT B9: with a login, numbers could be tried out until one has the need."""
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0, KEY)
    for refusal in [NoOpenNeed, NewPatientsRefused] * 10:
        with pytest.raises(refusal), limits.telling_who_is_known("203.0.113.7"):
            raise refusal.because("Call the clinic.")
    with pytest.raises(RateLimited), limits.telling_who_is_known("203.0.113.7"):
        pass


def test_a_limit_of_nought_limits_nothing() -> None:
    limits = Limits(fakeredis.FakeRedis(decode_responses=True), 0, KEY)

    for _ in range(100):
        limits.count_booking("203.0.113.7")


def test_a_window_ends_by_itself() -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    limits = Limits(cache, 1, KEY)
    limits.count_booking("203.0.113.7")
    with pytest.raises(RateLimited):
        limits.count_booking("203.0.113.7")

    for key in cache.scan_iter():
        assert 0 < cache.ttl(key) <= 60
        cache.delete(key)
    limits.count_booking("203.0.113.7")


def test_without_redis_bookings_go_on_and_logins_do_not() -> None:
    limits = Limits(DeadRedis(), 1, KEY)

    limits.count_booking("203.0.113.7")
    limits.count_booking("203.0.113.7")
    with pytest.raises(NewPatientsRefused), limits.telling_who_is_known("203.0.113.7"):
        raise NewPatientsRefused.because("Call the clinic.")
    for login in (limits.count_login, limits.forgive_login):
        with pytest.raises(Unavailable):
            login("a@b.example", "203.0.113.7")


def test_keys_hold_no_email_address() -> None:
    cache = fakeredis.FakeRedis(decode_responses=True)
    Limits(cache, 1, KEY).count_login("eva@solna.example", "203.0.113.7")

    assert not any("eva" in key or "solna" in key for key in cache.scan_iter())


def test_a_household_of_ipv6_counts_as_one_address() -> None:
    assert household("2001:db8:1:2::1") == household("2001:db8:1:2:ffff::9")
    assert household("2001:db8:1:2::1") != household("2001:db8:1:3::1")
    assert household("203.0.113.7") == "203.0.113.7"
    assert household("unknown") == "unknown"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded_for", "client"),
    [
        ([], "203.0.113.7", "", "203.0.113.7"),
        ([], "203.0.113.7", "10.9.9.9", "203.0.113.7"),
        (["203.0.113.7"], "203.0.113.7", "198.51.100.4", "198.51.100.4"),
        (["10.0.0.0/8"], "10.1.1.1", "1.1.1.1, 198.51.100.4, 10.2.2.2", "198.51.100.4"),
        (["10.0.0.0/8"], "10.1.1.1", "10.3.3.3", "10.3.3.3"),
        (["10.0.0.0/8"], "10.1.1.1", "", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "nonsense", "10.1.1.1"),
        (["10.0.0.0/8"], "10.1.1.1", "198.51.100.4:4711", "198.51.100.4"),
        (["::1"], "::1", "[2001:db8::7]:4711", "2001:db8::7"),
        (["10.0.0.0/8"], "::ffff:10.1.1.1", "198.51.100.4", "198.51.100.4"),
        ([], None, "", "unknown"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_trusted_proxy(
    trusted: list[str], peer: str | None, forwarded_for: str, client: str
) -> None:
    assert TrustedProxies(trusted).client(peer, forwarded_for) == client


def test_a_trusted_proxy_that_is_no_address_is_a_clear_sentence() -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        TrustedProxies(["everybody"])
