"""What fields, kinds and outcomes are called when a clinic moves in."""

from collections.abc import Mapping

from gateway.http.wording import N_

KINDS: Mapping[str, str] = {
    "patients": N_("Patients"),
    "needs": N_("Needs"),
    "appointments": N_("Appointments"),
}
ABOUT: Mapping[str, str] = {
    "patients": N_("Names, numbers and contacts. Take them over first."),
    "needs": N_("Who is to be called in, for what and in which week."),
    "appointments": N_("What is booked already, so that nobody books over it. From CSV or a calendar (.ics)."),
}
FIELDS: Mapping[str, str] = {
    "former": N_("Number in the former system"),
    "patient_former": N_("Patient number in the former system"),
    "national_id": N_("National number"),
    "birth_date": N_("Date of birth"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "name": N_("First and last name in one"),
    "mobile": N_("Mobile number"),
    "telephone": N_("Telephone"),
    "email": N_("Email"),
    "sms_ok": N_("SMS reminders wanted"),
    "email_ok": N_("Emails wanted"),
    "note": N_("Note"),
    "type": N_("Type of appointment"),
    "practitioner": N_("Practitioner"),
    "start": N_("Day of the appointment"),
    "time": N_("Time of the appointment"),
    "end": N_("End of the appointment"),
    "minutes": N_("Length in minutes"),
    "status": N_("Cancelled or not"),
    "message": N_("Message from the patient"),
    "week": N_("Week to be called in for"),
}
OUTCOMES: Mapping[str, str] = {
    "new": N_("New"),
    "known": N_("Known already"),
    "changed": N_("To be completed"),
    "doubtful": N_("Doubtful"),
    "wrong": N_("To be mended"),
    "collides": N_("Colliding"),
    "left_out": N_("Left out"),
}
DONE: Mapping[str, str] = {
    **OUTCOMES,
    "new": N_("Taken over"),
    "changed": N_("Completed"),
}
"""What outcomes are called once all is taken over."""

BADGES: Mapping[str, str] = {
    "new": "good",
    "changed": "good",
    "doubtful": "warn",
    "collides": "warn",
    "wrong": "bad",
}
ORDERS: Mapping[str, str] = {
    "dmy": N_("Day, month, year"),
    "ymd": N_("Year, month, day"),
    "mdy": N_("Month, day, year"),
}
ENCODINGS: Mapping[str, str] = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "windows-1252": "Windows-1252",
    "iso-8859-1": "ISO 8859-1",
    "iso-8859-15": "ISO 8859-15",
    "windows-1256": "Windows-1256",
    "macroman": "Mac Roman",
}
DELIMITERS: Mapping[str, str] = {
    ";": N_("Semicolon"),
    ",": N_("Comma"),
    "\t": N_("Tab"),
    "|": N_("Vertical line"),
}
LEFT_OUT = N_("Leave these lines out")
