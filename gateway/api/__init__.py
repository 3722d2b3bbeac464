"""How an HTTP operation is described, answered for and documented."""
