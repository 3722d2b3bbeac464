"""By what a patient may be told: with consent, where the address is confirmed, and by SMS only a mobile (B18a)."""

from collections.abc import Collection, Mapping

from shared.clinic.message_keys import EMAIL, SMS
from shared.identity.telephones import can_receive_sms

_KIND = {SMS: "mobile", EMAIL: "email"}
"""The address that a channel writes to."""


def is_doubted(channel: str, unconfirmed: Collection[str]) -> bool:
    """Tell whether the address that a channel writes to is one of those that nobody has confirmed."""
    return _KIND[channel] in unconfirmed


def addresses_of(
    mobile: str | None,
    email: str | None,
    *,
    sms_ok: bool,
    email_ok: bool,
    unconfirmed: Collection[str],
    countries: Collection[str],
) -> Mapping[str, str | None]:
    """Return where each channel reaches somebody, None where it may not; SMS go to mobiles (E.164) of `countries`."""
    gets_sms = mobile is not None and sms_ok and can_receive_sms(mobile, countries)
    found = {SMS: mobile if gets_sms else None, EMAIL: email if email_ok else None}
    return {channel: None if is_doubted(channel, unconfirmed) else to for channel, to in found.items()}
