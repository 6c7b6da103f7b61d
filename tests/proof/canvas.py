"""How long a model of 1,000 flow nodes takes to open and to pan, here and in bpmn-js alone.

Both in one browser, taking turns: the editor on an installation of its own, with its panel, its
problems and all that belongs to it; and the plain Modeler of the same version on a bare page.
Opening is counted until the model is drawn, the page says that it can be used, and two frames
were painted: from the beginning of the navigation, which here goes through sign-in, rights and the
database, and from the moment the model's text has come. Panning is driven by the wheel, a turn
of it a frame.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from config.setup import browser as browsers
from tests.journeys.conftest import FLAGS
from tests.journeys.installation import ROOT, Installation, provide_bundle
from tests.journeys.pictures import signed_in
from tests.journeys.round_trips import imported
from tests.support.drawings import FRAME
from tests.support.proof import write

BLOCKS: Final = 200
TIMES: Final = 9
MOST: Final = 1.3
_VENDOR: Final = ROOT / "frontend" / "node_modules" / "bpmn-js"
_PER_ROW: Final = 10
_PATIENCE_MS: Final = 180_000
#: When the page can be used and has been painted, in milliseconds since the navigation began, and
#: when the model had come from the server.
_OPENED: Final = r"""async () => {
  while (document.documentElement.dataset.ready !== "1") await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done, 0));
  const opened = performance.now();
  const isModel = ({ name }) => /\/model\.bpmn$|\/api\/v1\/drafts\/.*later$/.test(name);
  return [opened, performance.getEntriesByType("resource").find(isModel).responseEnd];
}"""
_FRAMES: Final = 60
#: Panned to and fro by the wheel, one turn of it a frame.
_PAN: Final = f"""async () => {{
  const host = document.querySelector(".djs-container");
  const began = performance.now();
  for (let at = 0; at < {_FRAMES}; at += 1) {{
    const deltaX = at < {_FRAMES} / 2 ? 24 : -24;
    host.dispatchEvent(new WheelEvent("wheel", {{ deltaX, bubbles: true, cancelable: true }}));
    await new Promise(requestAnimationFrame);
  }}
  return (performance.now() - began) / {_FRAMES};
}}"""
#: What part of the drawing is in sight, and how large.
_SIGHT: Final = """() => {
  const { width, height } = document.querySelector(".djs-container").getBoundingClientRect();
  const { a, e, f } = document.querySelector(".viewport").transform.baseVal.consolidate().matrix;
  return { width, height, x: -e / a, y: -f / a, scale: a };
}"""
_PLAIN: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bpmn-js alone</title>
<link rel="stylesheet" href="/dist/assets/diagram-js.css">
<link rel="stylesheet" href="/dist/assets/bpmn-js.css">
<link rel="stylesheet" href="/dist/assets/bpmn-font/css/bpmn.css">
<style>body { margin: 0 }</style><div id="canvas"></div>
<script src="/dist/bpmn-modeler.production.min.js"></script><script type="module">
const { width, height, x, y, scale } = SIGHT;
const container = document.getElementById("canvas");
container.style.cssText = `width: ${width}px; height: ${height}px`;
const modeler = new BpmnJS({ container });
await modeler.importXML(await (await fetch("/model.bpmn")).text());
modeler.get("canvas").viewbox({ x, y, width: width / scale, height: height / scale });
document.documentElement.dataset.ready = "1";
</script></html>"""


def main() -> None:
    """Open and pan the model here and there by turns, and write the figures."""
    provide_bundle()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        here = Installation(home / "data")
        (home / "data").mkdir(mode=0o755)
        try:
            here.start()
            rounds = measured(here, home)
        finally:
            here.stop()
    figures = told(rounds)
    sys.stdout.write(f"{write('canvas', figures)}: {json.dumps(figures, indent=2)}\n")


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds until usable, from the navigation and from the model's arrival; of a frame
    panned, and for how long the page's thread was busy with it.
    """

    opened: float
    drawn: float
    panned: float
    busy: float


Rounds = dict[str, list[Round]]


def measured(here: Installation, home: Path) -> Rounds:
    """Return what was measured here and in bpmn-js alone, the first visit of each left out."""
    model = home / f"blocks-{BLOCKS}.bpmn"
    model.write_bytes(a_model(BLOCKS))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browsers.on_path(), args=FLAGS)
        ours = signed_in(chromium, here, "Ana Ruiz").new_page()
        ours.set_default_timeout(_PATIENCE_MS)
        ours.set_viewport_size({"width": 1440, "height": 900})
        imported(ours, model)
        sight = ours.evaluate(_SIGHT)
        plain = chromium.new_page(viewport={"width": 1440, "height": 900})
        with served(model, sight) as address:
            pages = {"here": (ours, ours.url), "alone": (plain, address)}
            found: Rounds = {name: [] for name in pages}
            for _ in range(TIMES + 1):
                for name, (page, url) in pages.items():
                    found[name].append(opened_and_panned(page, url))
        chromium.close()
    return {name: rounds[1:] for name, rounds in found.items()}


def opened_and_panned(page: Page, url: str) -> Round:
    """Open a page, wait until it can be used, and pan."""
    page.goto(url, wait_until="domcontentloaded")
    opened, arrived = page.evaluate(_OPENED)
    # What is asked for once it can be used must not slow the other page, nor the panning.
    page.wait_for_load_state("networkidle")
    return Round(opened, opened - arrived, *panned(page))


def panned(page: Page) -> tuple[float, float]:
    """Pan, and return how long a frame took, and how much of it the page's thread was busy.

    No frame is shorter than the screen makes it, so the second tells more where both keep up.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> float:
        told = session.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in told if one["name"] == "TaskDuration")

    before = busy()
    frame = page.evaluate(_PAN)
    spent = busy() - before
    session.detach()
    return frame, 1_000 * spent / _FRAMES


