"""A modeller's hands: what one does with mouse and keyboard in the editor."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

#: A model of one start event.
BEGINNING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="all" targetNamespace="urn:example">
  <bpmn:process id="beginning" isExecutable="true"><bpmn:startEvent id="asked"/></bpmn:process>
  <bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="beginning">
    <bpmndi:BPMNShape id="asked_di" bpmnElement="asked">
      <dc:Bounds x="100" y="100" width="36" height="36"/>
    </bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""

#: A line has no height, and so is invisible to what looks for boxes.
_MIDDLE = """shape => {
  const box = shape.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


class Editor:
    """The editor on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.get_by_role("complementary", name="Properties")
        self.problems = page.get_by_role("region", name="Problems")

    def element(self, element: str) -> Locator:
        """Return an element as it is drawn."""
        return self.page.locator(f'.djs-element[data-element-id="{element}"]')

    @property
    def selected(self) -> str:
        """Return the id of the selected element, as the address says."""
        expect(self.page).to_have_url(re.compile(r"[?&]element="))
        return parse_qs(urlsplit(self.page.url).query)["element"][0]

    def select(self, element: str) -> None:
        """Click an element. A click right after a drop is still the drop's: then click again."""
        there = re.compile(rf"element={element}\b")
        self.page.mouse.click(*self.middle(element))
        try:
            expect(self.page).to_have_url(there, timeout=1_500)
        except AssertionError:
            self.page.mouse.click(*self.middle(element))
            expect(self.page).to_have_url(there)

    def append_by_key(self, part: str) -> str:
        """Place a part after the selected one with the keyboard alone; return its id."""
        before = self.selected
        self.page.get_by_role("toolbar", name="Parts").get_by_role("button", name=part).focus()
        self.page.keyboard.press("Enter")
        expect(self.page).not_to_have_url(re.compile(rf"element={before}\b"))
        return self.selected

    def place_by_mouse(self, part: str, x: float, y: float) -> str:
        """Take a part from the palette and put it down somewhere; return its id."""
        before = self.page.url
        self.page.get_by_role("toolbar", name="Parts").get_by_role("button", name=part).click()
        self.page.mouse.move(x - 30, y - 30)
        self.page.mouse.move(x, y, steps=5)
        self.page.mouse.click(x, y)
        expect(self.page).not_to_have_url(before)
        return self.selected

    def connect(self, source: str, target: str) -> str:
        """Draw a flow from one element to another by mouse; return the flow's id."""
        self.select(source)
        before = self.page.url
        self.page.locator('.djs-context-pad .entry[data-action="connect"]').click()
        x, y = self.middle(target)
        self.page.mouse.move(x - 20, y - 20)
        self.page.mouse.move(x, y, steps=5)
        self.page.mouse.click(x, y)
        expect(self.page).not_to_have_url(before)
        return self.selected

    def middle(self, element: str) -> tuple[float, float]:
        """Return where the middle of an element is on the screen."""
        x, y = self.element(element).locator(".djs-visual").first.evaluate(_MIDDLE)
        return float(x), float(y)

    def append_by_mouse(self, element: str, entry: str) -> str:
        """Use the pad beside an element; return the id of what was appended."""
        self.select(element)
        self.page.locator(f'.djs-context-pad .entry[data-action="{entry}"]').click()
        expect(self.page).not_to_have_url(re.compile(rf"element={element}\b"))
        return self.selected

    def open_group(self, title: str) -> None:
        """Unfold a group of properties."""
        fold = self.panel.locator("details.fold").filter(
            has=self.page.locator("summary", has_text=re.compile(rf"^{title}"))
        )
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
            expect(fold).to_have_attribute("open", "")

    def fill(self, label: str, value: str) -> None:
        """Type into a property and leave it."""
        field = self.panel.get_by_label(label).first
        field.fill(value)
        expect(field).to_have_value(value)
        field.press("Tab")
        expect(self.panel.get_by_label(label).first).to_have_value(value)

    def name(self, element: str, name: str) -> None:
        """Give an element a name."""
        self.select(element)
        self.open_group("Basics")
        self.fill("Name", name)
        expect(self.panel.get_by_role("heading", name=name)).to_be_visible()

    def problem(self, name: str) -> Locator:
        """Return the first problem listed for an element, by the element's name."""
        return self.problems.get_by_role("button", name=re.compile(f"^{re.escape(name)} ")).first

    def add_form_field(self, label: str, *, only_shown: bool = False) -> None:
        """Add a field to the form of the selected element, to be filled in or to be read."""
        self.open_group("Form")
        self.panel.get_by_role("button", name="Add a field").click()
        field = self.panel.get_by_label("Label", exact=True).last
        field.fill(label)
        field.press("Tab")
        variable = self.panel.get_by_label("variable", exact=True).last
        variable.fill(label.lower().replace(" ", "_"))
        variable.press("Tab")
        if only_shown:
            self.panel.get_by_label("only shown", exact=True).last.check()

    def add_output(self, variable: str, value: str) -> None:
        """Keep something of what the selected element brings back."""
        self.open_group("Inputs and outputs")
        self.panel.get_by_role("button", name="Add an output").click()
        for label, text in (("Variable", variable), ("= value", value)):
            cell = self.panel.get_by_label(label, exact=True).last
            cell.fill(text)
            cell.press("Tab")

    def flow_between(self, source: str, target: str) -> str:
        """Return the id of the flow that leads from an element to another one at its right."""
        (left, _), (right, _) = self.middle(source), self.middle(target)
        for line in self.page.locator(".djs-connection").all():
            found = line.get_attribute("data-element-id") or ""
            if left < self.middle(found)[0] < right:
                return found
        raise AssertionError("no flow leads there")
