"""Calls of this machine's commands to an installation in one process, over a Unix socket (ADR 55)."""
