"""What a patient has proven holds for one clinic, and only while its key is accepted (PRODUCT B9, B14)."""

import base64

from shared.actor import PUBLIC, Actor
from shared.proofs import NOTHING, Proof, proof_of
from shared.sealed import Sealer

SEALER, OTHER = (Sealer(f"{name}:{base64.b64encode(name.encode() * 16).decode()}") for name in ("k1", "k2"))
IDENTITY = {"scheme": "se.personnummer", "number": "191212121212"}
LOGIN = SEALER.seal({"mobile": "+46701234567", "identity": IDENTITY})


def a_patient(**claims: str) -> Actor:
    """Return a patient at the clinic solna."""
    return Actor(kind="patient", clinic="solna", **claims)


def test_a_login_proves_its_mobile_and_number() -> None:
    proof = proof_of(a_patient(login=LOGIN), "solna", SEALER)
    assert proof == Proof("+46701234567", IDENTITY)
    assert (proof.is_login, proof.opens_needs) == (True, True)


def test_a_recall_s_link_proves_its_need_and_is_no_login() -> None:
    proof = proof_of(a_patient(need="1" * 32), "solna", SEALER)
    assert (proof.need, proof.is_login, proof.opens_needs) == ("1" * 32, False, True)


def test_nothing_is_proven_at_another_clinic_by_the_public_or_by_staff() -> None:
    assert proof_of(a_patient(login=LOGIN, need="1" * 32), "lund", SEALER) == NOTHING
    assert proof_of(PUBLIC, "solna", SEALER) == NOTHING
    assert proof_of(Actor(kind="staff", clinic="solna", login=LOGIN), "solna", SEALER) == NOTHING
    assert not NOTHING.opens_needs


def test_a_login_whose_key_is_no_longer_accepted_is_none() -> None:
    assert proof_of(a_patient(login=LOGIN), "solna", OTHER) == NOTHING
    assert proof_of(a_patient(login=LOGIN[:-8] + "AAAAAAA="), "solna", SEALER) == NOTHING
