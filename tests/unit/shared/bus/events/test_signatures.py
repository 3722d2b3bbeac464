"""Who published an event is proven before anybody acts on it."""

from pathlib import Path

import pytest

from shared.bus.events.signatures import Signatures, Unproven
from shared.settings import from_environment, new_seal_key

KEY, OTHER = "a:" + "A" * 43 + "=", "b:" + "B" * 42 + "A="
BODY = b'{"id":"1","subject":"A"}'
OURS = Signatures(KEY)
SIGNED = OURS.of("booking", "BookingCreated", BODY)


def test_what_a_source_has_signed_is_accepted() -> None:
    Signatures(KEY).check("booking", "BookingCreated", BODY, SIGNED)


@pytest.mark.parametrize(
    ("source", "type", "body"),
    [
        ("patient", "BookingCreated", BODY),
        ("booking", "BookingCancelled", BODY),
        ("booking", "BookingCreated", BODY + b" "),
        ("booking", "Booking", b"Created\0" + BODY),
    ],
)
def test_a_signature_holds_for_its_source_its_type_and_each_byte(source: str, type: str, body: bytes) -> None:
    with pytest.raises(Unproven, match=f"not that of {source}"):
        OURS.check(source, type, body, SIGNED)


@pytest.mark.parametrize(
    "signature",
    ["", "a", "a.", SIGNED[:-1], SIGNED.upper(), f"a.{'0' * 64}", "a.é", ".", 5, b"a.00", ["a.00"], {}, True],
)
def test_what_is_no_signature_proves_nothing(signature: object) -> None:
    for signatures in (OURS, Signatures(KEY, accept_unsigned=True)):
        with pytest.raises(Unproven):
            signatures.check("booking", "BookingCreated", BODY, signature)


def test_an_unsigned_event_proves_nothing_but_where_an_upgrade_is_on_its_way() -> None:
    with pytest.raises(Unproven, match="no signature of booking"):
        OURS.check("booking", "BookingCreated", BODY, None)
    Signatures(KEY, accept_unsigned=True).check("booking", "BookingCreated", BODY, None)


def accepts_unsigned(environment: dict[str, str]) -> bool:
    """Tell whether an installation acts on what nobody has signed."""
    try:
        Signatures.from_settings(from_environment(environment)).check("booking", "BookingCreated", BODY, None)
    except Unproven:
        return False
    return True


def test_only_a_bus_with_other_publishers_wants_signatures(tmp_path: Path) -> None:
    """The one inside the process has none; its dead letters of version 0.1.0, which are unsigned, are acted on."""
    alone = {"DATA_DIR": str(tmp_path)}
    seals = {name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")}
    keys = dict.fromkeys(("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"), "k" * 32)
    real = {"AMQP_URI": "pyamqp://rabbit//", **keys, **seals}
    assert accepts_unsigned(alone)
    assert not accepts_unsigned(real)
    assert accepts_unsigned({**real, "ACCEPT_UNSIGNED_EVENTS": "1"})


def test_keys_rotate_the_newest_signs_and_all_that_are_given_are_accepted() -> None:
    """First each process accepts the new key, then each signs by it, then the old one goes (docs/operations.md)."""
    prepared, turned = Signatures(f"{KEY},{OTHER}"), Signatures(f"{OTHER},{KEY}")
    for signer, reader in ((OURS, prepared), (prepared, OURS), (turned, prepared), (prepared, turned)):
        reader.check("booking", "BookingCreated", BODY, signer.of("booking", "BookingCreated", BODY))
    with pytest.raises(Unproven, match="a key that is not accepted here"):
        OURS.check("booking", "BookingCreated", BODY, turned.of("booking", "BookingCreated", BODY))


def test_a_key_of_the_same_name_that_is_another_opens_nothing() -> None:
    other = Signatures(OTHER.replace("b:", "a:"))
    with pytest.raises(Unproven, match="not that of booking"):
        OURS.check("booking", "BookingCreated", BODY, other.of("booking", "BookingCreated", BODY))


def test_a_bad_key_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="frontdesk keys"):
        Signatures(new_seal_key()[:-8])
