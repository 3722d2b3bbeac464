"""Nothing goes to an address that the clinic has not confirmed (CONTRACTS 1, Patients)."""

import pytest

from services.notification.model.messages import person_addressed
from services.notification.model.told import Addressed
from tests.builders.notification.messages import a_clinic

TO = {"sms": "+46701740699", "email": "eva@example.org"}


@pytest.mark.parametrize(
    ("unconfirmed", "silent"),
    [((), ()), (("mobile",), ("sms",)), (("email",), ("email",)), (("mobile", "email"), ("sms", "email"))],
)
def test_only_what_is_confirmed_is_written_to(unconfirmed: tuple[str, ...], silent: tuple[str, ...]) -> None:
    told = Addressed(
        first_name="Eva",
        last_name="Lind",
        mobile=TO["sms"],
        email=TO["email"],
        sms_ok=True,
        email_ok=True,
        unconfirmed=unconfirmed,
    )
    found = person_addressed(told).addresses(a_clinic())
    assert found == {channel: None if channel in silent else to for channel, to in TO.items()}
