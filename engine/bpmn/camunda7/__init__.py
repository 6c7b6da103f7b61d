"""Models of Camunda 7, rewritten in the terms this engine obeys. Pure.

`conversion` rewrites a file, `juel` its expressions. What cannot be said here stays in the file as
it was, where validation tells it: nothing is lost, and nothing is guessed.
"""
