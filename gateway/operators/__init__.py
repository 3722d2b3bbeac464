"""What those who run an installation look at: probes, providers' reports, the outbox."""
