"""Refusals: what a service says when it will not do a thing, the same over RPC and HTTP.

Each class is one code of CONTRACTS 2. They cross RPC, so all that they hold is two positional strings:
the sentence for the log and, as JSON, what goes with it (`errors`, `alternatives`, `phone` …).
"""

import json
from typing import Any, ClassVar


class Refusal(Exception):
    """A service's considered no; `code` and `status` are those of CONTRACTS 2."""

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 422

    def __init__(self, detail: str = "", extra_json: str = "{}") -> None:
        super().__init__(detail, extra_json)
        self.detail = detail
        self.extra_json = extra_json

    @classmethod
    def because(cls, detail: str, **extra: Any) -> "Refusal":
        """Build the refusal with its sentence and whatever goes with it (plain JSON values)."""
        return cls(detail, json.dumps(extra, default=str))

    @property
    def extra(self) -> dict[str, Any]:
        """What goes with the refusal: `errors` by field, `alternatives`, `retry_after` in seconds …"""
        loaded: dict[str, Any] = json.loads(self.extra_json)
        return loaded


def _refusal(name: str, code: str, status: int, meaning: str) -> type[Refusal]:
    return type(name, (Refusal,), {"code": code, "status": status, "__doc__": meaning, "__module__": __name__})


Malformed = _refusal("Malformed", "malformed", 400, "The request is not what the protocol asks for.")
LoginRequired = _refusal("LoginRequired", "login_required", 401, "Nobody has logged in, and one must.")
WrongLogin = _refusal("WrongLogin", "wrong_login", 401, "Something you entered is wrong or no longer valid.")
CodeRequired = _refusal("CodeRequired", "code_required", 401, "The second step of the login is missing.")
Forbidden = _refusal("Forbidden", "forbidden", 403, "Who acts may not do this.")
NotFound = _refusal("NotFound", "not_found", 404, "There is no such thing, or not for this reader.")
Gone = _refusal("Gone", "gone", 410, "It was here once; its time is over.")
SlotNotOffered = _refusal("SlotNotOffered", "slot_not_offered", 409, "Not legal by plan, window, notice or grid.")
SlotTaken = _refusal("SlotTaken", "slot_taken", 409, "Legal, but a booking is in the way.")
SlotHeld = _refusal("SlotHeld", "slot_held", 409, "Legal, but held by somebody who is filling in the form.")
HoldExpired = _refusal("HoldExpired", "hold_expired", 409, "The hold has run out.")
TooLate = _refusal("TooLate", "too_late", 409, "The deadline for this change has passed (M6).")
AlreadyCancelled = _refusal("AlreadyCancelled", "already_cancelled", 409, "The booking is cancelled.")
ChangedMeanwhile = _refusal("ChangedMeanwhile", "changed_meanwhile", 409, "Somebody changed it first.")
Invalid = _refusal("Invalid", "invalid", 422, "A field is wrong; `errors` says which and why.")
InvalidNationalId = _refusal("InvalidNationalId", "invalid_national_id", 422, "The number breaks its rule (B4).")
UnderAge = _refusal("UnderAge", "under_age", 422, "Too young on the day of the appointment (B8).")
NewPatientsRefused = _refusal("NewPatientsRefused", "new_patients_refused", 422, "Unknown patients are refused (B7).")
NoOpenNeed = _refusal("NoOpenNeed", "no_open_need", 422, "The type is controlled by needs and there is none (B9).")
NeedExpired = _refusal("NeedExpired", "need_expired", 422, "The need's last day is over (B10).")
FunctionOff = _refusal("FunctionOff", "function_off", 422, "This function is switched off (B1).")
BookingOff = _refusal("BookingOff", "booking_off", 422, "Online booking is switched off (B1).")
NotChangeable = _refusal("NotChangeable", "not_changeable", 422, "Patients may not change this booking (M3).")
RateLimited = _refusal("RateLimited", "rate_limited", 429, "Too many attempts; `retry_after` says how long to wait.")
Busy = _refusal(
    "Busy", "busy", 503, "Too many take time of the clinic just now; `retry_after` says when to come again."
)
Unavailable = _refusal("Unavailable", "unavailable", 503, "A service that is needed does not answer at all.")
Timeout = _refusal("Timeout", "timeout", 504, "A service that is needed did not answer in time.")

REFUSALS: dict[str, type[Refusal]] = {
    cls.__name__: cls
    for cls in (
        Malformed, LoginRequired, WrongLogin, CodeRequired, Forbidden, NotFound, Gone, SlotNotOffered, SlotTaken,
        SlotHeld, HoldExpired, TooLate, AlreadyCancelled, ChangedMeanwhile, Invalid, InvalidNationalId, UnderAge,
        NewPatientsRefused, NoOpenNeed, NeedExpired, FunctionOff, BookingOff, NotChangeable, RateLimited,
        Busy, Unavailable, Timeout,
    )
}  # fmt: skip
