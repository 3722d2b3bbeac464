"""The pages of those who work at clinics (CONSOLE): the frame, and a room for each of its places."""
