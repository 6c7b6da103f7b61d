"""The engine's side of the load test: models of a few lines, runs of them, and a worker.

It runs on a database made for the purpose; `config.loadtest` makes it, and measures.
"""
