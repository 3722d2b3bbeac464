"""The accounts of a clinic: listed, invited, changed and removed; whose access changes is logged out at once (C1)."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.typed import Typed
from gateway.http.wording import N_
from shared.contracts.errors import Forbidden, NotFound, Refusal

Account = Mapping[str, Any]

_DONE = {
    "invited": N_("An email with a link is on its way, by which they choose a password. It works for 7 days."),
    "added": N_("The account is made."),
    "changed": N_("Saved. They are logged out and log in anew."),
    "removed": N_("Removed. They are logged out."),
}
_ROLES = {"therapist": N_("Therapist"), "administrator": N_("Administrator")}
_NO_CALENDAR = ""


def accounts(here: Here) -> Response:
    """Show who works here, or is invited to."""
    rows = sorted(accounts_of(here), key=lambda each: each["email"])
    done = here.done(_DONE)
    return here.show("console/accounts/accounts.html", section="accounts", accounts=rows, done=done, roles=_ROLES)


def invitation(here: Here, **again: Any) -> Response:
    """Ask who is to work here."""
    typed = again.pop("typed", None) or Typed(role="therapist")
    return here.show(
        "console/accounts/invite.html", section="accounts", beside="/accounts", typed=typed, **_choices(here), **again
    )


def invite(here: Here) -> Response:
    """Let somebody work here, by a link that they get by email."""
    form = here.form
    fields = {"email": form["email"], "role": form["role"]}
    if form["practitioner"]:
        fields["practitioner"] = form["practitioner"]
    try:
        made = here.services.staff.add_account(here.clinic, **fields)
    except Refusal as refused:
        return invitation(here, **here.told(refused))
    return here.go("/accounts", done="invited" if made["state"] == "invited" else "added")


def account(here: Here, id: str, **again: Any) -> Response:
    """Show what somebody is here, to be changed."""
    found = _one(here, id)
    typed = again.pop("typed", None) or Typed(
        email=found["email"], role=found["role"], practitioner=found["practitioner"] or _NO_CALENDAR
    )
    return here.show(
        "console/accounts/account.html",
        section="accounts",
        beside="/accounts",
        account=found,
        typed=typed,
        **_choices(here),
        **again,
    )


def change(here: Here, id: str) -> Response:
    """Change somebody's role, calendar and address; they are logged out."""
    form, found = here.form, _one(here, id)
    changes: dict[str, Any] = {"role": form["role"], "practitioner": form["practitioner"], "version": _version(form)}
    if found["changeable"] and form["email"] and form["email"] != found["email"]:
        changes["email"] = form["email"]
    return _changed(here, id, changes)


def without_app(here: Here, id: str) -> Response:
    """Let somebody in by their password alone who has lost their telephone, until they set it up anew."""
    return _changed(here, id, {"two_step": False, "version": _version(here.form)})


def remove(here: Here, id: str) -> Response:
    """Let somebody work here no more."""
    here.services.staff.remove_account(here.clinic, id)
    return here.go("/accounts", done="removed")


def _changed(here: Here, id: str, changes: Mapping[str, Any]) -> Response:
    try:
        here.services.staff.update_account(here.clinic, id, **changes)
    except Refusal as refused:
        return account(here, id, **here.told(refused, also=(Forbidden,)))
    return here.go("/accounts", done="changed")


def _version(form: Typed) -> int | None:
    return int(form["version"]) if form["version"].isdecimal() else None


def accounts_of(here: Here) -> Iterator[Account]:
    """Yield all accounts of the clinic."""
    cursor: str | None = None
    while True:
        page = here.services.staff.accounts(here.clinic, limit=200, **({"cursor": cursor} if cursor else {}))
        yield from page["accounts"]
        cursor = page["next"]
        if cursor is None:
            return


def _one(here: Here, id: str) -> Account:
    """Return an account of the clinic; raise NotFound."""
    for each in accounts_of(here):
        if each["id"] == id:
            return each
    raise NotFound.because("There is no such account at this clinic.")


def _choices(here: Here) -> dict[str, Any]:
    """Return what can be chosen for somebody: a role, and a calendar."""
    calendars = [(_NO_CALENDAR, here.say(N_("None"))), *here.names.pairs("practitioners")]
    return {"roles": [(key, here.say(text)) for key, text in _ROLES.items()], "calendars": calendars}


ROUTES = tuple(
    Page(method, path, function, administrators=True)
    for method, path, function in (
        ("GET", "/accounts", accounts),
        ("GET", "/accounts/new", invitation),
        ("POST", "/accounts/new", invite),
        ("GET", "/accounts/<id>", account),
        ("POST", "/accounts/<id>", change),
        ("POST", "/accounts/<id>/without-app", without_app),
        ("POST", "/accounts/<id>/remove", remove),
    )
)
