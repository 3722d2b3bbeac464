"""Rules and values of staff: the standard library and shared's plain values alone."""
