"""Five demo clinics, one per manual that Frontdesk was asked for by; all people in them are invented."""
