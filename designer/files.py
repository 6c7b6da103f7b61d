"""Pure: files of models. Which are taken, how their text is read, and what a blank one is.

A file is kept as it came, byte for byte. What is judged here is only whether it can be read
safely: well-formed, no document type (entities and outside files begin there), of sane size and
depth, and BPMN at its root. Whether it could run is for `engine.bpmn.validation` to say.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Protocol
from xml.parsers import expat

from designer.errors import ModelTooBig, NotAModel

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MAX_BYTES = 5 * 1024 * 1024
_MAX_DEPTH = 200
_SEPARATOR = " "
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def check(xml: bytes) -> None:
    """Let a model file pass, or say what is wrong with it.

    Raises:
        ModelTooBig: it is over the limit.
        NotAModel: it is no XML, brings a document type, or is no BPMN.
    """
    if len(xml) > MAX_BYTES:
        raise ModelTooBig(limit=MAX_BYTES // 1024 // 1024)
    if not xml.strip():
        raise NotAModel(reason="it is empty")
    reader = _Reader()
    try:
        reader.parser.Parse(xml, True)  # noqa: FBT003  (expat's own signature)
    except expat.ExpatError as error:
        reason = f"it is no well-formed XML, see line {error.lineno}"
        raise NotAModel(reason=reason) from None
    # An encoding that Python does not know, or does not know as a text encoding.
    except (LookupError, ValueError):
        raise NotAModel(reason="its encoding is unknown") from None


class Upload(Protocol):
    """An uploaded file, as the web hands it over."""

    @property
    def size(self) -> int | None: ...  # noqa: D102
    def read(self) -> bytes: ...  # noqa: D102


def content_of(upload: Upload) -> bytes:
    """Return the bytes of an upload; one that is over the limit is not read at all.

    Raises:
        ModelTooBig: it is.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ModelTooBig(limit=MAX_BYTES // 1024 // 1024)
    return upload.read()


def connectors_of(xml: bytes) -> frozenset[str]:
    """Return the connectors a checked model calls, each with its contract version (`http:1`)."""
    found: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{ZEEBE}{_SEPARATOR}taskDefinition" and attributes.get("type"):
            found.add(attributes["type"])

    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartElementHandler = start
    parser.Parse(xml, True)  # noqa: FBT003  (expat's own signature)
    return frozenset(found)


def text_of(xml: bytes) -> str:
    """Return the model as text, read in the encoding that the file declares."""
    for mark, encoding in _MARKS:
        if xml.startswith(mark):
            return xml.decode(encoding)
    declared = _DECLARED.match(xml[:200].decode("ascii", errors="replace"))
    return xml.decode(declared.group(1) if declared else "utf-8", errors="replace")


def bytes_of(text: str) -> bytes:
    """Return the bytes of a model that came as text, which are UTF-8.

    Raises:
        NotAModel: its first line declares another encoding, so the bytes would contradict it.
    """
    declared = _DECLARED.match(text[:200])
    if declared and declared.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise NotAModel(reason=f"it declares the encoding {declared.group(1)} and came as UTF-8")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotAModel(reason="it holds half a character") from None


def file_name(key: str, label: str) -> str:
    """Return a name that is safe on every system; `label` tells which state it is."""
    return f"{key}-{label}.bpmn"


def proposed_name(upload: str) -> str:
    """Return the words of an uploaded file's name: what its process might be called."""
    stem = PurePath(upload.replace("\\", "/")).name.rsplit(".", 1)[0]
    return " ".join(re.split(r"[\s._-]+", stem)).strip().capitalize()


def blank(key: str, name: str) -> bytes:
    """Return a model that holds a start event and nothing else."""
    return _BLANK.format(key=key, name=_escaped(name)).encode()


class _Reader:
    """Expat with our refusals: it stops at the first thing that may not be there."""

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def doctype(self, *_declaration: object) -> None:
        raise NotAModel(reason="it brings a DOCTYPE, which no model needs")

    def start(self, name: str, _attributes: object) -> None:
        if self.depth == 0 and name != f"{BPMN}{_SEPARATOR}definitions":
            raise NotAModel(reason="its root is not the definitions of BPMN 2.0")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise NotAModel(reason=f"it is nested deeper than {_MAX_DEPTH} elements")

    def end(self, _name: str) -> None:
        self.depth -= 1


def _escaped(text: str) -> str:
    for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, safe)
    return text


_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1" \
id="Definitions_1" targetNamespace="urn:interlock:processes">
  <bpmn:process id="Process_{key}" name="{name}" isExecutable="true">
    <bpmn:startEvent id="StartEvent_1" name="Started" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_1">
    <bpmndi:BPMNPlane id="Plane_1" bpmnElement="Process_{key}">
      <bpmndi:BPMNShape id="StartEvent_1_di" bpmnElement="StartEvent_1">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="180" y="203" width="38" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
