"""What a form cannot show well, drawn over its fields (ADR 45): weeks, days, the weeks to come, who takes what."""