@contextmanager
def served(model: Path, sight: dict[str, float]) -> Iterator[str]:
    """Serve a bare page with the vendor's own bundle, which shows the same part of the model."""
    page = _PLAIN.replace("SIGHT", json.dumps(sight)).encode()

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            given = {"/": ("text/html", page), "/model.bpmn": ("text/xml", model.read_bytes())}
            if self.path not in given:
                super().do_GET()
                return
            kind, body = given[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(_VENDOR)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def told(rounds: Rounds) -> dict[str, Any]:
    """Return medians, spreads and ratios."""
    medians = {
        name: {what: median(getattr(one, what) for one in each) for what in Round.__slots__}
        for name, each in rounds.items()
    }
    ratios = {what: medians["here"][what] / medians["alone"][what] for what in Round.__slots__}
    return {
        "what": "ms until usable, from the navigation (opened) and from the model's arrival"
        " (drawn); ms a frame of panning (panned), and the page's thread busy with it (busy)",
        "flow_nodes": BLOCKS * len(_BLOCK) + 2,
        "rounds": TIMES,
        "bpmn_js": json.loads((_VENDOR / "package.json").read_text())["version"],
        "medians": {name: _rounded(each) for name, each in medians.items()},
        "ratios": _rounded(ratios),
        "at_most": MOST,
        "reached": {what: ratio <= MOST for what, ratio in ratios.items()},
        "all": {name: [_rounded(asdict(one)) for one in each] for name, each in rounds.items()},
    }


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(figure, 2) for name, figure in figures.items()}


#: One block: what each node is, and where it stands in it.
_BLOCK: Final = (
    ("exclusiveGateway", "Which way?", 0, 40, 50),
    ("userTask", "Look at it", 90, 0, 80),
    ("userTask", "Ask for it", 90, 100, 80),
    ("exclusiveGateway", "", 250, 40, 50),
    ("userTask", "Write it down", 340, 40, 80),
)
_FLOWS: Final = ((0, 1), (0, 2), (1, 3), (2, 3), (3, 4))


def a_model(blocks: int) -> bytes:
    """Return a sound process of so many blocks one after another, ten to a row."""
    nodes = [_Node("start", "startEvent", "Asked", 60, 70, 36)]
    flows: list[tuple[str, str, str]] = []
    for at in range(blocks):
        block = [_placed(at, part) for part in range(len(_BLOCK))]
        inner = [(block[one].id, block[other].id) for one, other in _FLOWS]
        found = [(nodes[-1].id, block[0].id), *inner]
        flows += [(f"f{at}_{number}", *ends) for number, ends in enumerate(found)]
        nodes += block
    nodes.append(_Node("end", "endEvent", "Done", nodes[-1].x + 160, nodes[-1].y, 36))
    flows.append(("last", nodes[-2].id, "end"))
    return _drawn(nodes, flows)


@dataclass(frozen=True, slots=True)
class _Node:
    id: str
    kind: str
    name: str
    x: int
    y: int
    height: int

    @property
    def width(self) -> int:
        return 100 if self.kind == "userTask" else self.height

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    def written(self) -> str:
        """Return the element; a task says who does it, a choice what else is taken."""
        otherwise = f' default="f{self.id[1:-2]}_2"' if self.name == "Which way?" else ""
        start = f'<{self.kind} id="{self.id}" name="{self.name}"{otherwise}'
        if self.kind != "userTask":
            return f"{start}/>"
        return (
            f"{start}><extensionElements><zeebe:assignmentDefinition "
            f'candidateGroups="service-desk"/></extensionElements></{self.kind}>'
        )

    def shape(self) -> str:
        """Return where it is drawn."""
        return (
            f'<bpmndi:BPMNShape id="{self.id}_di" bpmnElement="{self.id}"><dc:Bounds x="{self.x}" '
            f'y="{self.y}" width="{self.width}" height="{self.height}"/></bpmndi:BPMNShape>'
        )


def _placed(block: int, part: int) -> _Node:
    kind, name, x, y, height = _BLOCK[part]
    row, column = divmod(block, _PER_ROW)
    return _Node(f"n{block}_{part}", kind, name, 160 + column * 520 + x, row * 260 + y, height)


def _drawn(nodes: list[_Node], flows: list[tuple[str, str, str]]) -> bytes:
    known = {node.id: node for node in nodes}
    first = {f"f{at}_1" for at in range(BLOCKS)}
    body = "".join(node.written() for node in nodes) + "".join(
        f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"{_named(name)}>'
        f"{'<conditionExpression>= urgent</conditionExpression>' if name in first else ''}"
        "</sequenceFlow>"
        for name, source, target in flows
    )
    lines = "".join(_line(name, known[source], known[target]) for name, source, target in flows)
    shapes = "".join(node.shape() for node in nodes)
    plane = (
        '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="change">'
        f"{shapes}{lines}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    return FRAME.format(before="", body=body, after=plane).encode()


def _named(flow: str) -> str:
    return {"1": ' name="yes"', "2": ' name="no"'}.get(flow.rpartition("_")[2], "")


def _line(name: str, source: _Node, target: _Node) -> str:
    points = [(source.x + source.width, source.middle), (target.x, target.middle)]
    drawn = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">{drawn}</bpmndi:BPMNEdge>'


if __name__ == "__main__":
    main()
