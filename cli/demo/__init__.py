"""The demo clinics: their documents, and the day's work that `frontdesk up` gives them on a machine for trying."""
