"""What tests are built from: small clinics, people, requests; and fakes of the services that one service asks."""
