"""Who may call a method, by who acts and the clinic that the call names (PRODUCT C1)."""

import pytest

from shared.actor import PUBLIC as SOMEBODY
from shared.actor import Actor
from shared.callers import ADMINISTRATOR, ANYBODY, HOUSE, LINK_OR_STAFF, PUBLIC, STAFF, STAFF_OR_ALL, Callers
from shared.contracts.errors import Forbidden, LoginRequired, Refusal

LOGGED_IN = Actor("patient", clinic="lund", login="sealed")
THERAPIST = Actor("staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
HEAD = Actor("staff", id="eva@solna.example", role="administrator", clinic="solna")
NEIGHBOUR = Actor("staff", id="bo@lund.example", role="administrator", clinic="lund")
INSTALLER = Actor("staff", id="root", role="administrator")
TOOL, SERVICE = Actor("tool", id="till"), Actor("service", id="booking")
EVERYBODY = (SOMEBODY, LOGGED_IN, THERAPIST, HEAD, NEIGHBOUR, INSTALLER, TOOL, SERVICE)


def refused(by: Callers, actor: Actor, clinic: object) -> type[Refusal] | None:
    """Return the kind of refusal that an actor gets, None where they may call."""
    assert by.refuse_others is not None
    try:
        by.refuse_others(actor, clinic)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(
    ("by", "clinic", "let_in", "asked_to_log_in"),
    [
        (PUBLIC, "solna", (SOMEBODY, LOGGED_IN, THERAPIST, HEAD, INSTALLER, TOOL, SERVICE), ()),
        (PUBLIC, None, EVERYBODY, ()),
        (STAFF, "solna", (THERAPIST, HEAD, INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (STAFF, None, (INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (STAFF, ["solna"], (INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (ADMINISTRATOR, "solna", (HEAD, INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (LINK_OR_STAFF, None, EVERYBODY, ()),
        (LINK_OR_STAFF, "solna", (THERAPIST, HEAD, INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (STAFF_OR_ALL, "solna", (THERAPIST, HEAD, INSTALLER, TOOL, SERVICE), (SOMEBODY, LOGGED_IN)),
        (STAFF_OR_ALL, None, (TOOL, SERVICE), ()),
        (STAFF_OR_ALL, "*", (TOOL, SERVICE), ()),
        (HOUSE, "solna", (SERVICE,), ()),
        (HOUSE, None, (SERVICE,), ()),
    ],
)  # fmt: skip
def test_c1_these_may_call_and_all_others_are_refused(
    by: Callers, clinic: object, let_in: tuple[Actor, ...], asked_to_log_in: tuple[Actor, ...]
) -> None:
    expected = {
        actor: None if actor in let_in else LoginRequired if actor in asked_to_log_in else Forbidden
        for actor in EVERYBODY
    }
    assert {actor: refused(by, actor, clinic) for actor in EVERYBODY} == expected


def test_where_anybody_may_call_nobody_is_asked_who_they_are() -> None:
    assert ANYBODY.refuse_others is None
