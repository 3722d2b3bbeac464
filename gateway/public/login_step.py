"""The login of a patient on a page: mobile, "we have sent a code", code (B14).

Nothing of it stands in addresses or cookies: the mobile, and then the session, lie in the visit's draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.answers import refusal_headers
from gateway.http.request import Request
from gateway.http.wording import N_
from gateway.public import logins
from gateway.public.draft import LOGIN_MOBILE, LOGIN_NUMBER, LOGIN_SENT, SESSION, Draft
from gateway.public.refusals import Show, waiting_time
from gateway.views.clinic_view import ClinicView
from gateway.views.fields import Field, number_field
from shared.contracts.errors import Invalid, InvalidNationalId, RateLimited, Refusal, WrongLogin

ASK, SEND, CODE, AGAIN, CHECK = "login", "send_code", "code", "new_code", "log_in"
STEPS = (ASK, SEND, CODE, AGAIN, CHECK)
"""What the buttons of a login ask for."""

RESENT = "code_again"
SHOWN = (ASK, CODE, RESENT)
"""What an address may ask for: nothing is sent or tried by it."""

_CODE = "login.code"
_CODE_HINT = N_("The digits in the text message. The code is valid for 10 minutes.")
ENDED = N_("You have been logged out to keep your details safe. Log in again: nothing you have typed is lost.")
ENDED_HERE = N_("You have been logged out to keep your details safe. Please log in again.")
_SENT_AGAIN = N_("We have sent a new code. Earlier codes are no longer valid.")
_MISSING_CODE = N_("Enter the code from the text message.")
_WRONG_CODE = N_("The code is wrong or no longer valid. Check your latest text message, or ask for a new code.")
_MISSING: Mapping[str, str] = {
    LOGIN_MOBILE: N_("Enter your mobile number."),
    LOGIN_NUMBER: N_("Enter your identity number."),
}


@dataclass(frozen=True)
class Asked:
    """The page that a login asks its next question on, and what it shows."""

    template: str
    fields: list[Field]
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    leads_to: str = ""
    """The step whose page this is, where an address may ask for it."""

    def shown_by(self, show: Show, **known: Any) -> Response:
        """Return the page, drawn by `show` with what else is `known` there."""
        asked = {"fields": self.fields, "errors": self.errors, "wait": None, "notice": None, **self.more}
        response = show(self.template, status=self.status, **known, **asked)
        response.headers.extend(self.headers)
        return response


@dataclass(frozen=True)
class LoginStep:
    """Logs the patient behind a request in at one clinic."""

    services: Services
    request: Request
    clinic: ClinicView

    def act(self, draft: Draft, step: str) -> tuple[Draft, Asked | None]:
        """Do what a button asks; return the draft with what is known now, and what to ask next (None: logged in)."""
        if step in (CODE, RESENT, CHECK) and draft.value(LOGIN_SENT):
            return self._check(draft) if step == CHECK else (draft, self._code(again=step == RESENT))
        if step in (SEND, AGAIN):
            return self._send(draft, again=step == AGAIN)
        return draft.with_proof({LOGIN_SENT: None}), self.first()

    def first(self, notice: str | None = None) -> Asked:
        """Return the question for mobile, and the national number where the clinic's login takes two steps."""
        return Asked("public/login.html", self._who(), more={"notice": notice}, leads_to="" if notice else ASK)

    def _send(self, draft: Draft, again: bool) -> tuple[Draft, Asked]:
        given = {each.name: self.request.form.get(each.name, "").strip()[:100] for each in self._who()}
        draft = draft.with_proof({**given, LOGIN_SENT: draft.value(LOGIN_SENT) if again else None})
        try:
            logins.send_code(self.services, self.request, self.clinic.key, _sent(draft))
        except (Invalid, InvalidNationalId) as refusal:
            return draft.with_proof({LOGIN_SENT: None}), Asked(
                "public/login.html", self._who(), _errors(refusal, given), 422
            )
        except RateLimited as limited:
            return draft, self._waiting(self._code() if draft.value(LOGIN_SENT) else self.first(), limited)
        return draft.with_proof({LOGIN_SENT: "1"}), self._code(again=again)

    def _check(self, draft: Draft) -> tuple[Draft, Asked | None]:
        code = self.request.form.get(_CODE, "").strip()[:20]
        if not code:
            return draft, self._code({_CODE: _MISSING_CODE})
        sent = {**_sent(draft), "code": code}
        try:
            login = logins.log_in(self.services, self.request, self.clinic.key, sent)
        except (Invalid, InvalidNationalId):
            return draft.with_proof({LOGIN_SENT: None}), self.first()
        except WrongLogin:
            return draft, self._code({_CODE: _WRONG_CODE})
        except RateLimited as limited:
            return draft, self._waiting(self._code(), limited)
        return draft.with_proof({SESSION: login.token, LOGIN_SENT: None}), None

    def _who(self) -> list[Field]:
        number = [number_field(self.clinic.identity, LOGIN_NUMBER)] if self.clinic.two_step_login else []
        return [Field(LOGIN_MOBILE, "tel", N_("Mobile number"), True, autocomplete="tel"), *number]

    def _code(self, errors: Mapping[str, str] | None = None, *, again: bool = False) -> Asked:
        asked = Field(_CODE, "code", N_("Code"), True, _CODE_HINT, "one-time-code")
        more, leads_to = {"notice": _SENT_AGAIN if again else None}, RESENT if again else CODE
        if errors:
            return Asked("public/login_code.html", [asked], errors, 422, more)
        return Asked("public/login_code.html", [asked], more=more, leads_to=leads_to)

    def _waiting(self, asked: Asked, limited: Refusal) -> Asked:
        """Return the same question with how long to wait before it can be answered."""
        more = {**asked.more, "wait": waiting_time(limited, self.clinic.language)}
        return replace(asked, status=limited.status, more=more, headers=refusal_headers(limited), leads_to="")


def _sent(draft: Draft) -> dict[str, str]:
    """Return who logs in, as the calls of the API name it."""
    fields = {"mobile": draft.value(LOGIN_MOBILE), "national_id": draft.value(LOGIN_NUMBER)}
    return {name: text for name, text in fields.items() if text}


def _errors(refusal: Refusal, given: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by field of the form: what is missing in words of ours, all else as the check says it."""
    found = {f"login.{name}": texts[0] for name, texts in refusal.extra.get("errors", {}).items()}
    return {name: found[name] if text else _MISSING[name] for name, text in given.items() if name in found}
