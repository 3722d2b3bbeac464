"""The free times that patients choose from: who knows them, and how they are shown (B2, B20)."""
