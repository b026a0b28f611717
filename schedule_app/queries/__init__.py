"""Every SELECT. Rows for services, frozen views for screens; a fixed number of statements whatever the size."""
