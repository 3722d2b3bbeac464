"""Reports for a clinic's administrators."""
