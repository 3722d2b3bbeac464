"""What is to be known of a key before it is filled in."""

from collections.abc import Mapping

from gateway.http.wording import N_

_OF_CLINIC = N_("Where it is left empty, what is said under “Online booking” holds.")

_SHORT_NAME = N_("Stands in links. Empty: it is made from the name.")

HINTS: Mapping[str, str] = {
    **{f"{part}.key": _SHORT_NAME for part in ("practitioners", "types", "resources", "block_kinds", "fields")},
    "time_zone": N_("As its largest city is written in English, for example Europe/Stockholm."),
    "region": N_("Short code of the part of the country, where it has public holidays of its own."),
    "languages": N_("In which you write your own texts. The first one is shown where another is missing."),
    "currency": N_("Three letters, for example SEK, NOK, DKK, CHF or IRR."),
    "grid": N_("Lengths and times are multiples of it."),
    "look.logo": N_("The picture itself is put under “Pictures”."),
    "look.accent": N_("For example #0b6b6b. It must be dark enough to be read."),
    "colour": N_("For example #1a73e8."),
    "booking.active": N_("Without it nothing can be booked, moved or cancelled online."),
    "booking.without_login": N_("Otherwise patients first prove their mobile number by a code."),
    "booking.horizon": N_("Empty: without limit."),
    "booking.days_after_today": N_("Empty: the same day. 0: from tomorrow. 1: from the day after tomorrow."),
    "types.days_after_today": _OF_CLINIC,
    "booking.notice": N_("At least this long before the appointment."),
    "booking.rebook_deadline": N_("In hours, or in whole days: until the end of that day."),
    "booking.cancel_deadline": N_("In hours, or in whole days: until the end of that day."),
    "types.rebook_deadline": _OF_CLINIC,
    "types.cancel_deadline": _OF_CLINIC,
    "booking.few": N_("Days with few times are red, those with many green."),
    "booking.holidays.open_dates": N_("One date a line: year, month and day, such as 2026-12-24."),
    "booking.holidays.closed_dates": N_("One date a line: year, month and day, such as 2026-12-24."),
    "booking.tracking": N_("Not needed. Addresses beginning with https:// from your tracking tool."),
    "booking.tracking.visit": N_("For visitors who have been there and did not book."),
    "booking.embed_origins": N_("One a line, for example https://clinic.example. Empty: every site."),
    "two_step.staff": N_(
        "A code from an app on their telephone, besides the password. Where everybody needs it, you set up your own "
        "right after saving."
    ),
    "fields.choices": N_("Only for questions with several answers."),
    "fields.types": N_("None ticked: for all of them."),
    "practitioners.online": N_("Only they are shown on the booking page."),
    "practitioners.picture": N_("The picture itself is put under “Pictures”."),
    "practitioners.about": N_("At most 300 characters, shown on the booking page."),
    "practitioners.languages": N_("One code a line, such as sv, en or fa."),
    "resources.pool": N_("Those with the same word are equal: any of them will do."),
    "block_kinds.online": N_("What is not bookable on the web is never offered to patients. Staff book in all of it."),
    "types.alias": N_("The name that patients see."),
    "types.description": N_("At most 500 characters. Patients see it when they book."),
    "types.info": N_("Shown in the blue box: price, address or the like."),
    "types.price": N_("A number, such as 995 or 79.50."),
    "types.lengths": N_("Only for those who take another time for it."),
    "types.practitioners": N_("None ticked: all who are signed up for online booking."),
    "types.uses": N_("In each row one free room or device of those that are ticked."),
    "types.slots.step": N_("0 minutes: every available time. Not used with fixed times."),
    "types.blocks": N_("New bookings are offered inside these blocks only. None ticked: in every bookable one."),
    "types.min_age": N_("Patients who are younger on the day cannot make a new booking of it online."),
    "types.needs.controlled": N_("Only patients with a need can book it. The need says with whom and for how long."),
    "types.needs.days_after_week": N_("Later the patient has to contact the clinic. Empty: without limit."),
    "templates.key": N_("Letters a–z, digits and hyphens, no spaces."),
    "templates.week": N_("Breaks are blocks that nobody books. What stands in no block is closed."),
    "plans.weeks": N_("For a rotation, make one plan for the odd and one for the even weeks."),
    "days.blocks": N_("They stand in place of the week template on this date. None: closed."),
    "sms_countries": N_("One code a line, such as SE. Empty: your own and its neighbours."),
    "quiet_hours": N_("Empty: from 21:00 to 08:00. Reminders go out before."),
    "retention": N_(
        "What is older goes by itself, every night, and does not come back. Empty: it is kept for ever. How long you "
        "have to keep what, your country's law says."
    ),
    "retention.messages": N_("Counted from when they were sent. That they were sent, and what became of them, stays."),
    "retention.bookings": N_(
        "Counted from the appointment. When it was, for what and with whom stays; the person goes, with notes and "
        "messages."
    ),
    "retention.access_log": N_("Who opened which record. Five years are 1830 days."),
    "retention.watch_list": N_("Counted from when they were ticked off."),
    "retention.needs": N_("Counted from the last day on which they could be used."),
    "retention.patients": N_(
        "Counted from their last appointment or need; a year at least. The record is erased, with all that is theirs."
    ),
    "messages": N_(
        "Where one is left empty, the built-in text goes out. What stands in double braces is filled in: {names}"
    ),
}

FILLED_IN = (
    "patient.first_name", "patient.last_name", "booking.date", "booking.time", "booking.type", "booking.practitioner",
    "booking.length", "clinic.name", "clinic.phone", "clinic.address", "link",
)  # fmt: skip
"""What most messages name, of `shared.texts.message_templates.VARIABLES`: what `{names}` stands for."""
