"""The sandbox: runs of a draft on the machine of the engine, in a program that reaches nothing.

`runner.play` is the door. The program (`program.py`) has no rows, no connectors and no descriptors
left to open one with: what a step asks of the outside is answered by the samples of a scenario, or
fails as the scenario says.
"""
