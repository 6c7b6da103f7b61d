"""Drawing a model that has no drawing: where each node stands, and how each flow runs. Pure."""

from __future__ import annotations

from engine.bpmn.layout.routes import Box, Point
from engine.bpmn.layout.sheet import drawn, has_drawing

__all__ = ["Box", "Point", "drawn", "has_drawing"]
