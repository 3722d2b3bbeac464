"""Which choices are made before the patient makes any: by a link (B15), or because there is only one."""

from gateway.public.draft import ANY, Draft
from gateway.views.clinic_view import ClinicView, TypeView


def types_to_choose(clinic: ClinicView, draft: Draft) -> tuple[TypeView, ...]:
    """Return the types that the patient may choose from: those of the practitioner whom a link has chosen, if any."""
    taken = tuple(
        each for each in clinic.types if draft["practitioner"] in [person.key for person in each.practitioners]
    )
    return taken or clinic.types


def with_what_is_settled(draft: Draft, clinic: ClinicView) -> Draft:
    """Return the draft without choices that are not to be had, and with those that have no alternative."""
    types = types_to_choose(clinic, draft)
    chosen = clinic.type(draft["type"]) or (types[0] if len(types) == 1 else None)
    draft = draft.with_choices(type=chosen.key if chosen else None)
    if chosen is None:
        return draft
    able = [each.key for each in chosen.practitioners]
    if len(able) == 1:
        return draft.with_choices(practitioner=able[0])
    return draft if draft["practitioner"] in (*able, ANY) else draft.with_choices(practitioner=None)
