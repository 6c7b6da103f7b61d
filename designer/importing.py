"""What an uploaded file becomes: the model of a draft, and what was assumed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from common.phrases import Phrase
from designer import files
from designer.errors import ModelTooBig
from engine import bridge, xml
from engine.bpmn import interchange, parser
from engine.bpmn.layout import has_drawing
from engine.bpmn.runbooks import Runbook, UnreadableRunbook, bpmn_python, markdown, table, writing

Format = Literal["bpmn", "markdown", "table", "bpmn-python"]
_TO_PRINT: Final = ("\t", "\n", "\r")


@dataclass(frozen=True, slots=True)
class Assumed:
    """One thing that the file does not say: its element in the draft, and its line (0: none)."""

    element: str
    sentence: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as a draft: the model that is kept, what the file calls it, what was assumed."""

    format: Format
    model: bytes
    name: str = ""
    assumed: tuple[Assumed, ...] = ()

    @property
    def origin(self) -> dict[str, Any]:
        """Return where the draft comes from, as it is kept with it; nothing where it says all."""
        if self.format == "bpmn" and not self.assumed:
            return {}
        told = [
            {"element": one.element, "sentence": str(one.sentence), "line": one.line}
            for one in self.assumed
        ]
        return {"format": self.format, "assumed": told}


def imported(file: bytes, key: str) -> Imported:
    """Return what a file becomes; its kind is known by its content, never by its name.

    Raises:
        ModelTooBig: it is over the limit.
        UnreadableModel, UnreadableRunbook: it is nothing that can be read; the sentence says where.
        BridgeMissing, BridgeFailed: it is made for bpmn-python, and that cannot read it.
    """
    if len(file) > files.MAX_BYTES:
        raise ModelTooBig(limit=files.MAX_BYTES // 1024 // 1024)
    if _is_xml(file):
        return _of_model(file)
    text = _text(file)
    kind = _kind(text)
    runbook = _READERS[kind](text)
    assumed = tuple(Assumed(one.element, one.sentence, one.line) for one in runbook.assumptions)
    return Imported(kind, writing.model_of(runbook, key), runbook.name, assumed)


def _is_xml(file: bytes) -> bool:
    start = file[:200].lstrip(b"\xff\xfe\xef\xbb\xbf").replace(b"\0", b"").lstrip()
    return not start or start.startswith(b"<")


def _text(file: bytes) -> str:
    """Return a file as text, which is UTF-8 or UTF-16 with its mark."""
    encoding = "utf-16" if file[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = file.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableRunbook(
            "The file is neither a model nor a text in UTF-8: byte {place:,} does not fit.",
            "Choose a .bpmn file, or save the runbook as UTF-8 text.",
            place=error.start + 1,
        ) from None
    for place, char in enumerate(text):
        if not char.isprintable() and char < " " and char not in _TO_PRINT:
            raise UnreadableRunbook(
                "The file is no text: character {place:,} is a control character.",
                "Choose a .bpmn file, or a runbook as plain text.",
                place=place + 1,
            )
    return text


def _kind(text: str) -> Format:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    if bpmn_python.is_heading(heading):
        return "bpmn-python"
    return "table" if table.is_heading(heading) else "markdown"


def _through_bridge(text: str) -> Runbook:
    return bpmn_python.read(text, bridge.ask("runbook", text))


_READERS: Final[Mapping[Format, Callable[[str], Runbook]]] = {
    "markdown": markdown.read,
    "table": table.read,
    "bpmn-python": _through_bridge,
}


def _of_model(file: bytes) -> Imported:
    kept = files.imported(file)
    root = parser.read(kept).root
    process = None if root is None else root.find("{*}process")
    name = "" if process is None else (process.get("name") or "")
    assumed = tuple(Assumed("", sentence) for sentence in _findings(file, kept))
    return Imported("bpmn", kept, name[:120], assumed)


def _findings(file: bytes, kept: bytes) -> Iterator[str]:
    """Yield what becomes of a model that is not simply taken as it is."""
    root = xml.load(kept)
    if kept != file:
        yield Phrase(
            "It was made for Camunda 7: what has a counterpart here was converted, the rest is "
            "kept and told as a problem."
        )
    if not has_drawing(root):
        yield Phrase("It has no drawing: the editor opens it with one, which the first save keeps.")
    diagrams = len(root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"))
    if diagrams > 1:
        yield Phrase(
            "It has {count} diagrams: the editor shows the first, the others are kept.",
            count=diagrams,
        )
    if interchange.opened(kept) != kept:
        yield Phrase(
            "Prefixes or ids in it stand in the editor's way: the first edit writes them otherwise."
        )
    comments = files.text_of(kept).count("<!--")
    if comments:
        yield Phrase(
            "Its comment between the elements goes with the first edit.",
            "Its {count} comments between the elements go with the first edit.",
            count=comments,
        )
