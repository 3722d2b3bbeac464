"""Everything that shows Frontdesk does what it says."""
