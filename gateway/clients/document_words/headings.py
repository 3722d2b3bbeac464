"""What stands above some of a long form's fields, so that whoever looks for one sees where it must be.

By the path of the first of them: what the document has next stands below it, too, until the next heading.
"""

from collections.abc import Mapping

from gateway.http.wording import N_

HEADINGS: Mapping[str, str] = {
    "booking.active": N_("Start and functions"),
    "booking.without_login": N_("Who may book and change"),
    "booking.first_date": N_("From when to when"),
    "booking.rebook_deadline": N_("Deadlines"),
    "booking.hold": N_("The booking page"),
    "practitioners.online": N_("Online booking"),
    "types.name": N_("Names and texts"),
    "types.length": N_("Length and practitioners"),
    "types.slots": N_("Times and who may book them"),
    "types.days_after_today": N_("Deadlines"),
}
