"""The rules of a site: the list of them, the form of one, and what it would find."""
