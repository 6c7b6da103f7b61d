"""The words of DMN's XML: namespaces by version, and the elements that are read.

DMN 1.5 (OMG formal/2024-01-01), DMN15.xsd; the namespaces of 1.1 to 1.4 are those that tools write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DMN_15: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"

NAMESPACES: Final[Mapping[str, str]] = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    DMN_15: "1.5",
}
"""The namespaces of a model, with the version of DMN each one means."""

XSD: Final = "http://www.w3.org/2001/XMLSchema"

BESIDE_LOGIC: Final = frozenset(
    {
        "allowedAnswers",
        "authorityRequirement",
        "binding",
        "column",
        "decisionMaker",
        "decisionOwner",
        "description",
        "extensionElements",
        "formalParameter",
        "impactedPerformanceIndicator",
        "informationRequirement",
        "knowledgeRequirement",
        "parameter",
        "question",
        "row",
        "supportedObjective",
        "usingProcess",
        "usingTask",
        "variable",
    }
)
"""What may stand beside an expression, in whatever holds one."""


def is_feel(language: str) -> bool:
    """Tell whether an expression language is FEEL: by its name, or by one of its addresses."""
    return not language or "feel" in language.lower()


def is_model_import(kind: str) -> bool:
    """Tell whether an import brings in another decision model."""
    return kind in NAMESPACES or "/DMN/" in kind
