"""What absences make impossible."""
