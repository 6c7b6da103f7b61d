"""XML enters by one door: bounded, plain, and without reaching anything outside."""

from __future__ import annotations

import time

import pytest

from engine import xml
from engine.xml import UnreadableModel


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableModel) as raised:
        xml.load(data)
    return str(raised.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{}", "not well-formed XML"),
        (b"<a><b></a>", "line 1"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b"<?xml version='1.0'?><!-- x --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DOCTYPE"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "DOCTYPE"),
        (b"\xef\xbb\xbf<!doctype a><a/>", "DOCTYPE"),
        (b"<a>&unknown;</a>", "not well-formed"),
        (b"<a>&#0;</a>", "not well-formed"),
        (b"<a><?run this?></a>", "processing instruction"),
        (b"<?run this?><a/>", "processing instruction"),
        (b"<a/><?run this?>", "processing instruction"),
        (b"<?xml version='1.0' encoding='UTF-8'?><a>\xe9</a>", "encoding is UTF-8"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "utf-7"),
        (b"<?xml version='1.0' encoding='rot13'?><a/>", "rot13"),
        (b"<a>" * 5_000, "nested"),
        (b"<a>" * 240 + b"</a>" * 240, "nested"),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", "elements"),
        (b"<a b='" + b"x" * (5 * 1024 * 1024) + b"'/>", "size"),
    ],
    ids=range(20),
)
def test_what_is_not_plain_xml_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    began = time.process_time()
    assert reason in refusal(data)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_the_encodings_editors_write_are_read(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?><a b="Prüfung"/>'
    assert xml.load(text.encode(encoding)).get("b") == "Prüfung"


def test_a_document_type_in_a_text_is_only_text() -> None:
    assert xml.load(b"<a><![CDATA[<!DOCTYPE a>]]></a>").text == "<!DOCTYPE a>"


def test_depth_up_to_the_limit_is_read() -> None:
    assert xml.load(b"<a>" * 200 + b"</a>" * 200).tag == "a"
