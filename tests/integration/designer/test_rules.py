"""An admin sets the rules of drawing: they hold at the next look, block, and are recorded."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from common.context import Actor
from common.problems import NotFound
from designer.actions import drafts, reviews, rules, versions
from designer.actions.rules import Wanted
from designer.errors import ModelHasErrors, RuleOutOfRange, RulesBlock
from designer.models.drafts import Draft
from designer.models.rules import RuleSetting
from designer.queries.models import problems_of
from engine.lint import RULES
from governance.models.audit import AuditEntry
from governance.models.people import Account
from governance.models.processes import Process, RiskClass
from governance.models.units import Role, Team, TeamMember
from tests.integration.designer.conftest import Desk
from tests.support.drawings import drawing, extended, line

pytestmark = pytest.mark.django_db
PAGE, API = "/governance/access/rules", "/api/v1/rules"
UNNAMED = drawing(line('<task id="pack"/>'))


@pytest.fixture
def helena(desk: Desk) -> Actor:
    return desk.office.person("Helena Brandt", Role.ADMIN)


def signed_in(desk: Desk, name: str) -> Client:
    client = Client()
    client.force_login(desk.office.people[name].accounts.get())
    return client


def a_draft(desk: Desk, xml: bytes = UNNAMED) -> Draft:
    draft = desk.draft()
    return drafts.save_draft(actor=desk.ana, draft_id=draft.pk, revision=draft.revision, xml=xml)


def severity(draft: Draft, code: str = "step_unnamed") -> str:
    """Return how much a rule weighs in a draft as it is now, "" where it finds nothing."""
    told = problems_of(Draft.objects.get(pk=draft.pk))
    return next((one["severity"] for one in told if one["code"] == code), "")


def put(desk: Desk, by: Actor, wanted: Wanted, code: str = "step_unnamed") -> RuleSetting:
    return rules.set_rule(actor=by, unit_id=desk.process.unit_id, code=code, wanted=wanted)


def test_a_rule_weighs_what_was_set_from_the_next_look_on(desk: Desk, helena: Actor) -> None:
    draft = a_draft(desk)
    assert severity(draft) == "warning"

    put(desk, helena, Wanted("error"))
    assert severity(draft) == "error"
    put(desk, helena, Wanted("off"))
    assert severity(draft) == ""


def test_the_narrower_setting_holds(desk: Desk, helena: Actor) -> None:
    draft = a_draft(desk)
    Process.objects.filter(pk=desk.process.pk).update(tags=["pci"], risk_class=RiskClass.HIGH)
    put(desk, helena, Wanted("off"))
    put(desk, helena, Wanted("hint", scope="RISK", value="HIGH"))
    assert severity(draft) == "hint"

    put(desk, helena, Wanted("error", scope="TAG", value="pci"))
    put(desk, helena, Wanted("warning", scope="TAG", value="another"))
    assert severity(draft) == "error"


def test_a_rule_that_blocks_keeps_a_draft_from_review(desk: Desk, helena: Actor) -> None:
    draft = a_draft(desk)
    put(desk, helena, Wanted("error"))

    with pytest.raises(ModelHasErrors) as refused:
        reviews.submit_draft(actor=desk.ana, draft_id=draft.pk)
    told = refused.value.problems[0]
    assert (told["code"], told["element"]) == ("step_unnamed", "pack")


def test_a_rule_that_blocks_by_now_keeps_what_was_approved_from_being_published(
    desk: Desk, helena: Actor
) -> None:
    review = desk.approved(a_draft(desk))
    put(desk, helena, Wanted("error"))

    with pytest.raises(RulesBlock):
        versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)
    put(desk, helena, Wanted("warning"))
    versions.publish_version(actor=desk.ben, review_id=review.pk, digest=review.digest)


def test_every_setting_is_recorded_with_what_it_was(desk: Desk, helena: Actor) -> None:
    put(desk, helena, Wanted("hint"))
    row = put(desk, helena, Wanted("error"))
    rules.give_rule_back(actor=helena, unit_id=desk.process.unit_id, setting_id=row.pk)

    entries = AuditEntry.objects.filter(code__startswith="rule.").order_by("at")
    told = [json.loads(entry.payload.values) for entry in entries]
    assert [(one["before"].get("weight"), one["after"].get("weight")) for one in told] == [
        (None, "hint"),
        ("hint", "error"),
        ("error", None),
    ]
    assert not RuleSetting.objects.exists()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("step_unnamed", Wanted("heavy")),
        ("step_unnamed", Wanted("hint", limit=5)),
        ("step_unnamed", Wanted("hint", allowed=("x",))),
        ("step_unnamed", Wanted("hint", scope="TAG")),
        ("step_unnamed", Wanted("hint", scope="RISK", value="AWFUL")),
        ("step_unnamed", Wanted("hint", scope="UNIT", value="pci")),
        ("too_many_steps", Wanted("hint", limit=1)),
        ("host_written", Wanted("hint", allowed=("x" * 121,))),
    ],
)
def test_what_a_rule_cannot_be_is_refused(
    desk: Desk, helena: Actor, code: str, wanted: Wanted
) -> None:
    with pytest.raises(RuleOutOfRange):
        put(desk, helena, wanted, code)
    assert not RuleSetting.objects.exists()


def test_a_rule_that_is_none_is_not_found(desk: Desk, helena: Actor) -> None:
    with pytest.raises(NotFound):
        put(desk, helena, Wanted("hint"), "be_nice")


def test_a_gate_that_too_few_could_decide_blocks_until_somebody_joins(desk: Desk) -> None:
    gate = extended(
        "userTask",
        '<zeebe:assignmentDefinition candidateGroups="ops"/><interlock:gate quorum="2"/>',
    )
    draft = a_draft(desk, drawing(line(gate)))
    team = Team.objects.create(unit_id=desk.process.unit_id, key="ops", name="Operations")

    def join(actor: Actor) -> None:
        TeamMember.objects.create(unit_id=team.unit_id, team=team, person_id=actor.person)

    join(desk.ben)
    join(desk.ana)
    assert severity(draft, "gate_quorum_unreachable") == "error"
    join(desk.gita)
    assert severity(draft, "gate_quorum_unreachable") == ""
    Account.objects.filter(person_id=desk.gita.person).update(is_active=False)
    assert severity(draft, "gate_quorum_unreachable") == "error"


def test_who_answers_for_a_process_is_looked_at(desk: Desk) -> None:
    draft = a_draft(desk)
    assert severity(draft, "owner_gone") == ""

    Account.objects.filter(person_id=desk.process.owner_id).update(is_active=False)

    assert severity(draft, "owner_gone") == "warning"


def test_an_admin_sets_a_rule_on_its_page_and_sees_what_it_finds(desk: Desk, helena: Actor) -> None:
    a_draft(desk)
    client = signed_in(desk, "Helena Brandt")

    listed = client.get(PAGE).content.decode()
    assert listed.count("row-link") == len(RULES)
    before = client.get(f"{PAGE}/step_unnamed").content.decode()
    assert desk.process.name in before
    answer = client.post(f"{PAGE}/step_unnamed", {"scope": "TAG", "tag": "pci", "weight": "error"})

    assert answer.status_code == 302
    row = RuleSetting.objects.get()
    assert (row.scope, row.value, row.weight) == ("TAG", "pci", "error")
    assert "Tag pci" in client.get(f"{PAGE}/step_unnamed").content.decode()
    client.post(f"{PAGE}/step_unnamed/{row.pk}")
    assert not RuleSetting.objects.exists()
    refused = client.post(f"{PAGE}/step_unnamed", {"scope": "TAG", "tag": "", "weight": "error"})
    assert refused.status_code == 422
    assert "name a tag" in refused.content.decode()


def test_the_api_tells_and_sets_rules(desk: Desk, helena: Actor) -> None:
    draft = a_draft(desk)
    client = signed_in(desk, "Helena Brandt")

    told = client.get(API).json()["rules"]
    unnamed = next(one for one in told if one["code"] == "step_unnamed")
    assert (unnamed["weight"], unnamed["affected"]) == ("warning", {str(draft.pk): 1})
    body = {"weight": "hint", "limit": 7}
    answer = client.put(f"{API}/too_many_steps", body, content_type="application/json").json()

    assert (answer["weight"], answer["limit"]) == ("hint", 7)
    setting = answer["settings"][0]["id"]
    assert client.delete(f"{API}/settings/{setting}").status_code == 204
    wrong = client.put(f"{API}/too_many_steps", {"weight": "x"}, content_type="application/json")
    assert wrong.status_code in {400, 422}


def test_nobody_but_an_admin_sets_a_rule(desk: Desk, helena: Actor) -> None:
    row = put(desk, helena, Wanted("hint"))
    client = signed_in(desk, "Ana Ruiz")

    assert client.get(PAGE).status_code == 403
    assert client.get(API).status_code == 403
    body = json.dumps({"weight": "off"})
    changed = client.put(f"{API}/step_unnamed", body, content_type="application/json")
    assert changed.status_code == 403
    assert client.delete(f"{API}/settings/{row.pk}").status_code == 403
    assert RuleSetting.objects.get().weight == "hint"
