"""What the values of the clinic document are called that are one of few."""

from collections.abc import Mapping

from gateway.http.wording import N_

CHOICES: Mapping[str, str] = {
    "identity.none": N_("None: the date of birth is asked"),
    "identity.se.personnummer": N_("Swedish personal number"),
    "identity.no.fodselsnummer": N_("Norwegian national identity number"),
    "identity.dk.cpr": N_("Danish CPR number"),
    "identity.ch.ssn": N_("Swiss AHV number"),
    "identity.ir.melli": N_("Iranian national code"),
    "changeable.web": N_("those booked on the web"),
    "changeable.recall": N_("recalls"),
    "changeable.staff": N_("booked by the clinic"),
    "changeable.api": N_("booked by other programs"),
    "calendar.week": N_("The coming week, times side by side"),
    "calendar.month": N_("The month, days by colour"),
    "required": N_("must be filled in"),
    "optional": N_("may be left empty"),
    "hidden": N_("is not asked"),
    "staff.off": N_("Off"),
    "staff.optional": N_("All who want to"),
    "staff.required": N_("Everybody"),
    "privacy.practitioner.full": N_("say who comes for what"),
    "privacy.practitioner.brief": N_("say only when and with whom"),
    "fields.kind.text": N_("One line"),
    "fields.kind.long_text": N_("Several lines"),
    "fields.kind.number": N_("Number"),
    "fields.kind.choice": N_("One of several answers"),
    "fields.kind.yes_no": N_("Yes or no"),
    "fields.kind.date": N_("Date"),
    "mode.fixed": N_("Fixed: one after the other, by the length"),
    "mode.flexible": N_("Flexible: every so many minutes"),
    "mode.spaced": N_("With a minimum time between offered times"),
    "end.fit": N_("must end by then"),
    "end.start_before_end": N_("may run over"),
    "weeks.all": N_("Every week"),
    "weeks.odd": N_("Odd weeks"),
    "weeks.even": N_("Even weeks"),
    "sms": N_("Text message"),
    "email": N_("Email"),
}

NOTHING: Mapping[str, str] = {
    "plans.practitioner": N_("Everybody without a plan of their own"),
    "days.practitioner": N_("Everybody"),
    "end": N_("As usual"),
    "country": N_("Choose"),
    "kind": N_("Choose"),
    "template": N_("Choose"),
    "channel": N_("Choose"),
}
