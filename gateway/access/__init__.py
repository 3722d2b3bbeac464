"""Who may come in: sessions, codes, proofs, limits."""
