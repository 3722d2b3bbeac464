"""What the Nameko class adds: who may ask, before what was asked is looked at (PRODUCT C1, CONTRACTS 2)."""

from dataclasses import replace
from typing import Any

import pytest

from services.staff.service import StaffService
from shared.actor import PUBLIC, Actor
from shared.clinic_documents import revision_key
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, Unavailable
from shared.links import password_token
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


def test_c4_only_the_house_asks_for_links_and_opens_them(work: Work) -> None:
    """The gateway counts who asks."""
    for actor in (PUBLIC, HEAD, Actor(kind="tool", id="till")):
        for call in (
            lambda service: service.ask_reset(email="ann@solna.example"),
            lambda service: service.open_reset("token"),
            lambda service: service.reset("token", password=PASSWORD),
        ):
            with pytest.raises(Forbidden):
                call(service(work, actor))


def test_c4_a_password_is_changed_by_nobody_on_somebody_s_behalf(work: Work) -> None:
    fields = {"old": PASSWORD, "new": "another good one"}
    with pytest.raises(LoginRequired):
        service(work, PUBLIC).change_password(**fields)
    for actor in (GATEWAY, Actor(kind="tool", id="till")):
        with pytest.raises(Forbidden):
            service(work, actor).change_password(**fields)


def test_c4_a_forgotten_password_is_chosen_anew_by_way_of_the_bus(work: Work) -> None:
    service(work, HEAD).add_account("solna", email="ann@solna.example", role="administrator", password=PASSWORD)
    service(work, GATEWAY).ask_reset(email="Ann@solna.example", language="sv")
    service(work, GATEWAY).issue_reset(told(work, "ResetAsked"))
    token = password_token(KEYS.link, told(work, "LinkIssued").data["link"])
    assert service(work, GATEWAY).open_reset(token)["purpose"] == "reset"
    service(work, GATEWAY).reset(token, password="another good one")
    service(work, GATEWAY).forget_links()
    assert service(work, GATEWAY).log_in(email="ann@solna.example", password="another good one")["account"]


def told(work: Work, type: str) -> Event:
    """Return the one event of a type that was told."""
    with work.reading() as store:
        [row] = store.connection.execute(store.outbox.select().where(store.outbox.c.type == type))
        return Event.from_json(row.body)


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
