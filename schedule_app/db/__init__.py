"""Access to PostgreSQL: the embedded server, engine, transactions, locks and migrations."""
