"""Messages, reminders, and what is known of clinics and deliveries: values and rules."""
