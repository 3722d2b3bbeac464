"""Email addresses, by their syntax."""

import pytest

from shared.identity.emails import normal_email


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (" eva@Example.ORG ", "eva@example.org"),
        ("Eva.Berg+tand@example.org", "Eva.Berg+tand@example.org"),
        ("åsa@räksmörgås.se", "åsa@räksmörgås.se"),
    ],
)
def test_an_email_address_is_checked_by_syntax_only(text: str, stored: str) -> None:
    assert normal_email(text) == stored


@pytest.mark.parametrize(
    "text",
    ["", "eva", "eva@localhost", "@example.org", "eva@b..se", "e va@example.org", "eva\n@example.org",
     "eva@example.org\nBcc: x@example.org", "eva@1.2.3.4", "eva@-a.se", "a" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="email address"):
        normal_email(text)
