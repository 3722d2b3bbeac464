"""A clinic's patient: how one is made from a booking, filled in, found again and changed (PRODUCT B18)."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.patient.model.consent import Word
from services.patient.model.told import PersonTyped
from shared.contracts.errors import Invalid
from shared.contracts.people import ADDRESSES, CONSENTS
from shared.sealed import keyed_hash

_SAME_SIGNS = str.maketrans("يكى’‘ʼ´`′", "یکی" + 6 * "'")  # Persian typed on an Arabic keyboard; apostrophes
_SHOWN_DIGITS = {"se.personnummer": 8, "no.fodselsnummer": 6, "dk.cpr": 6}
"""How many leading digits a masked number shows: the birth date, which the record shows anyway."""
_SHOWN_OTHERWISE = 3
_BETWEEN_DIGITS = frozenset(" -()./+\u00a0\u2011\u200e\u200f\u2066\u2069")
"""What is typed, or pasted, between the digits of a telephone number."""
_FEWEST_DIGITS = 3


@dataclass(frozen=True)
class Patient:
    """One clinic's record of one person.

    `number_hash` finds the number, `number_sealed` holds it; both are None without one. `sms_ok` and `email_ok`
    are None where the person was never asked. `sms_reminder` is the clinic's switch for this patient (N3).
    `origin` says where the record comes from: `web`, `staff` or `api`. `version` grows with each change.
    `mobile_confirmed` and `email_confirmed` say that the clinic knows the address to be the patient's. What the web
    tells of a person proves nothing: until staff confirm it, a login by that mobile does not open the record, and
    nothing of the clinic's own goes to that address (CONTRACTS 1, Patients). Nor does what it says of messages count
    any sooner, unless the clinic has `noted` it. `sms_ok_said` and `email_ok_said` are whose word it is (A3), None
    where nobody was asked or it was not noted.
    `note_sealed` holds what staff have noted of the patient for themselves (C9); `made_by` is the therapist's own
    calendar who has made the record.
    """

    id: str
    clinic: str
    scheme: str | None
    number_hash: str | None
    number_sealed: str | None
    birth_date: date | None
    first_name: str
    last_name: str
    mobile: str | None
    email: str | None
    sms_ok: bool | None
    email_ok: bool | None
    sms_reminder: bool
    origin: str
    created_at: datetime
    version: int = 1
    mobile_confirmed: bool = False
    email_confirmed: bool = False
    sms_ok_noted: bool = False
    email_ok_noted: bool = False
    note_sealed: str | None = None
    made_by: str | None = None
    sms_ok_said: Word | None = None
    email_ok_said: Word | None = None

    @property
    def name_key(self) -> str:
        """What the name is compared by: `person_key` of both names."""
        return person_key(self.first_name, self.last_name)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Which of mobile and email it has, and the clinic has not confirmed."""
        return tuple(name for name in ADDRESSES if getattr(self, name) and not getattr(self, f"{name}_confirmed"))

    @property
    def consent(self) -> dict[str, bool | None]:
        """What the record says of messages, `sms_ok` and `email_ok`, None where that is the web's word alone.

        Who books on the web with another's number could silence them otherwise; each booking says for itself.
        """
        return {said: getattr(self, said) if self._counts(address) else None for address, said in CONSENTS.items()}

    def _counts(self, address: str) -> bool:
        return bool(getattr(self, f"{address}_confirmed") or getattr(self, f"{CONSENTS[address]}_noted"))


