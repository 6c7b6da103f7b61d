"""Celery's side of the engine: tasks that are doorbells, and the sweeper that needs none."""

from engine.workers import drains, jobs, polling, pulses

__all__ = ["drains", "jobs", "polling", "pulses"]
