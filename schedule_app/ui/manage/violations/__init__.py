"""What is broken now."""
