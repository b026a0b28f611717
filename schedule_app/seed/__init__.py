"""Data to try the program with: a sample week for five people, and larger sites made up the same way every time."""
