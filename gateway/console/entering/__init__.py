"""The way in and out: signing in, the second step, passwords, which clinic."""
