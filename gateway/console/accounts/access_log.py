"""Who has opened which patient's record or booking: by day and account, or of one patient (PRODUCT A3, C1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.accounts.people import accounts_of
from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.wording import N_
from gateway.views.rendering import moment

_AT_ONCE = 100
_DAY = timedelta(days=1)
WHAT: Mapping[str, str] = {
    "read": N_("Record opened"),
    "changed": N_("Record changed"),
    "imported": N_("Record taken over"),
    "exported": N_("All data handed out"),
    "erased": N_("Record erased"),
    "booking": N_("Booking opened"),
}
_ERASED = N_("A record that is no more")


@dataclass(frozen=True)
class Row:
    """What somebody opened; several times on end, `at` the last of them."""

    at: datetime
    who: str
    is_tool: bool
    patient: str | None
    what: str
    booking: str | None
    times: int = 1

    def goes_on(self, other: "Row") -> bool:
        """Tell whether it is the same as another, at another moment."""
        return replace(self, at=other.at, times=other.times) == other


def access_log(here: Here) -> Response:
    """Show a page of it, the latest first: of a day, perhaps of one account's; or of one patient, all days."""
    asked = here.asked("date", "who", "patient", "cursor")
    accounts = {each["id"]: each["email"] for each in accounts_of(here)}
    day, who, patient = _date(asked, here.today), asked.get("who", ""), asked.get("patient")
    if patient is None:
        actor = {"actor": accounts[who]} if who in accounts else {}
        wanted = {"from": day.isoformat(), "to": day.isoformat(), **actor}
    else:
        wanted = {"patient": patient}
    cursor = {"cursor": asked["cursor"]} if "cursor" in asked else {}
    found = here.services.patient.access_log(here.clinic, **wanted, **cursor, limit=_AT_ONCE)
    rows = _folded(_row(here, each) for each in found["access_log"])
    return here.show(
        "console/accounts/access_log.html",
        section="accounts" if patient is None else "patients",
        rows=rows,
        names=_names(here, [*(row.patient for row in rows), patient]),
        what=WHAT,
        erased=_ERASED,
        patient=patient,
        day=day,
        day_before=day - _DAY,
        day_after=day + _DAY if day < here.today else None,
        who=who,
        accounts=sorted(accounts.items(), key=lambda pair: pair[1]),
        next=found["next"],
        is_later="cursor" in asked,
    )


def choose(here: Here) -> Response:
    """Go to the day and the account that were chosen."""
    try:
        day = here.form.date("date", here.language)
    except ValueError:
        day = None
    return here.go("/access-log", date=(day or here.today).isoformat(), who=here.form["who"] or None)


def _date(asked: Mapping[str, str], today: date) -> date:
    try:
        return min(date.fromisoformat(asked.get("date", "")), today)
    except ValueError:
        return today


def _row(here: Here, told: Mapping[str, Any]) -> Row:
    return Row(
        at=moment(told["at"], here.zone),
        who=told["actor"]["id"] or "",
        is_tool=told["actor"]["kind"] != "staff",
        patient=told["patient"],
        what=told["what"],
        booking=told.get("booking"),
    )


def _folded(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with what repeats on end as one: a page that is loaded again is opened again."""
    folded: list[Row] = []
    for row in rows:
        if folded and row.goes_on(folded[-1]):
            folded[-1] = replace(folded[-1], times=folded[-1].times + 1)
        else:
            folded.append(row)
    return folded


def _names(here: Here, ids: Iterable[str | None]) -> dict[str, str]:
    """Return by id what patients are called; those who are named in a list are not opened by it."""
    wanted = sorted({id for id in ids if id})
    if not wanted:
        return {}
    found = here.services.patient.find(here.clinic, ids=wanted)["patients"]
    return {each["id"]: f"{each['first_name'] or ''} {each['last_name'] or ''}".strip() for each in found}


ROUTES = (
    Page("GET", "/access-log", access_log, administrators=True),
    Page("POST", "/access-log", choose, administrators=True),
)
