"""One change through the whole product: drawn, reviewed, published, run, decided, watched, proved.

The author and the starter are put on the board first, so that nothing but rule 1 (nobody decides
on their own work) keeps them from deciding.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.journeys.browsing import Watch, api, audit_page, go, ready
from tests.journeys.conftest import Visit
from tests.journeys.drawing import Editor
from tests.journeys.installation import Installation, until

AUTHOR, STARTER, APPROVER, OTHER_REVIEWER = (
    "Ana Ruiz",
    "Ben Carter",
    "Marek Novak",
    "Grace Okafor",
)
BOARD = "Change Advisory Board"
ADMIN, AUDITOR, ONLOOKER = "Helena Brandt", "Dana Keller", "Nora Haugen"
PROCESS, KEY = "Restart a service with approval", "restart-with-approval"
WHAT = "Restart search-index on node 3"
RUN = "Restart search-index"
REASON = "Off-peak, and the other nodes carry the load."
TICKETS = '=connection.itsm + "/api/tickets"'
#: A token must be seen elsewhere within this time.
SEEN_WITHIN_MS = 1_000
#: What the audit must tell of this way, by the words one would look for.
ACTS = {
    PROCESS: {
        "process.registered",
        "draft.created",
        "draft.saved",
        "review.opened",
        "review.vote_cast",
        "review.decided",
        "version.published",
        "deployment.created",
        "grant.given",
    },
    RUN: {"run.started"},
    REASON: {"gate.decided"},
}
REFUSED = {AUTHOR, STARTER}


@dataclass
class Drawing:
    """The ids of what was drawn."""

    gate: str
    decision: str
    open: str
    close: str


def test_a_change_goes_from_drawing_to_proof(
    visit: Visit, installation: Installation, watch: Watch
) -> None:
    put_on_the_board(visit(ADMIN), AUTHOR, STARTER)
    author = visit(AUTHOR)
    drawing = draw(author)
    review = submit(author)
    refused_vote(author, review, watch)
    approve(visit(APPROVER), review)
    approve(visit(OTHER_REVIEWER), review)
    publish(visit(OTHER_REVIEWER), review)
    grant_start(visit(ADMIN), STARTER)
    starter = visit(STARTER)
    run = start(starter)
    approver = visit(APPROVER)
    task = task_of(approver, run)
    refused_decision(starter, task, watch)
    refused_decision(author, task, watch)
    took = decide_while_watched(approver, visit(ONLOOKER), run, task, drawing)
    assert took <= SEEN_WITHIN_MS
    ticket_is_closed(visit(ONLOOKER), installation)
    audit_tells_all(visit(AUDITOR))
    proof_holds_and_names_what_was_changed(installation)


# --- before ---------------------------------------------------------------------------------


def put_on_the_board(admin: Page, *names: str) -> None:
    """Make people reviewers and members of the board."""
    for name in names:
        open_person(admin, name)
        admin.get_by_role("button", name="Give Reviewer").click()
        expect(admin.get_by_role("button", name="Take Reviewer")).to_be_visible()
        go(admin, "/governance/access/groups")
        admin.get_by_label("Person").first.select_option(label=name)
        admin.get_by_label("Board", exact=True).select_option(label=BOARD)
        admin.get_by_role("button", name="Put on the board").click()
        row = admin.get_by_role("row").filter(has_text=BOARD)
        expect(row).to_contain_text(name)


def grant_start(admin: Page, name: str) -> None:
    """Let somebody start runs of the process."""
    open_person(admin, name)
    admin.get_by_label("Process").select_option(label=PROCESS)
    admin.get_by_label("Right", exact=True).select_option("start_run")
    admin.get_by_role("button", name="Give the right").click()
    expect(admin.get_by_role("row").filter(has_text=PROCESS)).to_be_visible()


def open_person(admin: Page, name: str) -> None:
    """Open what a person holds."""
    go(admin, "/governance/access")
    admin.get_by_role("link", name=re.compile(name)).first.click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(name)


# --- design ---------------------------------------------------------------------------------


def draw(page: Page) -> Drawing:
    """Register the process, draw it by mouse and keyboard, and say what its parts do."""
    register(page)
    editor = Editor(page)
    start = page.locator(".djs-shape[data-element-id*=Start]").first
    editor.select(start.get_attribute("data-element-id") or "")
    begin = editor.selected
    gate = editor.append_by_key("Gate")
    decision = editor.append_by_key("Decide")
    opening = editor.append_by_key("Service")
    closing = editor.append_by_mouse(opening, "append.service-task")
    done = editor.append_by_key("End")
    x, y = editor.middle(decision)
    rejected = editor.place_by_mouse("End", x, y + 150)
    otherwise = editor.connect(decision, rejected)
    names = {
        begin: "Asked",
        gate: "Approve restart",
        decision: "Approved?",
        opening: "Open ticket",
        closing: "Close ticket",
        done: "Done",
        rejected: "Rejected",
    }
    for element, name in names.items():
        editor.name(element, name)
    see_and_mend(editor, Drawing(gate, decision, opening, closing), begin, otherwise)
    return Drawing(gate, decision, opening, closing)


def register(page: Page) -> None:
    """Enter the process into the register; its first draft opens."""
    go(page, "/processes/new")
    page.get_by_label("Name", exact=True).fill(PROCESS)
    page.get_by_label("Key").fill(KEY)
    page.get_by_label("Risk class").select_option(label="High")
    page.get_by_label("Review board").select_option(label=BOARD)
    page.get_by_role("button", name="Register and draw").click()
    expect(page).to_have_url(re.compile(r"/drafts/[^/]+/edit"))
    ready(page)


def see_and_mend(editor: Editor, drawing: Drawing, begin: str, otherwise: str) -> None:
    """Fill in what each part does, and see its problem go once the draft has saved itself."""
    problem = editor.problem
    expect(problem("Approve restart")).to_be_visible(timeout=15_000)
    expect(problem("Open ticket")).to_be_visible()
    editor.select(drawing.gate)
    editor.fill("Who may do it", "cab")
    editor.add_form_field("What changes", only_shown=True)
    expect(problem("Approve restart")).to_be_hidden(timeout=15_000)
    editor.select(begin)
    editor.add_form_field("What changes")
    call(editor, drawing.open, TICKETS, '={title: what_changes, kind: "change"}')
    editor.add_output("ticket_id", "=response.body.id")
    expect(problem("Open ticket")).to_be_hidden(timeout=15_000)
    body = '={resolution: "Restarted as approved."}'
    call(editor, drawing.close, f'{TICKETS} + "/" + ticket_id + "/close"', body)
    expect(problem("Approved?")).to_be_visible()
    editor.select(editor.flow_between(drawing.decision, drawing.open))
    editor.fill("Taken when", '= decision = "approve"')
    editor.select(otherwise)
    editor.panel.get_by_label("Otherwise").check()
    # The one thing left to say is of the registry, not of the drawing.
    expect(editor.problems.get_by_role("heading", name="Problems 1")).to_be_visible(timeout=20_000)
    expect(editor.problems).to_contain_text("no backup owner")
    expect(editor.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def call(editor: Editor, element: str, address: str, body: str) -> None:
    """Let a service task post something somewhere."""
    editor.select(element)
    editor.panel.get_by_label("Calls").select_option(label="HTTP request")
    editor.panel.get_by_label("Method").select_option("POST")
    editor.fill("Address", address)
    editor.fill("Body", body)


# --- review ---------------------------------------------------------------------------------


def submit(page: Page) -> str:
    """Ask for a review; return the review's address."""
    page.get_by_role("button", name="Request review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What changes, and why").fill("Restarts went unrecorded so far.")
    dialog.get_by_role("button", name="Request review").click()
    expect(page).to_have_url(re.compile(r"/reviews/[^/?]+$"), timeout=15_000)
    ready(page)
    return page.url


