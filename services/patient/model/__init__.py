"""Patient's rules: values and functions of values."""
