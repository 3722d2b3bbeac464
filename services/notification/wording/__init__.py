"""What messages say: facts, notices, templates, previews."""
