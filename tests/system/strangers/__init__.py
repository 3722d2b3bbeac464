"""What programs of other teams run in: an environment that has Nameko and pika as they are, and nothing of ours."""
