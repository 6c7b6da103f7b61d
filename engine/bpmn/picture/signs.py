"""The signs inside events, activities and gateways: outlines on a square of 16 pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACTIVITY: Final[Mapping[str, str]] = {
    "userTask": "M8 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2.5 15c0-3 2-5 5.5-5s5.5 2 5.5 5z",
    "manualTask": "M2 8l4-3h7v2H9h5v2H9h5v2H9h4v2H5l-3-2z",
    "serviceTask": (
        "M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM8 1v3M8 12v3M1 8h3M12 8h3"
        "M3 3l2.2 2.2M10.8 10.8L13 13M13 3l-2.2 2.2M5.2 10.8L3 13"
    ),
    "scriptTask": "M4 2h9c-3 3 2 9-1 12H3c3-3-2-9 1-12zM6 5h4M6 8h4M7 11h4",
    "sendTask": "M2 4h12v8H2zM2 4l6 5 6-5",
    "receiveTask": "M2 4h12v8H2zM2 4l6 5 6-5",
    "businessRuleTask": "M2 3h12v10H2zM2 6h12M6 6v7M2 9.5h12",
}
EVENT: Final[Mapping[str, str]] = {
    "timer": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.5V8l3 1.5",
    "message": "M2 4.5h12v7.5H2zM2 4.5l6 4.5 6-4.5",
    "signal": "M8 2.5l6 10H2z",
    "error": "M2.5 13L6 4l3.5 5 4-6L10.5 12 7 7.5z",
    "escalation": "M8 2.5l4.5 11L8 9.5l-4.5 4z",
    "compensation": "M8 3.5v9L2 8zM14 3.5v9L8 8z",
    "conditional": "M4 2.5h8v11H4zM5.5 5h5M5.5 8h5M5.5 11h5",
    "link": "M2 6h7V3.5L14 8l-5 4.5V10H2z",
    "cancel": "M3 5l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z",
    "terminate": "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
}
GATEWAY: Final[Mapping[str, str]] = {
    "exclusiveGateway": "M4 3.5l8 9M12 3.5l-8 9",
    "parallelGateway": "M8 2v12M2 8h12",
    "inclusiveGateway": "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
    "eventBasedGateway": (
        "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 4.5l3.4 2.5-1.3 4H5.9l-1.3-4z"
    ),
    "complexGateway": "M8 2v12M2 8h12M4 4l8 8M12 4l-8 8",
}
MANY: Final[Mapping[str, str]] = {
    "loop": "M5 13a5 5 0 1 1 3 1M5 13v-3.5M5 13H1.5",
    "parallel": "M4 3v10M8 3v10M12 3v10",
    "sequential": "M3 4h10M3 8h10M3 12h10",
}


def sign(outline: str, x: float, y: float, *, size: float = 16, filled: bool = False) -> str:
    """Return a sign with its upper left corner at a place."""
    fill = "#22262e" if filled else "none"
    kind = "bpmn-sign bpmn-sign--full" if filled else "bpmn-sign"
    return (
        f'<path class="{kind}" d="{outline}"'
        f' transform="translate({x:g} {y:g}) scale({size / 16:g})"'
        f' fill="{fill}" stroke="#22262e" stroke-width="1.3" stroke-linejoin="round"'
        ' stroke-linecap="round"/>'
    )
