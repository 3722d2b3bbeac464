"""RPC with time limits: the caller's side, the callee's, and what travels with a call."""
