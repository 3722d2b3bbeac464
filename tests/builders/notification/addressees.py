"""Who gets a message about the appointment of `messages`, and all that they read in it."""

from services.notification.model.messages import Addressee, Content
from shared.links import manage_token

TOKEN = manage_token("link key", "7K3M9PQR2T", 0)
PATIENT_EMAIL = Addressee("patient", "email", "eva@example.org", "Eva Lind")
PATIENT_SMS = Addressee("patient", "sms", "+46701740699", "Eva Lind")
PRACTITIONER_EMAIL = Addressee("practitioner", "email", "anna@solna.example", "Anna Berg")
CLINIC_EMAIL = Addressee("clinic", "email", "info@solna.example", "Solna Tandvård")


def said(content: Content) -> str:
    """Return subject, text and HTML of a message, without its attachments."""
    return "\n".join(filter(None, (content.subject, content.text, content.html)))
