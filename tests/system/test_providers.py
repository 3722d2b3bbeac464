"""A booking's messages on their way by Twilio and SendGrid, and what comes back over HTTP, signed (PRODUCT N5)."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests

from tests.servers.providers import (
    SENDGRID_PUBLIC_KEY,
    TOKEN,
    Providers,
    running_providers,
    signed_by_sendgrid,
    signed_by_twilio,
)
from tests.system.api_client import Client, staff
from tests.system.demo_bookings import a_booking, day_of_its_own, in_a_week
from tests.system.installation import ADMIN, Installation, embedded, wait_until

CLINIC, TYPE, PRACTITIONER = "frenda", "exam", "anna"
PUBLIC_URL = "https://booking.example"

_turns = count()


@pytest.fixture(scope="module")
def providers() -> Iterator[Providers]:
    """Return both providers."""
    with running_providers() as providers:
        yield providers


@pytest.fixture(scope="module")
def frontdesk(tmp_path_factory: pytest.TempPathFactory, providers: Providers) -> Iterator[Installation]:
    """Return an installation behind an https address, that sends by the providers."""
    settings = {**providers.settings(), "PUBLIC_URL": PUBLIC_URL, "SENDGRID_WEBHOOK_KEY": SENDGRID_PUBLIC_KEY}
    installation = embedded(tmp_path_factory.mktemp("providers"), **settings)
    try:
        installation.wait_ready()
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def administrator(frontdesk: Installation) -> Client:
    """Return the client of the installation's administrator."""
    return staff(frontdesk.url, *ADMIN)


def book(frontdesk: Installation) -> dict[str, Any]:
    """Book a time on a day of its own; return the answer and what was typed."""
    public = Client(frontdesk.url)
    slot = day_of_its_own(public.slots(CLINIC, TYPE, in_a_week(), practitioner=PRACTITIONER), next(_turns))
    body = a_booking(CLINIC, slot, practitioner=PRACTITIONER)
    answer = public.post(f"/clinics/{CLINIC}/bookings", body)
    assert answer.status == 201, answer
    return {**answer.body, "mobile": body["patient"]["mobile"]}


def confirmation(administrator: Client, booked: dict[str, Any], channel: str) -> dict[str, Any]:
    """Return the patient's confirmation as staff see it, {} before it is written and where a busy machine is late."""
    path = f"/staff/clinics/{CLINIC}/messages"
    answer = administrator.get(path, booking=booked["reference"], channel=channel)
    found = answer["messages"] if answer.status != 504 else []
    return next((each for each in found if each["event"] == "booked"), {})


def becomes(administrator: Client, booked: dict[str, Any], channel: str, state: str) -> dict[str, Any]:
    """Wait until a confirmation is in that state, and return it."""
    seen: dict[str, Any] = {}

    def is_there() -> bool:
        seen.update(confirmation(administrator, booked, channel))
        return seen.get("state") == state

    wait_until(is_there, f"{channel} {state}")
    return seen


def by_twilio(frontdesk: Installation, path: str, form: dict[str, str], token: str = TOKEN) -> requests.Response:
    """Post as Twilio does, signed for the public address."""
    signature = signed_by_twilio(PUBLIC_URL + path, form, token)
    return requests.post(frontdesk.url + path, data=form, headers={"X-Twilio-Signature": signature}, timeout=20)


def by_sendgrid(frontdesk: Installation, events: list[dict[str, str]], signed: bool = True) -> requests.Response:
    """Post as SendGrid does."""
    body, timestamp = json.dumps(events), str(int(time.time()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signed_by_sendgrid(timestamp, body if signed else ""),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        "Content-Type": "application/json",
    }
    return requests.post(f"{frontdesk.url}/v1/webhooks/sendgrid", data=body, headers=headers, timeout=20)


def test_n5_twilio_tells_of_a_delivery_at_the_address_that_went_with_the_sms(
    frontdesk: Installation, administrator: Client, providers: Providers
) -> None:
    booked = book(frontdesk)
    message = becomes(administrator, booked, "sms", "sent")
    callback = next(each.fields["StatusCallback"] for each in providers.sms if message["id"] in str(each.fields))
    path, form = callback.removeprefix(PUBLIC_URL), {"MessageStatus": "delivered", "MessageSid": "SM1"}
    refused = by_twilio(frontdesk, path, form, token="somebody else's")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert confirmation(administrator, booked, "sms")["state"] == "sent"
    assert by_twilio(frontdesk, path, form).status_code == 204
    assert confirmation(administrator, booked, "sms")["state"] == "delivered"
    assert by_twilio(frontdesk, path, {**form, "MessageStatus": "sent"}).status_code == 204
    assert confirmation(administrator, booked, "sms")["state"] == "delivered"


def test_n5_a_bounce_stands_on_the_list_with_its_reason_and_in_the_bookings_history(
    frontdesk: Installation, administrator: Client
) -> None:
    booked = book(frontdesk)
    message = becomes(administrator, booked, "email", "sent")
    events = [{"event": "bounce", "status": "5.1.1", "frontdesk_message": message["id"], "sg_message_id": "x"}]
    assert by_sendgrid(frontdesk, events, signed=False).status_code == 403
    assert confirmation(administrator, booked, "email")["state"] == "sent"
    assert by_sendgrid(frontdesk, events).status_code == 204
    bounced = confirmation(administrator, booked, "email")
    assert (bounced["state"], bounced["reason"]["code"]) == ("failed", "bounced")
    history = f"/staff/clinics/{CLINIC}/bookings/{booked['reference']}/history"
    wait_until(
        lambda: "MessageFailed" in [entry["type"] for entry in administrator.get(history)["history"]], "in the history"
    )


def test_n5_stop_by_sms_ends_sms_to_that_number_until_start(frontdesk: Installation, administrator: Client) -> None:
    path = "/v1/webhooks/twilio/inbound"
    booked = book(frontdesk)
    becomes(administrator, booked, "sms", "sent")
    answer = {"From": booked["mobile"], "Body": "Stopp", "MessageSid": "SM-stop"}
    assert by_twilio(frontdesk, path, answer, token="somebody else's").status_code == 403
    stopped = by_twilio(frontdesk, path, answer)
    assert (stopped.status_code, stopped.headers["Content-Type"].partition(";")[0]) == (200, "text/xml")
    cancelled = Client(frontdesk.url).post(f"/manage/{booked['manage_token']}/cancel", {})
    assert cancelled.status == 200, cancelled

    def unsent() -> list[str]:
        found = administrator.get(f"/staff/clinics/{CLINIC}/messages", booking=booked["reference"], state="failed")
        return [each["reason"]["code"] for each in found["messages"] if each["event"] == "cancelled"]

    wait_until(lambda: unsent() == ["stopped"], "the SMS about the cancellation is not sent")


def test_n5_without_a_local_channel_there_is_no_outbox(frontdesk: Installation) -> None:
    assert requests.get(f"{frontdesk.url}/outbox", timeout=20).status_code == 404
