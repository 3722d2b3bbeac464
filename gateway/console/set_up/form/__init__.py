"""Forms of the clinic document, drawn from what availability tells of its shape: a key that is added makes its field.

A field writes a value of the document as the texts of a form, reads such texts back, and tells templates how it is
drawn. What was not touched in a form stays as it stands in the document, in whatever way that is written there.
"""
