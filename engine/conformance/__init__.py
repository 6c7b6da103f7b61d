"""Scenarios: models that are played step by step, and what must come of them.

The format is that of `tests/conformance/scenarios/README.md`. Here it is read, played against the
pure machine and compared; nothing here reads a file or a clock. `players` says in which ways.
"""
