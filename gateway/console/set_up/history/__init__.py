"""The history of the set-up: shown, compared with what is in force, taken back; and told to who was overtaken."""
