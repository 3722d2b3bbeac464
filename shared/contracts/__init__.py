"""The faces that services show each other: events, errors, names of RPC methods."""
