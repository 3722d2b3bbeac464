"""The front page: what Frontdesk is, the clinics that can be booked, and the ways for those who run or try it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.demo import LOADED, demo_state
from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import reader_language
from gateway.views.own_texts import OwnText, OwnTexts
from gateway.views.rendering import page
from shared.contracts.errors import Refusal, Unavailable
from shared.texts.language import own_name

_MOST_DESCRIBED = 30
"""Of how many clinics more is told than their names: what is told of one is read from its whole document."""

_TEST_NUMBERS: Mapping[str, str] = {
    "frenda": "19121212-1212",
    "norsk": "131169 00216",
    "aldente": "251248-9996",
    "optamed": "756.9217.0769.85",
    "exir": "9990000001",
}
"""With which number anybody can book in a demo clinic: numbers of nobody, made up for tests by public institutions."""


@dataclass(frozen=True)
class ListedClinic:
    """One clinic: `kinds` are what its people are, `number` one to try it with."""

    key: str
    name: str
    address: OwnText | None = None
    kinds: tuple[OwnText, ...] = ()
    languages: tuple[str, ...] = ()
    number: str | None = None


def clinics_page(services: Services, request: Request) -> Response:
    """Show the clinics whose booking is open."""
    language = reader_language(request.headers.get("Accept-Language"), request.args.get("lang"))
    rows = [row for row in services.availability.clinics()["clinics"] if row.get("active", True)]
    numbers = _TEST_NUMBERS if _is_demo(services) else {}
    listed = [_described(services, row, language, numbers) for row in rows[:_MOST_DESCRIBED]]
    listed += [ListedClinic(row["clinic"], row["name"]) for row in rows[_MOST_DESCRIBED:]]
    keeps_messages = services.settings.twilio is None or services.settings.sendgrid is None
    context = {"clinics": listed, "is_demo": bool(numbers), "has_outbox": keeps_messages}
    return page("public/clinics.html", language, context)


def _described(services: Services, row: Mapping[str, Any], language: str, numbers: Mapping[str, str]) -> ListedClinic:
    key, name = row["clinic"], row["name"]
    try:
        document = services.documents.get(key).document
    except Refusal:  # its name is known all the same
        return ListedClinic(key, name)
    own = OwnTexts(language, document["languages"][0])
    return ListedClinic(
        key,
        name,
        own((document["contact"] or {}).get("address")),
        tuple(_once(own(each["title"]) for each in document["practitioners"] if each["online"])),
        tuple(own_name(each) for each in document["languages"]),
        numbers.get(key),
    )


def _once(texts: Iterable[OwnText | None]) -> list[OwnText]:
    return list(dict.fromkeys(text for text in texts if text))


def _is_demo(services: Services) -> bool:
    try:
        return demo_state(services) == LOADED
    except Unavailable:  # then nobody can book, and needs no number
        return False


ROUTES = (Route("GET", "/", clinics_page),)
