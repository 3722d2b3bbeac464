"""The rules themselves: deadlines, choices, codes, histories."""
