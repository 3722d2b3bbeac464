"""The page for cards on paper: national number or birth date, and the card's code, open the appointment (M2)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.answers import refusal_headers, status_of
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.http.wording import N_, reader_language
from gateway.public.draft import Draft
from gateway.public.logins import open_recall
from gateway.public.refusals import explained, waiting_time
from gateway.views.fields import Field, typed_date
from gateway.views.rendering import page
from shared.contracts.errors import (
    Invalid,
    InvalidNationalId,
    NeedExpired,
    NoOpenNeed,
    RateLimited,
    Refusal,
    WrongLogin,
)

PATH = "/recall"
BIRTH_DATE = "birth_date"
"""The value of `by` where the birth date is asked for, and not the number."""

_NUMBER_FIELD = Field("recall.national_id", "identity", N_("National identity number"), True, N_("Enter all digits."))
_BIRTH_FIELD = Field("recall.birth_date", "date", N_("Date of birth"), True, autocomplete="bday")
_CODE_FIELD = Field(
    "recall.code", "card_code", N_("Code on the card"), True, N_("Eight letters and digits, such as 7K3M-9QX2.")
)
_MISSING: Mapping[str, str] = {
    _NUMBER_FIELD.name: N_("Enter your identity number."),
    _BIRTH_FIELD.name: N_("Enter your date of birth."),
    _CODE_FIELD.name: N_("Enter the code from the card."),
}
_WRONG = N_("These details do not match any of our cards. Please check both and try again.")
"""The same whether number or code is wrong, so that neither can be found out by trying."""


class RecallPage:
    """Answers one request for `/recall`, which belongs to no clinic and is never framed."""

    def __init__(self, services: Services, request: Request) -> None:
        self._services = services
        self._request = request
        self._draft = Draft.read(request)
        self._language = reader_language(request.headers.get("Accept-Language"), self._draft["lang"])
        self._by_birth_date = request.values.get("by") == BIRTH_DATE

    def answer(self) -> Response:
        """Return the form, or lead to what number and code open."""
        if self._request.form.get("go") != "open":
            return self._form()
        sent, errors = self._given()
        if errors:
            return self._form(errors, 422)
        try:
            opened = open_recall(self._services, self._request, sent)
        except (WrongLogin, Invalid, InvalidNationalId):
            return self._form({_CODE_FIELD.name: _WRONG}, 422)
        except RateLimited as limited:
            response = self._form(status=limited.status, wait=waiting_time(limited, self._language))
            response.headers.extend(refusal_headers(limited))
            return response
        except (NeedExpired, NoOpenNeed) as over:
            return self._over(over)
        token = opened.get("manage_token") or opened["token"]
        return redirect(self._draft.only("lang").address(f"/m/{token}"), 303)

    def _given(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return who asks and the code, as the API takes them; and by field what is missing or no date."""
        sent: dict[str, Any] = {}
        errors = {}
        for field in self._fields():
            try:
                sent[field.name.removeprefix("recall.")] = self._typed(field)
            except ValueError as wrong:
                errors[field.name] = str(wrong)
        return sent, errors

    def _typed(self, field: Field) -> str:
        typed = self._draft.typed
        if field.kind == "date":
            day = typed_date(field, typed, self._language)
            text = day.isoformat() if day else ""
        else:
            text = typed.get(field.name, "").strip()
        if not text:
            raise ValueError(_MISSING[field.name])
        return text

    def _fields(self) -> list[Field]:
        return [_BIRTH_FIELD if self._by_birth_date else _NUMBER_FIELD, _CODE_FIELD]

    def _form(self, errors: Mapping[str, str] | None = None, status: int = 200, wait: str | None = None) -> Response:
        return self._show("public/recall.html", status, fields=self._fields(), errors=errors or {}, wait=wait)

    def _over(self, refusal: Refusal) -> Response:
        heading, explanation = explained(refusal.code)
        phone = refusal.extra.get("phone")
        return self._show("views/alert.html", status_of(refusal), heading=heading, explanation=explanation, phone=phone)

    def _show(self, template: str, status: int = 200, **context: Any) -> Response:
        shared = {
            "draft": self._draft,
            "path": PATH,
            "by": BIRTH_DATE if self._by_birth_date else "",
            "other_way": self._draft.only("lang").address(PATH, by=None if self._by_birth_date else BIRTH_DATE),
        }
        return page(template, self._language, {**shared, **context}, status=status)


def recall_page(services: Services, request: Request) -> Response:
    """Open what the code of a card on paper opens."""
    return RecallPage(services, request).answer()


ROUTES = (
    Route("GET", PATH, recall_page),
    Route("POST", PATH, recall_page),
)
