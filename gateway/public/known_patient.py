"""What a page knows of the patient behind it: the mobile of a login (B14), or the need of a recall's link (B9).

The page carries the proof in a hidden field; here it becomes the actor of the request's calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.access.actors import act_as_patient
from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.public.draft import RECALL, SESSION, Draft
from gateway.views.clinic_view import ClinicView, TypeView
from shared.sealed import Sealer


@dataclass(frozen=True)
class KnownPatient:
    """The proven `mobile` of a login, or the id of a recall's `need`; `has_ended` tells of a login that is over.

    `login` is all that the login has proven.
    """

    mobile: str | None = None
    need: str | None = None
    has_ended: bool = False
    login: Mapping[str, Any] = field(default_factory=dict)

    @property
    def opens_needs(self) -> bool:
        """Whether needs may be looked for: somebody has logged in, or come by the link of a recall."""
        return self.mobile is not None or self.need is not None

    def is_patient_of(self, services: Services, clinic: str) -> bool:
        """Tell whether the login is that of patients whose mobile the clinic has confirmed: then it knows them."""
        if self.mobile is None:
            return False
        asked = services.patient.in_own_name().of_login(clinic, mobile=self.mobile, identity=self.login["identity"])
        return bool(asked["patients"])

    def may_book(self, clinic: ClinicView, chosen: TypeView | None) -> bool:
        """Tell whether a type may be booked, or types be looked at, without asking who the patient is."""
        controlled = chosen is not None and chosen.needs_controlled
        return bool(self.mobile or (self.need and controlled) or (clinic.without_login and not controlled))


NOBODY = KnownPatient()


def known_patient(services: Services, request: Request, clinic: str, draft: Draft) -> KnownPatient:
    """Return what the draft's proof comes to, and let all further calls be made by whoever has proven it.

    Raises Unavailable where sessions cannot be looked up.
    """
    token = draft.value(SESSION)
    proof = act_as_patient(services, request, clinic, token or draft.value(RECALL))
    if proof is None:
        return KnownPatient(has_ended=bool(token))
    if proof.login is None:
        return KnownPatient(need=proof.need)
    login = Sealer(services.settings.event_keys).open(proof.login)
    return KnownPatient(mobile=login["mobile"], login=login)
