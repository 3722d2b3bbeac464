"""Real servers for tests: found, started privately, or installed; never skipped, and gone when the run is over."""