def refused_vote(author: Page, review: str, watch: Watch) -> None:
    """Try the author's own vote: the page says why it offers none, and both doors refuse it."""
    expect(author.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    expect(author.locator(".verdict-words")).to_contain_text("wrote")
    digest = author.locator("#verdict [name=digest]").input_value()
    path = review.partition("/reviews/")[2]
    vote = {"verdict": "approve", "comment": "Mine is fine.", "digest": digest}
    answer = api(author, "POST", f"/api/v1/reviews/{path}/votes", vote)
    assert (answer.status, _json(answer)["code"]) == (403, "governance.own_work")
    with watch.expecting("403"):
        forced = _post_form(author, f"/reviews/{path}/votes", verdict="APPROVE", digest=digest)
    assert forced == 403
    expect(author.locator(".note--fail")).to_contain_text("they wrote it")


def approve(reviewer: Page, review: str) -> None:
    """Vote for it, with a sentence."""
    go(reviewer, review)
    reviewer.locator("#verdict-comment").fill("Small, reversible, and recorded from now on.")
    reviewer.get_by_role("button", name=re.compile("^Approve version 1")).click()
    ready(reviewer)
    expect(reviewer.get_by_role("button", name=re.compile("^Approve version"))).to_have_count(0)


def publish(reviewer: Page, review: str) -> None:
    """Make it version 1."""
    go(reviewer, review)
    expect(reviewer.locator(".verdict-words")).to_contain_text("Approved, 2 of 2")
    reviewer.get_by_role("button", name="Publish version 1").click()
    expect(reviewer).to_have_url(re.compile(rf"/processes/{KEY}$"))
    expect(reviewer.get_by_role("cell", name="Version 1", exact=True)).to_be_visible()


# --- run ------------------------------------------------------------------------------------


def start(operator: Page) -> str:
    """Start a run; return its id."""
    go(operator, f"/runs/start/{KEY}")
    operator.get_by_label("Title").fill(RUN)
    operator.get_by_label("What changes").fill(WHAT)
    operator.get_by_role("button", name="Start run").click()
    expect(operator).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}$"))
    ready(operator)
    return operator.url.rpartition("/")[2]


