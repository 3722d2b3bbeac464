"""What is wished for, read from a request: every field checked, every name looked up, nothing decided yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.booking.handlers.alternatives import Sought
from services.booking.handlers.checking import known_practitioner, known_type
from services.booking.handlers.desk import Desk
from services.booking.handlers.making.needing import practitioner_of, takes_need
from services.booking.model.admission.details import read_person
from services.booking.model.admission.eligibility import require_proof
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.holds import Hold
from services.booking.model.needs import Need
from services.booking.model.requests import BookingRequest, PatientDetails
from shared.contracts.booking import BookingPerson, Origin
from shared.contracts.errors import Invalid, LoginRequired, NotFound
from shared.contracts.people import ADDRESSES, CONSENTS
from shared.identity.emails import normal_email
from shared.identity.telephones import normal_mobile
from shared.proofs import Proof

ORIGINS: dict[str, Origin] = {"patient": "web", "staff": "staff"}
"""By kind of actor; everything else is an internal tool's `api` (CONTRACTS 2)."""

_WHO = ("national_id", "birth_date", "first_name", "last_name")
_FROM_RECORD = ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok")


@dataclass(frozen=True)
class Wish:
    """A request whose fields are right: what is to be booked, for whom, with which hold and need, proven by what.

    `asked_for` is the practitioner that was named or held; `practitioner` may be the need's instead.
    """

    request: BookingRequest
    type: TypeRules
    practitioner: str | None
    asked_for: str | None
    person: BookingPerson
    hold: Hold | None
    by_staff: bool
    origin: Origin
    proof: Proof
    need: Need | None = None

    @property
    def minutes(self) -> int | None:
        """The length, where it is not the type's: as staff say, or the need."""
        return self.request.minutes or (None if self.need is None else self.need.minutes)

    @property
    def sought(self) -> Sought:
        """The wanted time."""
        request = self.request
        return Sought(
            self.type,
            request.start,
            self.practitioner,
            minutes=self.minutes,
            end=request.end,
            without_need=self.type.controlled_by_needs and not self.by_staff and self.need is None,
        )

    @property
    def with_whom(self) -> str | None:
        """The practitioner who was named or is held; None where the choice is still free.

        A patient who left it to the clinic has seen in the form whom they got: nobody else takes their place unasked.
        """
        return self.practitioner or (None if self.hold is None else self.hold.practitioner)

    @property
    def wants_need(self) -> bool:
        """Whether a patient wishes for what only a need gives."""
        return not self.by_staff and takes_need(self.type, self.request.need, self.with_whom, self.proof)

    def fits(self, hold: Hold, rules: ClinicRules) -> bool:
        """Tell whether a hold is of the very time that is wanted, checked under the rules in force."""
        return (
            hold.revision == rules.revision
            and self.minutes in {None, hold.minutes}
            and self.practitioner in {None, hold.practitioner}
        )

    def with_need(self, need: Need, *, as_its_patient: bool = False) -> "Wish":
        """Return the wish as the need says; whom staff name, it is."""
        person = replace(self.person, patient=need.patient) if as_its_patient else self.person
        chosen = practitioner_of(need, self.type, self.practitioner, by_staff=self.by_staff)
        return replace(self, need=need, person=person, practitioner=chosen)


def read_wish(
    desk: Desk, rules: ClinicRules, request: BookingRequest, *, by_staff: bool, origin: Origin | None = None
) -> Wish:
    """Return what is wished for. Raises Forbidden, Invalid, InvalidNationalId or LoginRequired, in CONTRACTS' order."""
    type = known_type(rules, request.type, by_staff=by_staff)
    practitioner = known_practitioner(rules, type, request.practitioner, by_staff=by_staff)
    hold = _hold(desk, rules, request)
    proof = desk.proof(rules.clinic)
    if request.patient.id is not None:
        request = _with_record(desk, rules, request, request.patient.id)
    elif request.confirm:
        raise Invalid.because("Name the patient by id.", errors={"confirm": ["This is of a patient's record."]})
    elif request.patient.person is not None:
        request = _as_person(desk, rules, request, request.patient.person, proof)
    proven_mobile = None if rules.without_login else proof.mobile
    person = read_person(
        request,
        type,
        rules,
        desk.today(rules),
        by_staff=by_staff,
        proven_mobile=proven_mobile,
        test_numbers=desk.test_numbers,
    )
    person = _in_doubt(person, request.patient)
    if not by_staff:
        asked = practitioner if hold is None else hold.practitioner
        require_proof(proof, rules, by_need=takes_need(type, request.need, asked, proof))
    if hold is not None:
        practitioner = None if hold.any_practitioner else hold.practitioner
    practitioner = desk.require_calendar(practitioner)
    origin = origin or ORIGINS.get(desk.actor.kind, "api")
    return Wish(request, type, practitioner, practitioner, person, hold, by_staff, origin, proof)


