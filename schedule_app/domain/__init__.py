"""The rules of scheduling, in plain Python: no database, no network, no clock reads."""
