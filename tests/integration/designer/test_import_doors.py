"""Files of every kind at every door for models: kept byte for byte, or refused in words."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from designer.models.drafts import Draft
from governance.models.processes import Process
from tests.integration.designer.conftest import Desk

pytestmark = pytest.mark.django_db

TEXT = (
    '<?xml version="1.0"{encoding}?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' targetNamespace="urn:t"><process id="p" name="Größe" isExecutable="true"/></definitions>'
)
ENTRY = {
    "name": "Imported",
    "key": "imported",
    "board": "cab",
    "risk_class": "LOW",
    "data_class": "INTERNAL",
    "practice": "OTHER",
}
BOUNDARY = "a-boundary-of-our-own"
_IS = "Content-Disposition: form-data;"


def model(encoding: str = "") -> str:
    return TEXT.format(encoding=f' encoding="{encoding}"' if encoding else "")


def zipped(content: bytes, name: str = "model.bpmn") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


GOOD = {
    "utf-8": model().encode(),
    "utf-8 with its mark": model("UTF-8").encode("utf-8-sig"),
    "utf-16, little end first": b"\xff\xfe" + model("UTF-16").encode("utf-16-le"),
    "utf-16, big end first": b"\xfe\xff" + model("UTF-16").encode("utf-16-be"),
    "latin 1": model("ISO-8859-1").encode("latin-1"),
}
BAD = {
    "a packed model": gzip.compress(model().encode()),
    "100 MB in 100 kB": gzip.compress(b"<a>" + b" " * 100_000_000),
    "an archive": zipped(model().encode()),
    "an archive that leads out": zipped(model().encode(), "../../../tmp/x.bpmn"),
    "utf-8 that says it is utf-16": model("UTF-16").encode(),
    "latin 1 that says it is utf-8": model("UTF-8").encode("latin-1"),
    "two marks": b"\xff\xfe\xfe\xff" + model("UTF-16").encode("utf-16-le"),
    "half a letter": b"\xff\xfe" + model("UTF-16").encode("utf-16-le")[:-1],
    "utf-32": model("UTF-32").encode("utf-32"),
    "utf-7": model("UTF-7").encode("utf-7"),
    "ebcdic": model("IBM037").encode("cp037"),
    "no encoding of the world": model("x-klingon").encode(),
    "nothing but a mark": b"\xef\xbb\xbf",
    "NUL in the middle": model().replace("Größe", "a\x00b").encode(),
    "entities a billion times": b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "noise": bytes(range(256)) * 40,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(128)),
    "a document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "a runbook without steps": b"# Restart it\n\nJust do it.",
    "a runbook that leads nowhere": b"1. Look\n2. Go to step 7\n",
    "a table cut short": b'step,activity\n1,"Restart',
    "a table of something else": b"step,owner\n1,me\n",
    "a runbook with a bell in it": b"1. Ring\x07",
}
NAMES = [
    "../../x.bpmn",
    "..\\..\\x.bpmn",
    "/etc/passwd",
    "C:\\Windows\\x.bpmn",
    "\u202enpb.x",
    "x\u200b.bpmn",
    "x\x00.bpmn",
    'x"; filename="y.bpmn',
    "x\r\nX-Own: 1\r\n.bpmn",
    "<script>alert(1)</script>.bpmn",
    "x" * 5_000,
    ".",
    " ",
]

Door = Callable[[Client, Desk, bytes, str], tuple[int, str]]


def _send(
    client: Client, path: str, file: bytes, name: str, entry: dict[str, str]
) -> tuple[int, str]:
    """Send a form as no browser would, with the file's name as it is."""
    parts = [
        f'--{BOUNDARY}\r\n{_IS} name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in entry.items()
    ]
    head = f'--{BOUNDARY}\r\n{_IS} name="file"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: application/xml\r\n\r\n", file, b"\r\n"]
    answer = client.post(
        path,
        b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()]),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    return answer.status_code, answer.content.decode()


def by_page(client: Client, desk: Desk, file: bytes, name: str) -> tuple[int, str]:
    entry = {**ENTRY, "owner": str(desk.ana.person_id)}
    return _send(client, "/processes/import", file, name, entry)


def into_a_process(client: Client, desk: Desk, file: bytes, name: str) -> tuple[int, str]:
    return _send(client, f"/processes/{desk.process.key}/import", file, name, {})


