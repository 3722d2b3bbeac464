"""What the five clinics' manuals say of their staff's work, followed sentence by sentence in their language."""