@dataclass(frozen=True)
class Typed:
    """Who a booking says it is for, as typed; `patient` is the id where staff named one.

    `unconfirmed` is what staff did not type themselves and the clinic has not confirmed.
    """

    first_name: str
    last_name: str
    identity: tuple[str, str] | None = None
    birth_date: date | None = None
    mobile: str | None = None
    email: str | None = None
    sms_ok: bool | None = None
    email_ok: bool | None = None
    patient: str | None = None
    unconfirmed: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: PersonTyped) -> "Typed":
        """Return the person of a booking's event; without an address nothing was said about messages to it."""
        mobile, email = told.mobile or None, told.email or None
        return cls(
            first_name=told.first_name or "",
            last_name=told.last_name or "",
            identity=(told.identity.scheme, told.identity.number) if told.identity else None,
            birth_date=told.birth_date,
            mobile=mobile,
            email=email,
            sms_ok=told.sms_ok if mobile else None,
            email_ok=told.email_ok if email else None,
            patient=told.patient,
            unconfirmed=told.unconfirmed,
        )

    @property
    def name_key(self) -> str:
        """What the name is compared by: `person_key` of both names."""
        return person_key(self.first_name, self.last_name)

    def is_same_person(self, patient: Patient) -> bool:
        """Tell whether this is `patient` by the rule for people without a number (CONTRACTS 1, Patients).

        Birth date and case-folded names must agree, and the mobile or the email.
        """
        same_contact = any(_is_same(getattr(self, name), getattr(patient, name)) for name in ADDRESSES)
        return same_contact and self.birth_date == patient.birth_date and self.name_key == patient.name_key


@dataclass(frozen=True)
class Sought:
    """What staff typed to find a patient, in every reading that it allows.

    `words` must all be in the name, the email or the mobile; or it is a whole `id`, a `mobile` in E.164, a number, as
    pairs of scheme and hash, or `digits` that are part of a mobile.
    """

    words: tuple[str, ...]
    id: str | None = None
    mobile: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    digits: str | None = None


def number_hash(key: str, clinic: str, scheme: str, number: str) -> str:
    """Return what a canonical number is found by; the same number gives another hash in another clinic."""
    return keyed_hash(key, clinic, scheme, number)


def person_key(*names: str) -> str:
    """Return names as they are compared: case-folded, one space between words, look-alike signs as one.

    Direction marks and joiners, which nobody sees, do not count.
    """
    signs = unicodedata.normalize("NFKC", " ".join(names).translate(_SAME_SIGNS)).translate(_SAME_SIGNS)
    return " ".join("".join(map(_compared, signs)).casefold().split())


def _compared(sign: str) -> str:
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else "-" if kind == "Pd" else sign


def digits_of(text: str) -> str | None:
    """Return the digits of a telephone number that is being typed, without zeros in front, None where it is none.

    Fewer than three would be in every number.
    """
    signs = "".join(str(unicodedata.decimal(sign, sign)) for sign in text if sign not in _BETWEEN_DIGITS)
    found = signs.lstrip("0") if signs.isascii() and signs.isdigit() else ""
    return found if len(found) >= _FEWEST_DIGITS else None


def new_patient(
    typed: Typed,
    *,
    id: str,
    clinic: str,
    number_hash: str | None,
    number_sealed: str | None,
    origin: str,
    now: datetime,
    word: Word | None,
) -> Patient:
    """Return the record of somebody the clinic does not know, with consent as given by this `word` (B18, B18a)."""
    sms_ok, email_ok = _consent(typed.sms_ok, typed.mobile), _consent(typed.email_ok, typed.email)
    return Patient(
        id=id,
        clinic=clinic,
        scheme=typed.identity[0] if typed.identity else None,
        number_hash=number_hash,
        number_sealed=number_sealed,
        birth_date=typed.birth_date,
        first_name=typed.first_name,
        last_name=typed.last_name,
        mobile=typed.mobile,
        email=typed.email,
        sms_ok=sms_ok,
        email_ok=email_ok,
        sms_reminder=True,
        origin=origin,
        created_at=now,
        mobile_confirmed=bool(typed.mobile) and _is_word_of_the_clinic(origin),
        email_confirmed=bool(typed.email) and _is_word_of_the_clinic(origin),
        sms_ok_noted=bool(typed.mobile) and _is_word_of_the_clinic(origin),
        email_ok_noted=bool(typed.email) and _is_word_of_the_clinic(origin),
        sms_ok_said=None if sms_ok is None else word,
        email_ok_said=None if email_ok is None else word,
    )


