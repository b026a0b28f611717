"""Everything Reflex: pages, sections, states and components."""