def by_api(client: Client, desk: Desk, file: bytes, name: str) -> tuple[int, str]:
    return _send(client, "/api/v1/processes/import", file, name, ENTRY)


DOORS = [by_page, into_a_process, by_api]


@pytest.fixture
def ana(desk: Desk) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(
        desk.office.people["Ana Ruiz"].accounts.get(),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("file", GOOD.values(), ids=GOOD)
def test_a_model_in_an_encoding_of_xml_is_kept_byte_for_byte(
    desk: Desk, ana: Client, door: Door, file: bytes
) -> None:
    status, told = door(ana, desk, file, "x.bpmn")

    assert status in (201, 302), told
    draft = Draft.objects.get()
    assert bytes(draft.xml) == file
    assert ana.get(f"/api/v1/drafts/{draft.pk}/model").content == file
    assert "Größe" in ana.get(f"/api/v1/drafts/{draft.pk}").json()["xml"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("file", BAD.values(), ids=BAD)
def test_what_is_no_model_is_refused_in_words_and_leaves_nothing(
    desk: Desk, ana: Client, door: Door, file: bytes
) -> None:
    status, told = door(ana, desk, file, "x.bpmn")

    assert status == 422, told
    assert any(
        subject in told
        for subject in (
            "The file",
            "The encoding",
            "The model",
            "ine ",
            "The first line",
            "The table",
        )
    )
    assert "Traceback" not in told
    assert not Draft.objects.exists()
    assert not Process.objects.filter(key="imported").exists()


@pytest.mark.parametrize("door", DOORS)
def test_a_file_of_20_mb_is_not_read_at_all(desk: Desk, ana: Client, door: Door) -> None:
    status, told = door(ana, desk, b"1. x\n" * 4_000_000, "x.md")

    assert status in (413, 422), told
    assert "larger than 5 MB" in told
    assert not Draft.objects.exists()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "runbook",
    [b"# Restart\n1. Stop it\n2. Wait 5 min\n3. Start it [Ops]", b"step,activity\n1,Stop it\n"],
    ids=["markdown", "table"],
)
def test_a_runbook_becomes_a_drawn_draft_that_tells_what_was_assumed(
    desk: Desk, ana: Client, door: Door, runbook: bytes
) -> None:
    status, told = door(ana, desk, runbook, "x.txt")

    assert status in (201, 302), told
    draft = Draft.objects.get()
    assert b"BPMNShape" in bytes(draft.xml)
    assert [one["sentence"] for one in draft.origin["assumed"]] == [
        "“Stop it” names nobody: the owners of the process are asked."
    ]
    page = ana.get(f"/drafts/{draft.pk}/edit").content.decode()
    assert "1 thing was assumed" in page
    assert "?element=stop_it" in page


def test_what_a_file_becomes_is_shown_and_nothing_is_kept(desk: Desk, ana: Client) -> None:
    before = Process.objects.count()
    status, told = _send(ana, "/processes/import/preview", b"1. Stop <it>\n2. Wait", "x.md", {})
    assert status == 200
    assert "Stop &lt;it&gt;" in told
    assert 'data-element="wait"' in told
    assert "does not say how long" in told
    status, told = _send(ana, "/processes/import/preview", b"no steps", "x.md", {})
    assert (status, "no list of steps" in told) == (422, True)
    assert ana.post("/processes/import/preview").status_code == 422
    assert (Process.objects.count(), Draft.objects.count()) == (before, 0)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:24])
def test_the_name_of_a_file_is_nothing_to_us(
    desk: Desk, ana: Client, door: Door, name: str
) -> None:
    status, told = door(ana, desk, GOOD["utf-8"], name)

    assert status in (201, 302, 400, 422), told
    for draft in Draft.objects.all():
        assert bytes(draft.xml) == GOOD["utf-8"]
        given = ana.get(f"/api/v1/drafts/{draft.pk}/model")["Content-Disposition"]
        assert given == f'attachment; filename="{draft.process.key}-draft-1.bpmn"'


@pytest.mark.parametrize("door", ["/processes/import", "/api/v1/processes/import"])
def test_a_packed_body_is_not_unpacked(desk: Desk, ana: Client, door: str) -> None:
    answer = ana.post(
        door,
        gzip.compress(b"x" * 10_000_000),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers={"Content-Encoding": "gzip"},
    )

    assert answer.status_code in (400, 422)
    assert not Process.objects.filter(key="imported").exists()
