"""How services talk: calls with time limits, events that are neither lost nor acted on twice."""
