"""The API of patients and of clinics' own sites."""
