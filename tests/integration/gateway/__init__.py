"""The HTTP gateway as a process."""
