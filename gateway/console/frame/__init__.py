"""What all pages of the console stand on: who is signed in, where they are, how it is drawn and kept fresh."""
