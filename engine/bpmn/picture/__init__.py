"""A model as a picture: SVG from its drawing, without a browser. Pure.

What is drawn has colours of light paper as attributes, so that the file stands alone; each part
has a class besides, by which a page may colour it otherwise.
"""

from __future__ import annotations

from engine.bpmn.picture.paper import svg

__all__ = ["svg"]
