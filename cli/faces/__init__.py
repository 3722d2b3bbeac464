"""What all commands have in common: their options, how they ask, what they print, and how they end."""
