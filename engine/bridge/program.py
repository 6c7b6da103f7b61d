"""The bridge program: answers one question with bpmn-python, and ends.

`engine.bridge.runner` starts it as `python -I program.py QUESTION`, with the Python of the
environment that bpmn-python is installed in. The text comes on standard input, the answer goes to
standard output as JSON; `{"refused": "..."}` says why there is none. It imports nothing of
Interlock. It is the only program that imports bpmn-python, which is under the GPL.
"""

from __future__ import annotations

import importlib
import io
import json
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any


def runbook(text: str) -> Any:
    """Return the nodes and flows of a runbook in bpmn-python's own CSV format."""
    if not text.strip():
        raise ValueError("the file is empty")
    diagram = _diagram()
    diagram.load_diagram_from_csv_file("/dev/stdin")
    nodes = [
        {"id": identity, "type": facts["type"], "name": facts.get("node_name", "")}
        for identity, facts in diagram.get_nodes()
    ]
    flows = [
        {
            "source": facts["sourceRef"],
            "target": facts["targetRef"],
            "condition": (facts.get("conditionExpression") or {}).get("conditionExpression", ""),
        }
        for _one, _other, facts in diagram.get_flows()
    ]
    return {"nodes": nodes, "flows": flows}


def measures(text: str) -> Any:
    """Return bpmn-python's measures of a model, by what they are called in `engine.complexity`.

    Every kind of task is read as a plain one: it counts, or even knows, no other. It keeps one
    flow between two nodes, whichever way it goes, so that its measures of loops are too low.
    """
    diagram = _diagram()
    model = _drawn(_TASKS.sub(r"\1task", text))
    # It asks for a path and hands it to a parser that reads files as well: it may write none.
    diagram.load_diagram_from_xml_file(io.BytesIO(model.encode()))
    metrics = importlib.import_module("bpmn_python.bpmn_diagram_metrics")
    counted = {"size": len(diagram.get_nodes()), "flows": len(diagram.get_flows())}
    named = {key: _measured(getattr(metrics, name), diagram) for key, name in _METRICS.items()}
    return counted | named


def _drawn(text: str) -> str:
    """Return a model with an empty drawing where it has none: bpmn-python reads no other."""
    if "BPMNDiagram" in text:
        return text
    before, end, after = text.rpartition("</")
    return f"{before}{_NO_DRAWING}{end}{after}"


def _measured(measure: Callable[[Any], float], diagram: Any) -> float | None:
    """Return a measure; some divide by the number of gateways, of which there may be none."""
    try:
        return round(float(measure(diagram)), 3)
    except ZeroDivisionError:
        return None


_NO_DRAWING = (
    '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="no_drawing">'
    '<di:BPMNPlane id="no_plane" bpmnElement=""/></di:BPMNDiagram>'
)
_TASKS = re.compile(r"(</?(?:[\w.-]+:)?)(?:[a-zA-Z]+Task|callActivity)\b")
_METRICS: Mapping[str, str] = {
    "activities": "NOA_metric",
    "gateways": "all_gateways_count",
    "network": "CoefficientOfNetworkComplexity_metric",
    "degree": "AverageGatewayDegree_metric",
}
QUESTIONS: Mapping[str, Callable[[str], Any]] = {"runbook": runbook, "measures": measures}


def _diagram() -> Any:
    # Loaded only when it runs: whoever only looks at this file may not have it.
    return importlib.import_module("bpmn_python.bpmn_diagram_rep").BpmnDiagramGraph()


def _mend(text: str) -> None:
    """Give back what newer releases of its libraries took away, and bpmn-python still asks for."""
    nx, pd = importlib.import_module("networkx"), importlib.import_module("pandas")
    nx.Graph.node = property(lambda graph: graph._node)
    nx.Graph.edge = property(lambda graph: graph._adj)

    def from_csv(_path: str) -> Any:
        return pd.read_csv(io.StringIO(text), index_col=0, dtype=str, keep_default_na=False)

    pd.DataFrame.from_csv = staticmethod(from_csv)


def main() -> None:
    """Answer the question that the command line asks."""
    text = sys.stdin.buffer.read().decode("utf-8")
    _mend(text)
    try:
        answer = QUESTIONS[sys.argv[1]](text)
    except Exception as error:  # noqa: BLE001  (whatever it is, the caller gets a sentence)
        answer = {"refused": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
