"""What staff see of a message before they save its template (PRODUCT N4)."""

from typing import Any

import pytest

from services.notification.handlers.previewing import preview_message
from services.notification.schemas import PreviewSchema
from services.notification.wording.preview import NO_LINK, NO_TIME, UNUSED
from shared.clinic.message_keys import MESSAGES
from shared.contracts.errors import Invalid, NotFound
from shared.incoming.fields import checked
from shared.texts.language import LANGUAGES
from shared.texts.message_templates import variables_of
from tests.builders.notification.messages import FakeDocuments, a_desk, a_document


def shown(document: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    documents: Any = FakeDocuments(solna=document or a_document())
    sent = checked(PreviewSchema(), {"event": "booked", "channel": "sms", "language": "en", **fields})
    return preview_message(a_desk(documents=documents), "solna", sent)


def refused(**fields: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as raised:
        shown(**fields)
    errors: dict[str, list[str]] = raised.value.extra["errors"]
    return errors


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("event", MESSAGES)
def test_n4_every_built_in_message_is_shown_in_every_language(event: str, channel: str, language: str) -> None:
    found = shown(event=event, channel=channel, language=language)
    assert set(found) == {"subject", "text", "html", "encoding", "characters", "segments", "warnings"}
    assert found["text"]
    assert "%(" not in str(found)
    if channel == "sms":
        assert (found["subject"], found["html"]) == (None, None)
        assert found["encoding"] in {"GSM-7", "UCS-2"}
        assert 0 < found["segments"] <= found["characters"]
    else:
        assert found["subject"]
        assert f'lang="{language}"' in found["html"]
        assert found["segments"] is None


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("event", MESSAGES)
def test_n4_every_variable_that_a_message_has_works_in_it(event: str, channel: str) -> None:
    names = sorted(variables_of(event))
    template = "|".join(f"{{{{ {name} }}}}" for name in names)
    text = shown(event=event, channel=channel, template=template)["text"]
    assert text.count("|") == len(names) - 1
    assert "Storgatan 1, Solna|Solna Tandvård|+46 8 123 45 67|https://solna.example" in text


def test_n4_a_template_that_is_tried_takes_the_place_of_the_clinics_own() -> None:
    document = a_document(messages={"booked": {"sms": {"en": "saved {{ booking.date }} {{ link }}"}}})
    assert shown(document)["text"].startswith("saved Sunday 29 November 2026 https://booking.example/m/")
    assert shown(document, template="tried {{ link }}")["text"].startswith("tried https://booking.example/m/")
    assert shown(document, language="sv")["text"].startswith("Solna Tandvård: Din tid är bokad.")


def test_n4_an_email_is_tried_by_its_parts() -> None:
    parts = {"subject": "S {{ clinic.name }}", "html": "<p>{{ patient.last_name }} {{ link }} {{ booking.start }}</p>"}
    found = shown(channel="email", template=parts)
    assert found["subject"] == "S Solna Tandvård"
    assert found["html"].startswith("<p>Example https://")
    assert "Your appointment is booked." in found["text"]
    assert found["warnings"] == []


def test_n4_the_parts_and_the_alphabet_of_an_sms_are_told() -> None:
    found = shown(template="{{ booking.date }} {{ link }} " + "a" * 200)
    assert (found["encoding"], found["segments"]) == ("GSM-7", 2)
    assert shown(template="{{ booking.date }} {{ link }} ن" + "a" * 200)["segments"] == 5


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"template": "{{ booking.date }}"}, NO_LINK),
        ({"event": "reminder", "template": "{{ booking.date }}"}, NO_LINK),
        ({"template": "{{ link }}"}, NO_TIME),
        ({"event": "practitioner_booked", "channel": "email", "template": "Hi"}, NO_TIME),
        ({"event": "practitioner_booked"}, UNUSED),
        ({"event": "login_code", "channel": "email"}, UNUSED),
        ({"template": "{{ booking.date }} {{ link }}" + "a" * 600}, "It is sent in 5 parts."),
    ],
)
def test_n4_what_a_message_lacks_or_costs_is_said(fields: dict[str, Any], warning: str) -> None:
    assert warning in shown(**fields)["warnings"]


@pytest.mark.parametrize(("channel", "unused"), [("sms", False), ("email", True)])
def test_n4_a_reminder_is_sent_by_the_channels_of_the_clinics_reminders(channel: str, unused: bool) -> None:
    document = a_document(reminders=[{"before": "24h", "channel": "sms"}])
    assert (UNUSED in shown(document, event="reminder", channel=channel)["warnings"]) == unused


def test_n4_no_link_is_missed_where_patients_may_change_nothing() -> None:
    document = a_document(booking={"active": True, "rebook": False, "cancel": False})
    assert shown(document, template="{{ booking.date }}")["warnings"] == []


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"template": "Hi\n{{ patient.mobile }}"}, "template.text", 'Line 2 names "patient.mobile"'),
        ({"template": "{{ 'x' * 10**9 }}"}, "template.text", "does not calculate"),
        ({"template": {"text": "{% if %}"}}, "template.text", "Line 1 is no template"),
        ({"event": "cancelled", "template": "{{ comment | first }}"}, "template.text", "cannot be filled in"),
        ({"template": "{{ link }} {{ code }}"}, "template.text", 'names "code", which this message never has'),
        (
            {"template": '{{ link if booking.reference != "SAMPLE0000" else "a b c d" | truncate(1) }}'},
            "template.text",
            "cannot be filled in",
        ),
        ({"template": "{{ link }}" * 40}, "template.text", "more than 1600"),
        ({"channel": "email", "template": {"html": "{{ x }}"}}, "template.html", 'Line 1 names "x"'),
        ({"event": "recall", "template": "Come!"}, "template.text", "{{ link }} or {{ code }}"),
        ({"event": "login_code", "template": "Hi!"}, "template.text", "{{ code }}"),
        ({"template": {"subject": "Hi"}}, "template.subject", "An SMS has a text only."),
        ({"template": {"body": "Hi"}}, "template.body", "no part of a message"),
        ({"template": {"text": "a" * 20001}}, "template.text", "too long"),
        ({"template": 7}, "template", "Write a text"),
        ({"event": "birthday"}, "event", "one of"),
        ({"channel": "fax"}, "channel", "one of"),
        ({"language": "de"}, "language", "one of"),
    ],
)
def test_n4_a_wrong_template_is_refused_by_field_and_line(fields: dict[str, Any], field: str, says: str) -> None:
    assert says in refused(**fields)[field][0]


def test_a_clinic_that_does_not_exist_has_no_messages_to_show() -> None:
    with pytest.raises(NotFound):
        preview_message(a_desk(documents=FakeDocuments()), "solna", {"channel": "sms", "template": {}})
