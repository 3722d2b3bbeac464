"""What the tests of availability are built from: questions, fakes, a plain twin of the search."""
