"""The palette: every action, person and week by a few letters, and the keys of the page."""
