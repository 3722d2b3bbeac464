"""How messages leave the house. This package alone knows the providers (PRODUCT N5)."""

from services.notification.channels.reports import Answer, Posted, Report, Webhooks
from services.notification.channels.sendgrid_email import SendGridEmail
from services.notification.channels.twilio_sms import TwilioSms
from services.notification.channels.way_out import (
    CannotTell,
    Channel,
    Channels,
    LocalOutbox,
    NotSent,
    Outgoing,
    Unclear,
)
from shared.clinic.message_keys import EMAIL, SMS
from shared.settings import Settings


def local_channels() -> Channels:
    """Return the ways out of an installation without providers."""
    outbox = LocalOutbox()
    return {SMS: outbox, EMAIL: outbox}


def ways_out(settings: Settings) -> Channels:
    """Return the ways out of an installation: a provider's where it has one, else the local outbox."""
    found = dict(local_channels())
    if settings.twilio is not None:
        found[SMS] = TwilioSms(settings.twilio, settings.public_url)
    if settings.sendgrid is not None:
        found[EMAIL] = SendGridEmail(settings.sendgrid)
    return found


__all__ = [
    "Answer",
    "CannotTell",
    "Channel",
    "Channels",
    "LocalOutbox",
    "NotSent",
    "Outgoing",
    "Posted",
    "Report",
    "Unclear",
    "Webhooks",
    "local_channels",
    "ways_out",
]
