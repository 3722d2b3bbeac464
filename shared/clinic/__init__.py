"""The rules of the clinic document that several services apply: one home for each."""
