"""Twilio and SendGrid are set up each by itself, wholly or not at all (PRODUCT N5, DESIGN rule 12)."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.settings import Settings, SettingsError, from_environment


def public_key(private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    """Return the public half as SendGrid's console shows it."""
    return base64.b64encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "hush-twilio", "TWILIO_FROM": "+46 70 123 45 67"}
SENDGRID = {
    "SENDGRID_API_KEY": "SG.hush-sendgrid",
    "SENDGRID_FROM": "booking@clinic.example",
    "SENDGRID_WEBHOOK_KEY": public_key(ec.generate_private_key(ec.SECP256R1())),
}


def settings(tmp_path: Path, *given: dict[str, str]) -> Settings:
    """Return the settings of an environment with `given`."""
    return from_environment(
        {"DATA_DIR": str(tmp_path)} | {name: value for each in given for name, value in each.items()}
    )


def test_n5_without_providers_both_channels_stay_in_the_house(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.twilio, found.sendgrid) == (None, None)


def test_n5_each_provider_stands_by_itself(tmp_path: Path) -> None:
    only_sms, only_email = settings(tmp_path, TWILIO), settings(tmp_path, SENDGRID)
    assert only_sms.twilio is not None
    assert only_sms.twilio.sender == "+46701234567"
    assert only_sms.twilio.url == "https://api.twilio.com"
    assert only_sms.sendgrid is None
    assert only_email.sendgrid is not None
    assert only_email.twilio is None


def test_nothing_that_shows_the_settings_shows_a_secret(tmp_path: Path) -> None:
    found = settings(tmp_path, TWILIO, SENDGRID)
    assert "hush" not in repr(found.twilio) + repr(found.sendgrid)


@pytest.mark.parametrize(
    ("sender", "is_service"), [("+46701234567", False), ("MG" + "a" * 32, True), ("Solna Tand", False)]
)
def test_sms_come_from_a_number_a_messaging_service_or_a_name(tmp_path: Path, sender: str, is_service: bool) -> None:
    found = settings(tmp_path, TWILIO, {"TWILIO_FROM": sender}).twilio
    assert found is not None
    assert (found.sender, found.is_messaging_service) == (sender, is_service)


@pytest.mark.parametrize("given", [TWILIO, SENDGRID])
def test_half_a_provider_is_one_clear_sentence(tmp_path: Path, given: dict[str, str]) -> None:
    for missing in given:
        if missing == "SENDGRID_WEBHOOK_KEY":
            continue
        with pytest.raises(SettingsError, match=missing) as refused:
            settings(tmp_path, given, {missing: ""})
        assert str(refused.value).count(". ") == 0
        assert "hush" not in str(refused.value)


def test_a_webhook_key_needs_an_account(tmp_path: Path) -> None:
    alone = {"SENDGRID_WEBHOOK_KEY": SENDGRID["SENDGRID_WEBHOOK_KEY"]}
    with pytest.raises(SettingsError, match="SENDGRID_API_KEY and SENDGRID_FROM must be set"):
        settings(tmp_path, alone)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "hush"),
        ("TWILIO_FROM", "0701234567"),
        ("TWILIO_FROM", "a name too long for an SMS"),
        ("TWILIO_URL", "api.twilio.com"),
        ("TWILIO_URL", "http://[api.twilio.com"),
        ("SENDGRID_FROM", "Solna <booking@clinic.example>"),
        ("SENDGRID_URL", "ftp://api.sendgrid.com"),
        ("SENDGRID_WEBHOOK_KEY", "hush"),
        ("SENDGRID_WEBHOOK_KEY", public_key(rsa.generate_private_key(65537, 2048))),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        settings(tmp_path, TWILIO, SENDGRID, {name: value})
    assert "hush" not in str(refused.value)
