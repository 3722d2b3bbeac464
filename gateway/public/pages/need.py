"""The page behind a recall's link without a time: what the patient is called to, and on to choosing one (B9, R2)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.wording import N_
from gateway.public.draft import NEED, RECALL, Draft
from gateway.public.needs import need_view
from gateway.public.refusals import explained
from gateway.views.clinic_view import ClinicView, clinic_view
from gateway.views.rendering import page
from shared.texts.language import choose_language

_OVER: Mapping[str, tuple[str, str]] = {
    "used": (
        N_("This appointment is already booked"),
        N_("Open the link in your confirmation to see, move or cancel it. If you cannot find it, call us."),
    ),
    "expired": explained("need_expired"),
    "closed": (
        N_("There is nothing to book any more"),
        N_("The clinic has withdrawn this invitation. Call us if you have any questions."),
    ),
}
"""What is said of a need that cannot be booked: a heading, and what to do."""

_NOT_ONLINE = (
    N_("This cannot be done online"),
    N_("This appointment cannot be booked online at the moment. Call us and we will find a time together."),
)


class NeedPage:
    """Answers one request for `/m/{token}` where the token is a need's."""

    def __init__(self, services: Services, request: Request, token: str) -> None:
        """Raise NotFound for a token that opens nothing."""
        opened = services.booking.open_need(token)
        found = services.documents.get(opened["clinic"])
        document = found.document
        self._need: Mapping[str, Any] = opened["need"]
        self._token = token
        self._draft = Draft.read(request)
        language = choose_language(request.headers.get("Accept-Language"), self._draft["lang"], document["languages"])
        self._clinic: ClinicView = clinic_view(document, language, found.pictures)

    def answer(self) -> Response:
        """Return what there is to book, or why that is over; never anything that is stored about the patient."""
        if over := self._over():
            heading, explanation = over
            phone = self._clinic.contact.get("phone")
            return self._show(
                "public/need_over.html", status=410, heading=heading, explanation=explanation, phone=phone
            )
        proof = {RECALL: self._token, NEED: self._need["id"]}
        wanted = self._draft.only("lang").with_choices(type=self._need["type"]).with_proof(proof)
        return self._show("public/need.html", fields=wanted.hidden())

    def _over(self) -> tuple[str, str] | None:
        clinic = self._clinic
        if self._need["state"] == "open" and clinic.functions["new"] and clinic.type(self._need["type"]):
            return None
        return _OVER.get(self._need["state"], _NOT_ONLINE)

    def _show(self, template: str, *, status: int = 200, **context: Any) -> Response:
        shared = {
            "clinic": self._clinic,
            "draft": self._draft,
            "path": f"/m/{self._token}",
            "need": need_view(self._need, self._clinic),
        }
        return page(template, self._clinic.language, {**shared, **context}, status=status)
