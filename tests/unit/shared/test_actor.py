"""Who acts is proven, not claimed (DESIGN rule 10)."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from shared.actor import LIFETIME, LONGEST, PUBLIC, Actor, sign, verify
from shared.contracts.errors import Forbidden, LoginRequired

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
KEYS = {"house": ("secret",), "tool-till": ("another",)}
ANNA = Actor("staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna", source="10.0.0.1")


def test_a_signed_actor_arrives_whole() -> None:
    assert verify(sign(ANNA, "house", "secret", NOW), KEYS, NOW) == ANNA


def test_a_token_ends_after_a_minute() -> None:
    token = sign(ANNA, "house", "secret", NOW)
    assert verify(token, KEYS, NOW + LIFETIME) == ANNA
    with pytest.raises(Forbidden) as refused:
        verify(token, KEYS, NOW + LIFETIME + timedelta(seconds=1))
    assert "too old" in refused.value.detail


def test_a_token_holds_for_an_hour_at_most() -> None:
    """Whoever finds one in a log has no key for ever."""
    tool = Actor("tool", id="till")
    assert verify(sign(tool, "tool-till", "another", NOW, LONGEST), KEYS, NOW) == tool
    for lifetime in (LONGEST + timedelta(seconds=1), timedelta(days=365)):
        with pytest.raises(Forbidden, match="too long"):
            verify(sign(tool, "tool-till", "another", NOW, lifetime), KEYS, NOW)


@pytest.mark.parametrize(
    "token", ["", "house", "house.e30", "house.e30.", "nobody.e30.aa", "house..\ud800", "house.é.é"]
)
def test_what_is_not_signed_is_refused(token: str) -> None:
    with pytest.raises(Forbidden):
        verify(token, KEYS, NOW)


def test_while_a_key_is_rotated_either_signs_and_afterwards_the_old_one_no_more() -> None:
    """First the new key behind everywhere, then in front, then the old one out: neighbours always know each other's."""
    for steps in ([("old",), ("old", "new")], [("old", "new"), ("new", "old")], [("new", "old"), ("new",)]):
        for signing in steps:
            token = sign(ANNA, "house", signing[0], NOW)
            assert all(verify(token, {"house": accepted}, NOW) == ANNA for accepted in steps)
    with pytest.raises(Forbidden):
        verify(sign(ANNA, "house", "old", NOW), {"house": ("new",)}, NOW)


def test_a_changed_token_is_refused() -> None:
    name, body, _ = sign(ANNA, "house", "secret", NOW).split(".")
    mac = sign(PUBLIC, "house", "secret", NOW).split(".")[2]
    with pytest.raises(Forbidden):
        verify(f"{name}.{body}.{mac}", KEYS, NOW)


def test_a_tools_key_signs_for_that_tool_only() -> None:
    tool = Actor("tool", id="till")
    assert verify(sign(tool, "tool-till", "another", NOW), KEYS, NOW) == tool
    for pretended in (ANNA, Actor("service", id="booking"), Actor("tool", id="other")):
        with pytest.raises(Forbidden):
            verify(sign(pretended, "tool-till", "another", NOW), KEYS, NOW)


SOON = (NOW + timedelta(minutes=1)).timestamp()


def signed(claims: str) -> str:
    """Return a token of the till that claims what is written there."""
    body = base64.urlsafe_b64encode(claims.encode()).decode()
    return f"tool-till.{body}.{hmac.digest(b'another', f'tool-till.{body}'.encode(), 'sha256').hex()}"


def claimed(**odd: object) -> str:
    """Return the claims of the till, some of them odd, as JSON."""
    return json.dumps({"until": SOON, "kind": "tool", "id": "till", **odd})


def test_what_the_till_signs_is_accepted() -> None:
    assert verify(signed(claimed()), KEYS, NOW) == Actor("tool", id="till")
    assert verify(signed(claimed(until=int(SOON), source="Kassa 1, Åsa")), KEYS, NOW).source == "Kassa 1, Åsa"


@pytest.mark.parametrize(
    "claims",
    [
        "", "[]", "5", "null", "{}", "{", "[" * 5000, '{"until": ' + "[" * 5000, '{"kind": "tool", "id": "till"}',
        claimed(until="soon"), claimed(until=str(SOON)), claimed(until=None), claimed(until=True), claimed(until=[]),
        claimed(until=float("nan")), claimed(until=float("inf")), claimed(until=-1), claimed(until=10**400),
        claimed(master=True), claimed(kind=["tool"]), claimed(kind=None), claimed(kind="wizard"), claimed(id=5),
        claimed(clinic={"a": 1}), claimed(role="owner"), claimed(role=7), claimed(need=[]), claimed(login={}),
        claimed(source="a\x00b"), claimed(source="\ud800"), claimed(source="a" * 201), claimed(id="a" * 9000),
    ],
)  # fmt: skip
def test_a_tool_that_signs_what_is_no_actor_is_refused(claims: str) -> None:
    """What a key holder signs, by mistake or not, must not end the service that reads it, nor be a fault later."""
    with pytest.raises(Forbidden):
        verify(signed(claims), KEYS, NOW)


def test_the_public_is_asked_to_log_in_where_staff_is_needed() -> None:
    with pytest.raises(LoginRequired):
        PUBLIC.require_staff("solna")


def test_staff_of_one_clinic_are_strangers_in_another() -> None:
    """C1: several clinics on one installation, kept apart."""
    ANNA.require_staff("solna")
    with pytest.raises(Forbidden):
        ANNA.require_staff("lund")


def test_therapists_are_no_administrators() -> None:
    """C1: two levels of access."""
    Actor("staff", id="boss", role="administrator", clinic="solna").require_administrator("solna")
    with pytest.raises(Forbidden):
        ANNA.require_administrator("solna")


@pytest.mark.parametrize(
    "actor", [Actor("tool", id="till"), Actor("service", id="booking"), Actor("staff", id="root", role="administrator")]
)
def test_tools_services_and_the_installations_administrator_belong_to_every_clinic(actor: Actor) -> None:
    actor.require_administrator("solna")
    actor.require_administrator("lund")


@pytest.mark.parametrize(
    ("actor", "calendar"),
    [
        (ANNA, "anna"),
        (Actor("staff", id="new", role="therapist", clinic="solna"), ""),
        (Actor("staff", id="boss", role="administrator", clinic="solna", practitioner="anna"), None),
        (Actor("tool", id="till"), None),
        (Actor("service", id="booking"), None),
        (PUBLIC, None),
    ],
)
def test_therapists_keep_to_their_own_calendar(actor: Actor, calendar: str | None) -> None:
    """C1: who has none has nobody's."""
    assert actor.own_calendar == calendar
