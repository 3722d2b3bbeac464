"""What booking knows without any framework: values, rules of a clinic, state changes (DESIGN rule 8)."""
