"""The optimiser: a problem in, a plan and its reasons out. Knows the domain and OR-Tools, no database and no screen.

Begin at `solve.solve`; `problem` says what goes in, `solution` what comes out, `limits` how rules look inside.
"""
