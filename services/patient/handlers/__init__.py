"""What patient does, one function per use case. Who may is settled first, before what was sent is looked at."""
