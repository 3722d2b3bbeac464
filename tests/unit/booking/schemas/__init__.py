"""What booking reads and refuses before any rule is asked."""
