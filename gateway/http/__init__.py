"""The ground: sockets, requests, answers, headers, counters, and texts by language."""
