"""The machine: what a running process may do next. Pure: no framework, no clock, no I/O.

`machine.handle` judges one command, writes facts (`events`), applies each to the state (`evolve`)
and goes on until every token rests. Everything else in the engine only reads those facts.
"""