def _in_doubt(person: BookingPerson, given: PatientDetails) -> BookingPerson:
    """Return the person with what is unconfirmed of the record's addresses that they have.

    What the record says of messages to such an address goes with it: staff who give another say yes for that (B18a).
    """
    doubted = tuple(name for name, address in given.in_doubt.items() if getattr(person, name) == address)
    others = {CONSENTS[name] for name in given.in_doubt if name not in doubted and getattr(person, name)}
    said = others & given.recorded
    return replace(
        person,
        unconfirmed=doubted,
        sms_ok=person.sms_ok or "sms_ok" in said,
        email_ok=person.email_ok or "email_ok" in said,
    )


def _hold(desk: Desk, rules: ClinicRules, request: BookingRequest) -> Hold | None:
    """Return the request's hold, or None where it has none or it is no longer known; refuse one of another time."""
    if request.hold is None:
        return None
    with desk.work.reading() as store:
        hold = store.hold(request.hold)
    if hold is None or hold.clinic != rules.clinic:
        return None
    same = hold.type == request.type and hold.starts_at == request.start and request.end in {None, hold.ends_at}
    if not same or request.practitioner not in {None, hold.practitioner}:
        text = "This hold is for another time."
        raise Invalid.because(text, errors={"hold": [text]})
    return hold


def _with_record(desk: Desk, rules: ClinicRules, request: BookingRequest, patient: str) -> BookingRequest:
    """Return staff's request with what it leaves out filled in from the patient's record.

    What staff confirm of it is confirmed first, also where nothing then comes of the booking: it is their word.
    """
    try:
        record = desk.record(rules.clinic, patient)
    except NotFound as unknown:
        text = "There is no such patient."
        raise Invalid.because(text, errors={"patient.id": [text]}) from unknown
    doubted = [name for name in ADDRESSES if record.get(f"{name}_confirmed") is False and record.get(name)]
    if any(name in doubted and _is_another(name, request, record, rules) for name in request.confirm):
        text = "The record has another one than you typed. Correct the record: that confirms it."
        raise Invalid.because(text, errors={"confirm": [text]})
    if settled := [name for name in request.confirm if name in doubted]:
        record = desk.patients.update(rules.clinic, patient, confirm=settled)
        doubted = [name for name in doubted if name not in settled]
    in_doubt = {name: record[name] for name in doubted}
    return replace(request, patient=_completed(request.patient, record, rules, in_doubt))


def _is_another(name: str, request: BookingRequest, record: Mapping[str, Any], rules: ClinicRules) -> bool:
    """Tell whether staff type another mobile or email than the record has, which they then do not mean to confirm."""
    typed = getattr(request.patient, name)
    if not (typed or "").strip():
        return False
    try:
        normal = normal_email(typed) if name == "email" else normal_mobile(typed, rules.country, or_landline=True)
    except ValueError:
        return True
    return normal.casefold() != str(record[name]).casefold()


def _as_person(desk: Desk, rules: ClinicRules, request: BookingRequest, person: str, proof: Proof) -> BookingRequest:
    """Return a patient's request with what it leaves out filled in from the record of whom they have proven to be.

    Those are the people of their login, or whose recall they came by. Who they are is not typed beside it (PRODUCT
    B22). Raises LoginRequired or Invalid.
    """
    if not proof.opens_needs:
        raise LoginRequired.because("Log in with a code, or open the link of your recall.")
    if beside := [name for name in _WHO if getattr(request.patient, name) is not None]:
        errors = {f"patient.{name}": ["The person says this already; leave it out."] for name in beside}
        raise Invalid.because("Name the person, or type who it is.", errors=errors)
    try:
        record = desk.patients.person(rules.clinic, person=person, **_proven(proof))
    except NotFound as unknown:
        text = "This is nobody of yours."
        raise Invalid.because(text, errors={"patient.person": [text]}) from unknown
    return replace(request, patient=_completed(request.patient, record, rules, {}))


def _proven(proof: Proof) -> dict[str, Any]:
    """Return by what somebody's record is opened: a login, or a recall."""
    return {"mobile": proof.mobile, "identity": proof.identity} if proof.is_login else {"need": proof.need}


def _completed(
    given: PatientDetails, record: Mapping[str, Any], rules: ClinicRules, in_doubt: Mapping[str, str]
) -> PatientDetails:
    """Return what was given of a patient with what it leaves out, from their record."""
    typed = {name: value for name, value in vars(given).items() if value is not None}
    known = {name: record.get(name) for name in _FROM_RECORD}
    identity, born = record.get("identity"), record.get("birth_date")
    if identity and identity["scheme"] == rules.scheme:
        known["national_id"] = identity["number"]
    if born:
        known["birth_date"] = date.fromisoformat(born)
    recorded = frozenset(known.keys() - typed.keys())
    return PatientDetails(**{**known, **typed, "recorded": recorded, "in_doubt": in_doubt})
