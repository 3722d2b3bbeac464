"""A gateway without network: its clinics, logins and visits, and fakes of the services that it asks."""
