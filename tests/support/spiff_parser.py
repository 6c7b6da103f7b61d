"""Measures the processor time SpiffWorkflow takes to read models; runs in its environment.

python spiff_parser.py MODEL... -> {"MODEL": seconds, ...}, each the best of several times
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser

_TIMES = 3


def _seconds(data: bytes) -> float:
    began = time.process_time()
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(data))
    parser.get_spec("p")
    return time.process_time() - began


def main() -> None:
    """Read every model a few times and print the best."""
    read = {name: Path(name).read_bytes() for name in sys.argv[1:]}
    best = {name: min(_seconds(data) for _ in range(_TIMES)) for name, data in read.items()}
    sys.stdout.write(json.dumps(best))


if __name__ == "__main__":
    main()