def task_of(approver: Page, run: str) -> str:
    """Return the id of the gate's task, which waits in My work."""
    go(approver, "/work")
    row = approver.get_by_role("link", name=re.compile(RUN))
    expect(row).to_be_visible(timeout=15_000)
    row.click()
    expect(approver.locator(".facts").first).to_contain_text(WHAT)
    assert audit_page(approver) == []
    found = re.search(r"task=([0-9a-f-]{36})", approver.url)
    assert found is not None
    return found[1]


def refused_decision(person: Page, task: str, watch: Watch) -> None:
    """Try a decision on one's own work: the page offers none, and both doors refuse it."""
    go(person, f"/work?task={task}")
    expect(person.get_by_role("button", name="Approve")).to_have_count(0)
    expect(person.locator(".panel-foot")).to_contain_text("You cannot decide this")
    body = {"variables": {}, "decision": "approve", "reason": "Mine is fine."}
    answer = api(
        person,
        "POST",
        f"/api/v1/user-tasks/{task}/complete",
        body,
        Idempotency_Key=f"{task}-{time.time_ns()}",
    )
    assert (answer.status, _json(answer)["code"]) == (403, "governance.own_work")
    with watch.expecting("403"):
        assert _post_form(person, f"/work/{task}", decision="approve", reason="Mine") == 403


def decide_while_watched(
    approver: Page, watcher: Page, run: str, task: str, drawing: Drawing
) -> float:
    """Decide in one browser; return after how many ms another one showed the token moving on."""
    go(watcher, f"/runs/{run}")
    gate = watcher.locator(f'.djs-element[data-element-id="{drawing.gate}"]')
    expect(gate).to_have_class(re.compile("is-waiting"))
    expect(watcher.locator('[data-slot="live"]')).to_have_attribute("data-live", "on")
    watcher.evaluate(_NOTE_WHEN_LEFT, drawing.gate)
    approver.get_by_label("Reason").fill(REASON)
    with approver.expect_response(lambda it: it.request.method == "POST") as posted:
        approver.get_by_role("button", name="Approve").click()
    timing = posted.value.request.timing
    expect(gate).not_to_have_class(re.compile("is-waiting"), timeout=5_000)
    seen = float(watcher.locator("html").get_attribute("data-seen-at") or 0)
    expect(watcher.locator('[data-slot="state"]')).to_have_text("Completed", timeout=30_000)
    for element in (drawing.open, drawing.close):
        done = watcher.locator(f'.djs-element[data-element-id="{element}"]')
        expect(done).to_have_class(re.compile("is-completed"))
    return seen - (timing["startTime"] + timing["responseStart"])


