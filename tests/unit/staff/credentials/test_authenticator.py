"""The codes of authenticator apps (RFC 4226, RFC 6238)."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from services.staff.credentials.authenticator import address_for_app, new_secret, step_of

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_c4_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, their last six digits."""
    step = seconds // 30
    assert step_of(RFC_SECRET, code, [step - 1, step, step + 1]) == step
    assert step_of(RFC_SECRET, code, [step - 1, step + 1]) is None


@pytest.mark.parametrize("code", ["", "28708", "2870822", "28708a", "۲۸۷۰۸۲"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(RFC_SECRET, code, [0, 1, 2]) is None


def test_c4_an_app_is_told_whose_secret_it_is() -> None:
    secret = new_secret()
    assert len(base64.b32decode(secret)) * 8 == 160
    address = urlsplit(address_for_app(secret, "ann@solna.example"))
    told = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert (told["secret"], told["issuer"], told["digits"], told["period"]) == ([secret], ["Frontdesk"], ["6"], ["30"])
    assert "ann%40solna.example" in address.path
    assert new_secret() != secret
