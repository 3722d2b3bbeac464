"""What a booking page needs to know of a clinic, in one language (CONTRACTS 2, `GET /v1/clinics/{clinic}`)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.clinic.document import Document
from shared.clinic.plan.values import ClinicPlan
from shared.clinic.questions import questions_for
from shared.clinic.switches import functions_on, is_active
from shared.clinic.times.durations import parse_minutes
from shared.clinic.week_templates import types_bookable_in
from shared.texts.language import localized

Say = Callable[[Mapping[str, str] | None], str | None]


def profile(
    document: Document, plan: ClinicPlan, template: str | None, language: str | None, pictures: Mapping[str, str]
) -> dict[str, Any]:
    """Return the clinic as patients may see it: no internal names, nobody and nothing that is not online.

    `template` keeps the types that can be booked in that week template (B15), and must exist. `pictures` are the
    addresses of those that there are, by name (B21). Texts are in
    `language` where the clinic has them, else in its own first language. With `active: false` all functions are off.
    """
    languages = document["languages"]
    spoken = str(language if language in languages else languages[0])

    def say(text: Mapping[str, str] | None) -> str | None:
        return localized(text, spoken, languages[0])

    shown = None if template is None else types_bookable_in(document, template)
    types = [kind for kind in document["types"] if kind["online"] and (shown is None or kind["key"] in shown)]
    return {
        "clinic": document["clinic"],
        "name": document["name"],
        "language": spoken,
        **{key: document[key] for key in ("contact", "languages", "currency", "country", "time_zone", "identity")},
        "details": document["details"],
        "functions": {"active": is_active(document), **functions_on(document)},
        "booking": _booking(document["booking"], plan),
        "look": _look(document, pictures),
        "texts": {step: say(text) for step, text in document["texts"].items()},
        "fields": [_field(field, say) for field in document["fields"]],
        "types": [_type(kind, plan, document, say) for kind in types],
        "practitioners": [
            _practitioner(person, say, pictures) for person in document["practitioners"] if person["online"]
        ],
    }


def _booking(booking: Document, plan: ClinicPlan) -> dict[str, Any]:
    return {
        "without_login": booking["without_login"],
        "new_patients": booking["new_patients"],
        "hold_minutes": parse_minutes(booking["hold"]),
        "first_date": booking["first_date"],
        "last_date": booking["last_date"],
        "opens_at": _local(plan.booking.opening.opens_at, plan),
        "closes_at": _local(plan.booking.opening.closes_at, plan),
        "tracking": booking["tracking"],
        "embed_origins": booking["embed_origins"],
    }


def _local(moment: datetime | None, plan: ClinicPlan) -> str | None:
    return moment.astimezone(plan.zone).isoformat() if moment else None


def _field(field: Document, say: Say) -> dict[str, Any]:
    choices = [say(choice) if isinstance(choice, Mapping) else choice for choice in field["choices"]]
    return {**field, "label": say(field["label"]), "choices": choices}


def _type(kind: Document, plan: ClinicPlan, document: Document, say: Say) -> dict[str, Any]:
    key = kind["key"]
    return {
        "key": key,
        **{text: say(kind.get(text)) for text in ("alias", "description", "info", "bring")},
        "price": kind["price"],
        "length": kind["length"],
        "lengths": kind["lengths"],
        "practitioners": list(plan.types[key].online_practitioners),
        "needs": {**kind["needs"], "without": list(plan.types[key].without_need)},
        "min_age": kind["min_age"],
        "fields": [field["key"] for field in questions_for(document["fields"], key)],
    }


def _look(document: Document, pictures: Mapping[str, str]) -> dict[str, str | None]:
    """Return the logo's address and the accent colour; nothing of a document that was stored by version 0.1.0."""
    look = document.get("look") or {}
    return {"logo": pictures.get(look.get("logo") or ""), "accent": look.get("accent")}


def _practitioner(person: Document, say: Say, pictures: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": person["key"],
        "name": person["name"],
        "title": say(person["title"]),
        "picture": pictures.get(person.get("picture") or ""),
        "about": say(person.get("about")),
        "languages": list(person.get("languages", ())),
    }
