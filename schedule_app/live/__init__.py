"""Live push: which topics a change touches, who is looking at them, and how they are told."""
