"""The built-in emails to the people of a clinic about their accounts (PRODUCT C4)."""

from services.notification.wording.facts import Facts
from services.notification.wording.notice import LOCALES, Notice, action, signature
from shared.texts.language import translations


def reset_notice(facts: Facts) -> Notice:
    """Return the email by which somebody chooses another password."""
    _ = translations(LOCALES, facts.language).gettext
    paragraphs = (
        _("The link can be used once, within one hour."),
        _("If you did not ask for this, you can ignore this email: your password stays the same."),
    )
    return _notice(_("A new password for %(clinic)s"), _("Choose a new password for your account."), paragraphs, facts)


def invitation_notice(facts: Facts) -> Notice:
    """Return the email that invites somebody to work with a clinic's calendar."""
    _ = translations(LOCALES, facts.language).gettext
    paragraphs = (
        _("The link can be used once, within seven days."),
        _("If you were not expecting this email, you can ignore it: nothing will change."),
    )
    headline = _("You now have access to the calendar of %(clinic)s. Choose a password to begin.")
    return _notice(_("Your access to %(clinic)s"), headline, paragraphs, facts)


def _notice(subject: str, headline: str, paragraphs: tuple[str, ...], facts: Facts) -> Notice:
    _ = translations(LOCALES, facts.language).gettext
    return Notice(
        subject=subject % {"clinic": facts.clinic},
        greeting="",
        headline=headline % {"clinic": facts.clinic},
        rows=(),
        lines=(),
        brief=(),
        paragraphs=paragraphs,
        action=action(_("Choose a password"), facts.link, facts),
        signature=signature(facts),
    )
