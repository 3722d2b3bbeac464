"""What the manuals of other systems call what is set up here, for people who look for it by that name.

By a key's path, or by what a page without keys is known by; several names are told apart by commas.
"""

from collections.abc import Mapping

from gateway.http.wording import N_

ELSEWHERE: Mapping[str, str] = {
    "booking": N_("Server settings"),
    "booking.active": N_("Active, Start"),
    "booking.new_patients": N_("Self-registration, server settings"),
    "booking.tracking": N_("Analytics settings"),
    "practitioners": N_("Clinic settings"),
    "types": N_("Clinic settings"),
    "types.alias": N_("Own title"),
    "types.length": N_("Interval in the appointment book"),
    "types.slots": N_("Fixed, flexible"),
    "types.min_age": N_("Children's dental care"),
    "channels": N_("Text message after booking, text message at cancellation"),
    "reminders": N_("Reminders by text message, 24, 48 or 72 hours before"),
    "absences": N_("Block appointments"),
    "templates": N_("Working hours"),
    "plans": N_("Working hours, rotation"),
    "links": N_("Generate booking links, iframe"),
}
