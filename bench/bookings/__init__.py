"""What a booking costs with all that follows from it, on the real parts, beside floors and a rival of the same run."""
