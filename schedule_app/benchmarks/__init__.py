"""Benchmarks of the optimiser that are part of the command line; what they read stays outside of the project."""
