"""What a browser shows of who uses it: cookies, and which site's page sent a form."""
