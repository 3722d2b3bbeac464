"""My account: the password, two-step login and where I am logged in (C4)."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.access.browser.staff_cookie import with_session, without_session
from gateway.access.password_tries import Code
from gateway.access.sessions import account_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import SIGN_IN, Page
from gateway.http.devices import device_of
from gateway.http.wording import N_
from gateway.pdf.qr_codes import qr_svg
from gateway.views.rendering import moment
from shared.contracts.errors import Refusal, WrongLogin

_PAGE = "console/account/account.html"
_DONE = {
    "password": N_("Your new password is saved. Everywhere else you are logged out."),
    "two-step-off": N_("You log in by your password alone from now on."),
    "ended": N_("That session is ended."),
    "others-ended": N_("Everywhere else you are logged out."),
}
_WRONG_PASSWORD = N_("The password is wrong.")
_WRONG_CODE = N_("The code is wrong or was used already. Wait for the next one.")
_NEEDED = {
    "old": N_("Enter your password."),
    "new": N_("Choose a password."),
    "password": N_("Enter your password."),
    "code": N_("Enter the code."),
}


def account(here: Here, **again: Any) -> Response:
    """Show what is one's own; `again` is what a form was refused with."""
    zone = here.zone if here.clinic else None
    sessions = [
        {
            "id": each.id,
            "current": each.id == here.session.id,
            "device": here.services.door.sessions.device_of(each),
            "began_at": moment(each.created_at, zone),
            "used_at": moment(each.last_used_at, zone),
        }
        for each in here.services.door.sessions.of_account(here.session.account)
    ]
    return here.show(
        _PAGE,
        section="account",
        sessions=sessions,
        two_step=here.session.account.two_step,
        done=here.done(_DONE),
        wanted=here.asked("wanted").get("wanted") == "two-step",
        **again,
    )


def change_password(here: Here) -> Response:
    """Take another password; everywhere else its owner is logged out."""
    if missing := _missing(here, "old", "new"):
        return account(here, **missing)
    old, new = (here.request.form[name] for name in ("old", "new"))
    try:
        found = _tried(here, lambda: here.services.staff.change_password(old=old, new=new))
    except WrongLogin:
        return account(here, **_wrong("old", _WRONG_PASSWORD))
    except Refusal as refused:
        return account(here, **{**here.told(refused), "typed": None})
    return _anew(here, found, here.go("/account", done="password"))


def begin(here: Here) -> Response:
    """Show what an authenticator app is told, once the password is proven."""
    if missing := _missing(here, "password"):
        return account(here, **missing)
    password = here.request.form["password"]
    try:
        found = _tried(here, lambda: here.services.staff.begin_two_step(password=password))
    except WrongLogin:
        return account(here, **_wrong("password", _WRONG_PASSWORD))
    except Refusal as refused:
        return account(here, **{**here.told(refused), "typed": None})
    shown = {"secret": _in_fours(found["secret"]), "uri": found["uri"], "qr": qr_svg(found["uri"], fits=True)}
    return here.show("console/account/two_step.html", section="account", **shown)


def confirm(here: Here) -> Response:
    """Ask for a code at every login from now on, and show the recovery codes, this once."""
    return _with_code(here, here.services.staff.confirm_two_step, _confirmed, "console/account/two_step.html")


def renew(here: Here) -> Response:
    """Show new recovery codes; those before open nothing any more."""
    return _with_code(here, here.services.staff.recovery_codes, _codes, _PAGE)


def end_two_step(here: Here) -> Response:
    """Ask for no code any more."""
    return _with_code(here, here.services.staff.end_two_step, _ended, _PAGE)


def end_sessions(here: Here) -> Response:
    """End a session of one's own, or all but this one."""
    sessions, own = here.services.door.sessions, here.session
    chosen = here.form["session"]
    others = [each.id for each in sessions.of_account(own.account) if each.id != own.id]
    sessions.end(own.account.email, others if chosen == "others" else [chosen])
    if chosen == own.id:
        return without_session(redirect(f"{SIGN_IN}?out=1", 303))
    return here.go("/account", done="others-ended" if chosen == "others" else "ended")


def _with_code(here: Here, ask: Callable[..., Any], then: Callable[[Here, Any], Response], page: str) -> Response:
    """Return what follows from a right code; the page again for a wrong one."""
    typed = here.form["code"]
    if not typed:
        return _again(here, page, _wrong("code", _NEEDED["code"]))
    try:
        found = _tried(here, lambda: ask(code=typed), Code(typed, inside=True))
    except WrongLogin:
        return _again(here, page, _wrong("code", _WRONG_CODE))
    except Refusal as refused:
        return _again(here, page, {**here.told(refused), "typed": None})
    return then(here, found)


def _again(here: Here, page: str, refused: Mapping[str, Any]) -> Response:
    if page == _PAGE:
        return account(here, **refused)
    return here.show(page, section="account", secret=None, **refused)


def _confirmed(here: Here, found: Mapping[str, Any]) -> Response:
    return _anew(here, found, _codes(here, found))


def _codes(here: Here, found: Mapping[str, Any]) -> Response:
    return here.show("console/account/recovery_codes.html", section="account", codes=found["recovery_codes"])


def _ended(here: Here, found: Mapping[str, Any]) -> Response:
    return _anew(here, found, here.go("/account", done="two-step-off"))


def _tried(here: Here, ask: Callable[[], Any], code: Code | None = None) -> Any:
    """Return what staff answers; wrong passwords and codes are counted as wrong logins are."""
    with here.services.door.passwords.counted(here.email, here.request.address, code):
        return ask()


def _anew(here: Here, found: Mapping[str, Any], response: Response) -> Response:
    """Return the response with a new session: all others have ended, this one too."""
    here.services.door.sessions.end(here.email)
    return with_session(
        response, here.services.door.sessions.start(account_of(found), device_of(here.request.user_agent.string))
    )


def _missing(here: Here, *names: str) -> dict[str, Any]:
    errors = {name: _NEEDED[name] for name in names if not here.request.form.get(name)}
    return {"status": 422, "errors": errors} if errors else {}


def _wrong(name: str, text: str) -> dict[str, Any]:
    return {"status": 422, "errors": {name: text}}


def _in_fours(secret: str) -> str:
    """Return a secret as somebody types it who reads it off a screen."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


ROUTES = tuple(
    Page(method, path, function, own=True, no_clinic=no_clinic)
    for no_clinic in (False, True)
    for method, path, function in (
        ("GET", "/account", account),
        ("POST", "/account/password", change_password),
        ("POST", "/account/two-step", begin),
        ("POST", "/account/two-step/confirm", confirm),
        ("POST", "/account/two-step/codes", renew),
        ("POST", "/account/two-step/end", end_two_step),
        ("POST", "/account/sessions", end_sessions),
    )
)
