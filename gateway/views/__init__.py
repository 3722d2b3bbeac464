"""What pages are drawn with: templates, fields, a clinic as its patients see it."""
