"""What the Nameko class adds: who may ask, before what was asked is looked at (PRODUCT C1, CONTRACTS 2)."""

from dataclasses import replace
from typing import Any

import pytest

from services.staff.service import StaffService
from shared.actor import PUBLIC, Actor
from shared.clinic_documents import revision_key
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, Unavailable
from tests.builders.calling import Acting, Called, served
from tests.builders.clock import FakeClock
from tests.builders.gateway.dead_redis import DeadRedis
from tests.builders.staff.desks import (
    GATEWAY,
    HEAD,
    INSTALLER,
    INSTALLERS_PASSWORD,
    KEYS,
    NOW,
    PASSWORD,
    FakeDocuments,
    FakeRevisions,
    Work,
    installer,
    passwords,
)

THERAPIST = replace(HEAD, id="ann@solna.example", role="therapist", practitioner="anna")
OF_LUND = replace(HEAD, clinic="lund")
CALLS = {
    "accounts": lambda service: service.accounts("solna", limit="many"),
    "add_account": lambda service: service.add_account("solna", role="king"),
    "update_account": lambda service: service.update_account("solna", "x", version="old"),
    "remove_account": lambda service: service.remove_account("solna", "x"),
}


def service(work: Work, actor: Actor, cache: Any = None) -> Any:
    """Return the service in the hands of `actor`."""
    made = served(
        StaffService,
        work=work,
        documents=FakeDocuments(),
        actor=Acting(actor, "abc"),
        clock=FakeClock(NOW),
        cache=cache or FakeRevisions().redis,
        keys=KEYS,
        passwords=passwords(),
        installer=installer(),
    )
    return Called(made, actor)


@pytest.mark.parametrize("method", CALLS)
def test_c1_only_administrators_of_the_clinic_keep_its_accounts(work: Work, method: str) -> None:
    for actor, refusal in ((PUBLIC, LoginRequired), (THERAPIST, Forbidden), (OF_LUND, Forbidden)):
        with pytest.raises(refusal):
            CALLS[method](service(work, actor))


def test_c4_only_the_house_lets_passwords_be_tried(work: Work) -> None:
    """The gateway counts them."""
    right = {"email": INSTALLER, "password": INSTALLERS_PASSWORD}
    for actor in (PUBLIC, HEAD, Actor(kind="tool", id="till")):
        with pytest.raises(Forbidden):
            service(work, actor).log_in(**right)
    assert service(work, GATEWAY).log_in(**right)["email"] == INSTALLER


def test_wrong_fields_are_refused_with_their_names(work: Work) -> None:
    for method, field in (("accounts", "limit"), ("update_account", "version")):
        with pytest.raises(Invalid) as refused:
            CALLS[method](service(work, HEAD))
        assert list(refused.value.extra["errors"]) == [field]
    with pytest.raises(Invalid) as refused:
        CALLS["add_account"](service(work, HEAD))
    assert set(refused.value.extra["errors"]) == {"email", "role"}


def test_c4_what_redis_did_not_take_is_announced_by_the_event(work: Work) -> None:
    """A session of an older revision must not live on since Redis was away for a moment."""
    cache = FakeRevisions().redis
    added = service(work, HEAD, DeadRedis()).add_account(
        "solna", email="ann@solna.example", role="administrator", password=PASSWORD
    )
    event = Event("e", "AccountAdded", "staff", NOW.isoformat(), "solna", added["id"], added["version"], {}, "c", {})
    with pytest.raises(Unavailable):
        service(work, GATEWAY, DeadRedis()).end_sessions(event)
    service(work, GATEWAY, cache).end_sessions(event)
    assert cache.get(revision_key(f"account:{added['id']}")) == str(added["version"])
