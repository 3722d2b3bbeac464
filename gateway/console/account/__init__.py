"""What is a person's own: password, two-step login, sessions."""
