"""The one door through which XML enters the product.

A model file is hostile until shown otherwise: it is bounded in size, depth and number of elements
while it is read, has no document type, no entities and no processing instructions, and nothing it
says makes the reader open a file or a connection.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from common.errors import Invalid
from common.phrases import Phrase

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 200
MAX_ELEMENTS: Final = 100_000

# The second name is what Python calls it; the first what a declaration may say.
_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UTF_16_WITHOUT_MARK: Final = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARATION: Final = re.compile(
    r"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_DECLARATION_WHOLE: Final = re.compile(r"\s*<\?xml\s[^>]{0,300}\?>")
_BEFORE_ROOT: Final = re.compile(r"(?:\s+|<!--(?s:.*?)-->|<\?(?s:.*?)\?>)")
#: What files may be written in, as Python calls it.
ENCODINGS: Final = frozenset(
    (*_ENCODINGS.values(), *(name for _, name in (*_BYTE_ORDER_MARKS, *_UTF_16_WITHOUT_MARK)))
)
_CHUNK: Final = 64 * 1024
_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


class UnreadableModel(Invalid):
    """The bytes are no model that is safe to read. The sentence says why, the remedy how."""

    code = "engine.model_unreadable"
    title = "{sentence} {remedy}"

    def __init__(self, sentence: str, remedy: str, **fields: Any) -> None:
        self.sentence = Phrase(sentence, **fields)
        self.remedy = Phrase(remedy, **fields)
        super().__init__(sentence=self.sentence, remedy=self.remedy)

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}"


def load(data: bytes) -> etree._Element:
    """Return the root element of an XML file.

    Raises:
        UnreadableModel: when the file is too large, no XML, or anything but plain elements.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableModel(
            "The file has a size of {size:,} bytes; at most {limit:,} are read.",
            "Split the model into several files, or remove embedded pictures.",
            size=len(data),
            limit=MAX_BYTES,
        )
    if not data.strip():
        raise UnreadableModel("The file is empty.", "Choose a file that holds a model.")
    text = decoded(data)
    _refuse_document_type(text)
    declaration = _DECLARATION_WHOLE.match(text)
    root = _parsed(text[declaration.end() :] if declaration else text)
    _refuse_instructions(root)
    return root


def decoded(data: bytes) -> str:
    """Return the text of a file, read in the encoding that it declares.

    Raises:
        UnreadableModel: when the encoding is not known, or is not the file's.
    """
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableModel(
            "The file says its encoding is {encoding}, but byte {place:,} does not fit.",
            "Save it again as UTF-8.",
            encoding=encoding.removesuffix("-sig").upper(),
            place=error.start + 1,
        ) from None


def _encoding(data: bytes) -> str:
    for mark, encoding in (*_BYTE_ORDER_MARKS, *_UTF_16_WITHOUT_MARK):
        if data.startswith(mark):
            return encoding
    declared = _DECLARATION.match(data[:400].decode("latin-1"))
    name = declared.group(1).lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise UnreadableModel(
            "The encoding {name} is not known.", "Save the file as UTF-8.", name=name
        )
    return _ENCODINGS[name]


def _refuse_document_type(text: str) -> None:
    position = 0
    while match := _BEFORE_ROOT.match(text, position):
        position = match.end()
    if text[position : position + 9].upper() == "<!DOCTYPE":
        raise UnreadableModel(
            "The file has a DOCTYPE, which could make a reader open other files or connections.",
            "Remove the DOCTYPE and its entities; a model needs neither.",
        )


def _parsed(text: str) -> etree._Element:
    """Parse in pieces, so that a file is given up soon after it passes a limit."""
    parser = etree.XMLPullParser(
        events=("start",),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    # Lone surrogates cannot come out of a decoder, so this cannot fail.
    data = text.encode("utf-8")
    elements = 0
    try:
        for begin in range(0, len(data), _CHUNK):
            parser.feed(data[begin : begin + _CHUNK])
            elements += sum(1 for _ in parser.read_events())
            _check_number(elements)
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax_error(error) from None
    _check_number(elements + sum(1 for _ in parser.read_events()))
    if _TOO_DEEP(root):
        raise _too_deep()
    return root


def _check_number(elements: int) -> None:
    if elements > MAX_ELEMENTS:
        raise UnreadableModel(
            "The file has more than {limit:,} elements.", "Split the model.", limit=MAX_ELEMENTS
        )


def _too_deep() -> UnreadableModel:
    return UnreadableModel(
        "The elements are nested more than {limit} deep.",
        "Move what lies innermost into an element of its own.",
        limit=MAX_DEPTH,
    )


def _syntax_error(error: etree.XMLSyntaxError) -> UnreadableModel:
    # libxml2 has a limit of its own, a little above ours, and stops there while it reads.
    if "xcessive depth" in str(error.msg):
        return _too_deep()
    line, column = error.position
    reason = str(error.msg).split(", line ")[0].rstrip(".")
    return UnreadableModel(
        "The file is not well-formed XML: {reason} (line {line}, column {column}).",
        "Export it again from the editor it was drawn in.",
        reason=reason,
        line=line,
        column=column,
    )


def _refuse_instructions(root: etree._Element) -> None:
    outside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    for node in (*root.iter(etree.ProcessingInstruction, etree.Entity), *outside):
        if isinstance(node, etree._ProcessingInstruction):
            raise UnreadableModel(
                "The file has a processing instruction on line {line}.",
                "Remove it; a model needs none.",
                line=node.sourceline,
            )
        raise UnreadableModel("The file refers to an entity.", "Write the character itself.")