def filled_in(patient: Patient, typed: Typed, origin: str, word: Word | None) -> Patient:
    """Return the record with mobile and email from a booking of this origin where it had none, else unchanged (B18).

    What the clinic has is never overwritten, a consent or refusal that it noted neither. Whoever knows a number can
    book with it on the web and give a telephone of their own: what the web fills in stays unconfirmed, until staff type
    the same. What was said of messages to it is of this `word`.
    """
    filled, confirmed = patient, _is_word_of_the_clinic(origin)
    for name, said in CONSENTS.items():
        if getattr(typed, name) and not getattr(patient, name):
            filled = replace(filled, **_filled(patient, typed, name, said, word, confirmed=confirmed))
    if confirmed and typed.patient is None:  # typed by staff, and no record named that it could come from
        filled = replace(
            filled,
            mobile_confirmed=filled.mobile_confirmed or _is_same(filled.mobile, typed.mobile),
            email_confirmed=filled.email_confirmed or _is_same(filled.email, typed.email),
        )
    return replace(filled, version=patient.version + 1) if filled != patient else patient


def _filled(
    patient: Patient, typed: Typed, name: str, said: str, word: Word | None, *, confirmed: bool
) -> dict[str, Any]:
    """Return the fields of an address that was missing, with what was `said` of messages where nobody had asked."""
    address, stands = getattr(typed, name), getattr(patient, said) is not None
    return {
        name: address,
        said: getattr(patient, said) if stands else _consent(getattr(typed, said), address),
        f"{name}_confirmed": confirmed,
        f"{said}_noted": stands or confirmed,
        f"{said}_said": getattr(patient, f"{said}_said") if stands else word,
    }


def corrected(patient: Patient, word: Word, **changes: Any) -> Patient:
    """Return the record as staff correct it: what they say of messages is noted as this `word`, an address confirmed.

    The record's own that is sent back says nothing: whoever corrects a name may send the whole record. Beside another
    address it is said of that one. What somebody on the web said of messages to an address that staff replace goes with
    the address.
    """
    for name, said in CONSENTS.items():
        is_another = name in changes and not _is_same(changes[name], getattr(patient, name))
        if is_another:
            changes[f"{name}_confirmed"] = changes[name] is not None
        if said in changes and (is_another or changes[said] != getattr(patient, said)):
            changes |= {f"{said}_noted": True, f"{said}_said": word}
        elif is_another:
            stays = patient.consent[said]
            of_whom = None if stays is None else getattr(patient, f"{said}_said")
            changes |= {said: stays, f"{said}_noted": stays is not None, f"{said}_said": of_whom}
    return changed(patient, **changes)


def confirmed(patient: Patient, names: Collection[str]) -> Patient:
    """Return the record with these of its `ADDRESSES` confirmed by staff; raise Invalid where it has none."""
    if missing := {name: ["The patient has none to confirm."] for name in names if not getattr(patient, name)}:
        raise Invalid.because("There is nothing to confirm.", errors=missing)
    return changed(patient, **{f"{name}_confirmed": True for name in names})


def changed(patient: Patient, **changes: Any) -> Patient:
    """Return the record with `changes` and the next version; the same record where nothing is different."""
    after = replace(patient, **changes)
    return replace(after, version=patient.version + 1) if after != patient else patient


def told_anew(patient: Patient) -> Patient:
    """Return the record for its next event: nothing in it has changed, but what others were told of it."""
    return replace(patient, version=patient.version + 1)


def _is_word_of_the_clinic(origin: str) -> bool:
    """Tell whether staff or a record system gave what a booking of this origin tells of its patient."""
    return origin != "web"


def _is_same(address: str | None, other: str | None) -> bool:
    """Tell whether both are the same mobile (E.164) or email."""
    return address is not None and other is not None and address.casefold() == other.casefold()


def masked(scheme: str, number: str) -> str:
    """Return the number with its secret part as dots, for lists."""
    shown = _SHOWN_DIGITS.get(scheme, _SHOWN_OTHERWISE)
    return number[:shown] + "•" * (len(number) - shown)


def _consent(said: bool | None, address: str | None) -> bool | None:
    """Return what was said; giving an address without a word is consent (B18a)."""
    return (True if address else None) if said is None else said
