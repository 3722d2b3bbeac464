"""What people read: languages, the clinics' own templates, documents as YAML, calendar files."""