_NOTE_WHEN_LEFT = """gate => {
  const shape = document.querySelector(`.djs-element[data-element-id="${gate}"]`);
  new MutationObserver(() => {
    const seen = document.documentElement.dataset;
    if (!shape.classList.contains("is-waiting")) seen.seenAt ??= String(Date.now());
  }).observe(shape, { attributes: true, attributeFilter: ["class"] });
}"""


# --- proof ----------------------------------------------------------------------------------


def ticket_is_closed(anybody: Page, installation: Installation) -> None:
    """Open the ticket at the service desk and see that it is closed."""
    anybody.goto(f"{installation.itsm_url}/")
    anybody.get_by_role("link", name=WHAT).first.click()
    expect(anybody.get_by_role("main")).to_contain_text("Restarted as approved.")
    expect(anybody.get_by_role("main")).to_contain_text(re.compile("closed", re.IGNORECASE))


def audit_tells_all(auditor: Page) -> None:
    """Find every act of the way in the audit."""
    for text, acts in ACTS.items():
        told = {entry["code"] for entry in _audit(auditor, text=text)}
        assert acts <= told, acts - told
    assert {entry["who"] for entry in _audit(auditor, code="act.refused")} >= REFUSED
    go(auditor, f"/audit?text={PROCESS}")
    for who in (AUTHOR, APPROVER, OTHER_REVIEWER):
        expect(auditor.get_by_role("row").filter(has_text=who).first).to_be_visible()


def _audit(auditor: Page, **wanted: str) -> Any:
    return _json(api(auditor, "GET", f"/api/v1/audit?{urlencode(wanted)}"))["entries"]


def proof_holds_and_names_what_was_changed(installation: Installation) -> None:
    """Verify the audit; change one byte behind everybody's back; see that row named; undo it."""
    until(lambda: verified(installation)[0], "the audit does not verify", within=30)
    row = tamper(installation, "'decision', 'decisioN'")
    holds, said = verified(installation)
    assert not holds
    assert row in said
    assert tamper(installation, "'decisioN', 'decision'") == row
    assert verified(installation)[0]


def verified(installation: Installation) -> tuple[bool, str]:
    """Return whether every chain verifies, and what was said."""
    answer = installation.manage("audit", "verify_audit")
    return answer.returncode == 0, answer.stdout + answer.stderr


def tamper(installation: Installation, swap: str) -> str:
    """Change one byte of one entry's values as the database's owner; return the entry's id."""
    answer = installation.manage("owner", "shell", "--no-imports", "-c", _TAMPER % swap)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


_TAMPER = """
from django.db import connection as db
with db.cursor() as sql:
    sql.execute("ALTER TABLE governance_auditpayload DISABLE TRIGGER USER")
    sql.execute("ALTER TABLE governance_auditpayload NO FORCE ROW LEVEL SECURITY")
    sql.execute('''UPDATE governance_auditpayload SET values = replace(values, %s)
        WHERE entry_id = (SELECT entry_id FROM governance_auditpayload
                          WHERE position('decisio' in values) > 0 ORDER BY entry_id LIMIT 1)
        RETURNING entry_id''')
    print(sql.fetchone()[0])
    sql.execute("ALTER TABLE governance_auditpayload FORCE ROW LEVEL SECURITY")
    sql.execute("ALTER TABLE governance_auditpayload ENABLE TRIGGER USER")
"""


def _json(answer: Any) -> Any:
    return json.loads(answer.text())


def _post_form(page: Page, path: str, **fields: str) -> int:
    """Send a form that the page does not offer, as somebody with tools would; return the status."""
    with page.expect_navigation() as sent:
        page.evaluate(_SEND, {"path": path, "fields": fields})
    answer = sent.value
    return answer.status if answer else 0


_SEND = """({ path, fields }) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: token })) {
    const input = document.createElement("input");
    [input.type, input.name, input.value] = ["hidden", name, value];
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}"""
