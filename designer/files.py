"""Pure: files of models. Which are taken, how their text is read, and what a blank one is.

A file is kept as it came, byte for byte, unless it was made for Camunda 7. What is judged here is
only whether it can be read safely, through the one door there is for XML. Whether it could run is
for `engine.bpmn.validation` to say: a draft may be wrong in every other way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from designer.errors import BadFileName, ModelTooBig, WrongEncoding
from engine import decisions, xml
from engine.bpmn import connectors, interchange, merging, parser
from engine.bpmn.camunda7 import conversion
from engine.bpmn.interchange import keeping
from engine.companions import FORMS
from engine.decisions.elements import Decision
from engine.forms import Form
from engine.forms.formbook import text_of as form_text

MAX_BYTES = xml.MAX_BYTES
_LONGEST_NAME = 100
_COMPANION = re.compile(
    rf"[A-Za-z0-9](?=.{{0,{_LONGEST_NAME - 1}}}\Z)[A-Za-z0-9._-]*(?P<ending>\.dmn|\.form)"
)
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def check(file: bytes) -> None:
    """Let a model file pass, or say what is wrong with it.

    Raises:
        ModelTooBig: it is over the limit.
        UnreadableModel: it is no XML, brings a document type, or is no BPMN.
    """
    if len(file) > MAX_BYTES:
        raise ModelTooBig(limit=MAX_BYTES // 1024 // 1024)
    parser.read(file)


def imported(file: bytes) -> bytes:
    """Return what is kept of an uploaded model: the file byte for byte.

    Only a model of Camunda 7 is rewritten in the terms that run here; what has no counterpart
    stays in it and is told with the draft's other problems.

    Raises:
        ModelTooBig, UnreadableModel: see `check`.
    """
    check(file)
    kept = conversion.converted(file)
    check(kept)
    return kept


def check_companion(name: str, file: bytes) -> None:
    """Let a file that travels with a model pass, or say what is wrong with it or its name.

    A form may lack things and a decision may not run yet: that is told with the draft's problems.

    Raises:
        BadFileName: it is no name of a decision file or a form.
        ModelTooBig: it is over the limit.
        UnreadableModel: it is no XML, brings a document type, or is no DMN.
        FormUnreadable: it is no form-js JSON.
    """
    named = _COMPANION.fullmatch(name)
    if named is None:
        raise BadFileName(name=name[:100], limit=_LONGEST_NAME)
    if len(file) > MAX_BYTES:
        raise ModelTooBig(limit=MAX_BYTES // 1024 // 1024)
    if named["ending"] == FORMS:
        Form.judged(form_text(file))
    else:
        decisions.read(file)


def check_new_name(name: str, to: str) -> None:
    """Let another name for a file pass.

    Raises:
        BadFileName: it is none, or one of another kind of file.
    """
    named = _COMPANION.fullmatch(to)
    if named is None or not name.endswith(named["ending"]):
        raise BadFileName(name=to[:100], limit=_LONGEST_NAME)


def of_kind(name: str, ending: str) -> str:
    """Return the name of a file of one kind.

    Raises:
        BadFileName: it ends otherwise.
    """
    if not name.endswith(ending):
        raise BadFileName(name=name[:100], limit=_LONGEST_NAME)
    return name


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds that tasks ask for by its id, and what people call it."""

    id: str
    name: str


def held_by(name: str, file: bytes) -> tuple[Held, ...]:
    """Return the decisions, or the form, of a checked file."""
    if name.endswith(FORMS):
        form, _ = Form.judged(form_text(file))
        return (Held(form.id, name.removesuffix(FORMS)),)
    nodes = decisions.read(file).elements.values()
    return tuple(Held(node.id, node.name) for node in nodes if isinstance(node, Decision))


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


def connectors_of(file: bytes) -> frozenset[str]:
    """Return the connectors a checked model calls, each with its contract version (`http:1`)."""
    processes = parser.read(file).processes
    return frozenset(name for process in processes for name in connectors.of(process))


def text_of(file: bytes) -> str:
    """Return the model as the text that the editor opens; see `engine.bpmn.interchange`."""
    return xml.decoded(interchange.opened(file))


def kept(before: bytes, after: bytes) -> keeping.Kept:
    """Return what is kept of what the editor drew, begun from the file before it.

    Raises:
        ModelTooBig, UnreadableModel: see `check`.
    """
    check(after)
    return keeping.kept(interchange.opened(before), after)


def merged(
    base: bytes, mine: bytes, theirs: bytes, choices: Mapping[str, merging.Choice]
) -> merging.Merged:
    """Make one file of two that were edited from one, each as the editor takes it."""
    one, other, another = (interchange.opened(file) for file in (base, mine, theirs))
    return merging.merge(one, other, another, choices)


def bytes_of(text: str) -> bytes:
    """Return the bytes of a model that came as text, which are UTF-8.

    Raises:
        WrongEncoding: its first line declares another encoding, so the bytes would contradict it.
    """
    declared = _DECLARED.match(text[:200])
    if declared and declared.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise WrongEncoding(encoding=declared.group(1))
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise WrongEncoding(encoding="UTF-16") from None


def file_name(key: str, label: str) -> str:
    """Return a name that is safe on every system; `label` tells which state it is."""
    return f"{key}-{label}.bpmn"


def blank(key: str, name: str) -> bytes:
    """Return a model that holds a start event and nothing else."""
    return _BLANK.format(key=key, name=_escaped(name)).encode()


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
          <dc:Bounds x="153" y="203" width="90" height="20" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
