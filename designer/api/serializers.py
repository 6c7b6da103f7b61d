"""What the designer's API takes and answers: one plain shape per body, nothing that saves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from common.serializers import StrictSerializer
from common.words import in_words
from designer.actions.processes import Entry
from designer.actions.states import Meeting
from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.models.rules import Scope, Weight
from designer.models.step_templates import StepTemplateVersion
from designer.models.versions import Version
from designer.queries.comparisons import Comparison
from designer.queries.complexity import ComplexityView
from designer.queries.decision_files import Analysed
from designer.queries.drafts import DraftView
from designer.queries.form_previews import Preview
from designer.queries.resources import File
from designer.queries.reviews import ReviewView
from designer.queries.rule_effects import RuleView
from designer.queries.step_templates import Listing, Shelf, TemplateView
from designer.steps.elements import Template
from designer.steps.impact import Effect
from engine import decisions
from engine.companions import DECISIONS, FORMS
from engine.expressions import Run
from engine.expressions.typed import to_typed
from engine.expressions.writing import written
from governance.models.processes import DataClass, Practice, Process, RiskClass

SCHEMA = 1
Answer = dict[str, Any]

# --- bodies -----------------------------------------------------------------


class EntryIn(StrictSerializer):
    """A registry entry; owner and backup owner are ids of persons, board and team are keys."""

    key = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=120)
    board = serializers.CharField(max_length=40)
    purpose = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    owner = serializers.UUIDField(required=False, source="owner_id")
    backup_owner = serializers.UUIDField(required=False, source="backup_owner_id")
    team = serializers.CharField(max_length=40, required=False, allow_blank=True)
    risk_class = serializers.ChoiceField(choices=RiskClass.choices, required=False)
    data_class = serializers.ChoiceField(choices=DataClass.choices, required=False)
    practice = serializers.ChoiceField(choices=Practice.choices, required=False)


class ImportIn(EntryIn):
    """A registry entry together with the file of its first draft."""

    file = serializers.FileField(allow_empty_file=True)


class DraftIn(StrictSerializer):
    """Where a new draft begins: a version, or a blank sheet."""

    version = serializers.UUIDField(required=False)


class ModelIn(StrictSerializer):
    """The model of a draft, as text.

    `drawn` says that the editor drew it: what its library cannot hold is then put back from the
    state before. Without it the model is kept as sent.
    """

    xml = serializers.CharField(trim_whitespace=False)
    drawn = serializers.BooleanField(required=False, default=False)


class MergeIn(StrictSerializer):
    """What was drawn since a revision; for each conflict answered before, whose edit counts."""

    xml = serializers.CharField(trim_whitespace=False)
    revision = serializers.IntegerField(min_value=1, max_value=1_000_000_000)
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=["mine", "theirs"]), required=False, default=dict
    )


class FormIn(StrictSerializer):
    """A form of a draft: the text of its form-js JSON."""

    json = serializers.CharField(trim_whitespace=False)


class RenameIn(StrictSerializer):
    """Another name for a file; its ending stays."""

    to = serializers.CharField(max_length=200)


class PreviewIn(StrictSerializer):
    """A form under work, sample variables, and what was typed: flat names with their texts."""

    json = serializers.CharField(trim_whitespace=False)
    sample = serializers.DictField(required=False, default=dict)
    typed = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True)),
        required=False,
        allow_null=True,
        default=None,
    )
    judges = serializers.BooleanField(required=False, default=False)


class TryIn(StrictSerializer):
    """A decision, by its id, and the inputs it is tried with: plain JSON, or `{"t", "v"}`."""

    decision = serializers.CharField(max_length=255)
    inputs = serializers.DictField(required=False, default=dict)


class SubmitIn(StrictSerializer):
    """What is said to the board."""

    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class VoteIn(StrictSerializer):
    """A verdict, on the digest that was shown."""

    verdict = serializers.ChoiceField(choices=["approve", "request_changes"])
    comment = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    digest = serializers.RegexField(r"^[0-9a-f]{64}$")


class PublishIn(StrictSerializer):
    """The digest that was shown and is to be published."""

    digest = serializers.RegexField(r"^[0-9a-f]{64}$")


class WithdrawIn(StrictSerializer):
    """Why a request for review is taken back."""

    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class CommentIn(StrictSerializer):
    """Something to say, about one element or about all of it."""

    text = serializers.CharField(max_length=4000)
    element = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class RetireIn(StrictSerializer):
    """Why a step template is offered no more."""

    reason = serializers.CharField(max_length=1000)


class StepValueIn(StrictSerializer):
    """What a step says at one place."""

    kind = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    value = serializers.CharField(allow_blank=True, trim_whitespace=False)


class StepImpactIn(StrictSerializer):
    """A step as it is now: the template and version it was made from, and what it says."""

    template = serializers.CharField(max_length=200)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    values = serializers.ListField(child=StepValueIn(), max_length=400)


class RuleIn(StrictSerializer):
    """How a rule shall be set; `limit` null is the usual one."""

    weight = serializers.ChoiceField(choices=Weight.choices)
    limit = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    allowed = serializers.ListField(
        child=serializers.CharField(max_length=120), required=False, max_length=100
    )
    scope = serializers.ChoiceField(choices=Scope.choices, required=False)
    value = serializers.CharField(max_length=40, required=False, allow_blank=True)


# --- answers (for the description; they are written by the functions below) ---


class ProblemOut(serializers.Serializer[Any]):
    """What is wrong with a model, on which element, and what mends it."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning", "hint"])
    element = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    message = serializers.CharField()
    hint = serializers.CharField()
    tokens = serializers.ListField(child=serializers.CharField())
    path = serializers.ListField(child=serializers.CharField())
    mend = serializers.DictField(child=serializers.CharField())


class RuleSettingOut(serializers.Serializer[Any]):
    """What is set for a rule, and for which processes."""

    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=Scope.choices)
    value = serializers.CharField()
    weight = serializers.ChoiceField(choices=Weight.choices)
    limit = serializers.IntegerField(allow_null=True)
    allowed = serializers.ListField(child=serializers.CharField())


class RuleOut(serializers.Serializer[Any]):
    """A rule: what it weighs where nothing else is set, the settings, and where it finds something.

    `affected` counts what it finds by draft.
    """

    code = serializers.CharField()
    words = serializers.CharField()
    usual = serializers.ChoiceField(choices=Weight.choices)
    weight = serializers.ChoiceField(choices=Weight.choices)
    limit = serializers.IntegerField(allow_null=True)
    settings = RuleSettingOut(many=True)
    affected = serializers.DictField(child=serializers.IntegerField())


class MeasureOut(serializers.Serializer[Any]):
    """One measure; `limit` and `other` (bpmn-python's) are empty where there is none."""

    key = serializers.CharField()
    words = serializers.CharField()
    value = serializers.CharField()
    limit = serializers.CharField()
    above = serializers.BooleanField()
    other = serializers.CharField()


class LevelOut(serializers.Serializer[Any]):
    """One level of a drawing: the process, or the inside of a sub-process by its id."""

    level = serializers.CharField()
    name = serializers.CharField()
    measures = MeasureOut(many=True)


class BesideOut(serializers.Serializer[Any]):
    """Whether the program that measures beside us could be asked, and a sentence about it."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=["told", "absent", "failed"])
    sentence = serializers.CharField()


class ComplexityOut(serializers.Serializer[Any]):
    """How hard a drawing is to read."""

    schema = serializers.IntegerField()
    levels = LevelOut(many=True)
    beside = BesideOut()


class RulesOut(serializers.Serializer[Any]):
    """All rules of a unit."""

    schema = serializers.IntegerField()
    rules = RuleOut(many=True)


class StepTemplateRow(serializers.Serializer[Any]):
    """A template of the catalogue; `template` is the JSON of its latest version."""

    id = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    category = serializers.CharField()
    keywords = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    element = serializers.CharField()
    shipped = serializers.BooleanField()
    retired = serializers.CharField()
    template = serializers.DictField()


class StepTemplateListOut(serializers.Serializer[Any]):
    """The catalogue of the unit in play."""

    schema = serializers.IntegerField()
    templates = StepTemplateRow(many=True)


class StepEffectOut(serializers.Serializer[Any]):
    """One thing that a newer version changes."""

    op = serializers.ChoiceField(choices=["lost", "asked", "changed", "removed", "added"])
    sentence = serializers.CharField()


class StepUserOut(serializers.Serializer[Any]):
    """A step made from the template, and what its latest version would change there."""

    process = serializers.CharField()
    kind = serializers.ChoiceField(choices=["draft", "version"])
    element = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    effects = StepEffectOut(many=True)


class StepTemplateOut(StepTemplateRow):
    """One template with its versions and who uses it."""

    schema = serializers.IntegerField()
    versions = serializers.ListField(child=serializers.IntegerField())
    used_by = StepUserOut(many=True)


class StepTemplateAdded(serializers.Serializer[Any]):
    """One version that was added."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()


class StepTemplatesAddedOut(serializers.Serializer[Any]):
    """What was added to the catalogue."""

    schema = serializers.IntegerField()
    added = StepTemplateAdded(many=True)


class StepImpactOut(serializers.Serializer[Any]):
    """The latest version, and what it would change in the step."""

    schema = serializers.IntegerField()
    template = serializers.DictField()
    effects = StepEffectOut(many=True)


class ProcessOut(serializers.Serializer[Any]):
    """A registry entry."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()
    owner = serializers.CharField()
    risk_class = serializers.CharField()
    live_version = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()


class ProcessListOut(serializers.Serializer[Any]):
    """The register of the unit in play."""

    schema = serializers.IntegerField()
    processes = ProcessOut(many=True)


class DraftCreatedOut(serializers.Serializer[Any]):
    """A new draft and where it is edited."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    url = serializers.CharField()


class DraftOut(serializers.Serializer[Any]):
    """A draft as the editor opens it."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    process = serializers.DictField()
    stage = serializers.CharField()
    revision = serializers.IntegerField()
    xml = serializers.CharField()
    problems = ProblemOut(many=True, allow_null=True)
    saved_at = serializers.DateTimeField()
    saved_by = serializers.CharField()
    may_edit = serializers.BooleanField()


class DraftSavedOut(serializers.Serializer[Any]):
    """What a save answers."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    problems = ProblemOut(many=True)
    saved_at = serializers.DateTimeField()
    lost = serializers.ListField(child=serializers.CharField())


class ConflictOut(serializers.Serializer[Any]):
    """What two edits both touched: `key` answers it in a choice, the sentences say who did what."""

    key = serializers.CharField()
    element = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    elements = serializers.ListField(child=serializers.CharField(allow_blank=True))
    mine = serializers.ListField(child=serializers.CharField())
    theirs = serializers.ListField(child=serializers.CharField())


class MergeOut(serializers.Serializer[Any]):
    """Two edits as one model, to be saved under the revision named here.

    `redrawn` are flows whose ends both edits moved; `taken` tells what came of the other edit.
    """

    schema = serializers.IntegerField()
    revision = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    who = serializers.CharField()
    xml = serializers.CharField()
    conflicts = ConflictOut(many=True)
    redrawn = serializers.ListField(child=serializers.CharField())
    taken = serializers.ListField(child=serializers.CharField())


class DecisionFileOut(serializers.Serializer[Any]):
    """A decision file of a draft, with the ids that tasks ask for."""

    name = serializers.CharField()
    digest = serializers.CharField()
    size = serializers.IntegerField()
    decisions = serializers.ListField(child=serializers.DictField())


class DecisionFilesOut(serializers.Serializer[Any]):
    """The decision files of a draft, and the revision they belong to."""

    schema = serializers.IntegerField()
    revision = serializers.IntegerField()
    files = DecisionFileOut(many=True)


class DecisionTextOut(DecisionFileOut):
    """A decision file with its content, as an editor opens it."""

    schema = serializers.IntegerField()
    xml = serializers.CharField()


class PreviewOut(serializers.Serializer[Any]):
    """A form as it is drawn, its flaws by place, and the variables it would give."""

    schema = serializers.IntegerField()
    html = serializers.CharField()
    flaws = serializers.ListField(child=serializers.DictField())
    values = serializers.JSONField(allow_null=True)


class AnalysisOut(serializers.Serializer[Any]):
    """What there is to say about a decision file, and what each of its decisions asks for."""

    schema = serializers.IntegerField()
    revision = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.DictField())
    tables = serializers.ListField(child=serializers.DictField())
    decisions = serializers.ListField(child=serializers.DictField())


class TriedOut(serializers.Serializer[Any]):
    """The record of a decision; values carry their types, and their texts in FEEL beside them."""

    schema = serializers.IntegerField()
    value = serializers.JSONField()
    text = serializers.CharField()
    decisions = serializers.ListField(child=serializers.DictField())
    warnings = serializers.ListField(child=serializers.CharField())


class FormFileOut(serializers.Serializer[Any]):
    """A form of a draft, with the id that tasks ask for it by."""

    name = serializers.CharField()
    digest = serializers.CharField()
    size = serializers.IntegerField()
    form = serializers.CharField()


class FormFilesOut(serializers.Serializer[Any]):
    """The forms of a draft, and the revision they belong to."""

    schema = serializers.IntegerField()
    revision = serializers.IntegerField()
    files = FormFileOut(many=True)


class FormTextOut(FormFileOut):
    """A form with its JSON, as a builder opens it."""

    schema = serializers.IntegerField()
    json = serializers.CharField()


class ComparisonOut(serializers.Serializer[Any]):
    """Two versions and what changed from `base` to `version`; null where there is none."""

    schema = serializers.IntegerField()
    process = serializers.DictField()
    version = serializers.DictField(allow_null=True)
    base = serializers.DictField(allow_null=True)
    changes = serializers.ListField(child=serializers.DictField())


class ReviewRefOut(serializers.Serializer[Any]):
    """A review and where it is read."""

    schema = serializers.IntegerField()
    review = serializers.DictField()


class ReviewOut(serializers.Serializer[Any]):
    """A review with all its page shows."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    number = serializers.CharField()
    process = serializers.DictField()
    version = serializers.DictField()
    base = serializers.DictField(allow_null=True)
    outcome = serializers.CharField()
    quorum = serializers.IntegerField()
    votes = serializers.ListField(child=serializers.DictField())
    comments = serializers.ListField(child=serializers.DictField())
    changes = serializers.ListField(child=serializers.DictField())
    problems = ProblemOut(many=True)
    checks = serializers.ListField(child=serializers.DictField())
    decision_files = serializers.ListField(child=serializers.DictField())
    form_files = serializers.ListField(child=serializers.DictField())


class VersionOut(serializers.Serializer[Any]):
    """A published version."""

    schema = serializers.IntegerField()
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    digest = serializers.CharField()
    url = serializers.CharField()


# --- the functions that write answers ----------------------------------------


def entry_of(values: dict[str, Any]) -> Entry:
    """Return the registry entry in a body."""
    return Entry(**{name: value for name, value in values.items() if name != "file"})


def process_answer(process: Process, live: int | None) -> Answer:
    """Write a registry entry."""
    return {
        "schema": SCHEMA,
        "id": process.pk,
        "key": process.key,
        "name": process.name,
        "owner": process.owner.name,
        "risk_class": process.risk_class,
        "live_version": live,
        "url": f"/processes/{process.key}",
    }


def draft_answer(view: DraftView, *, judged: bool = True) -> Answer:
    """Write a draft; one that is not judged without its problems."""
    draft = view.draft
    return {
        "schema": SCHEMA,
        "id": draft.pk,
        "process": _process_ref(draft.process),
        "stage": draft.stage.lower(),
        "revision": draft.revision,
        "xml": view.text,
        "problems": view.problems if judged else None,
        "saved_at": draft.saved_at,
        "saved_by": draft.saved_by.name,
        "may_edit": view.may_edit,
    }


def draft_created(draft: Draft) -> Answer:
    """Write where a new draft is edited."""
    return {
        "schema": SCHEMA,
        "id": draft.pk,
        "revision": draft.revision,
        "url": f"/drafts/{draft.pk}/edit",
    }


def draft_saved(view: DraftView, lost: Iterable[str] = ()) -> Answer:
    """Write what a save answers; `lost` names settings of other tools that went with it."""
    draft = view.draft
    return {
        "schema": SCHEMA,
        "id": draft.pk,
        "revision": draft.revision,
        "problems": view.problems,
        "saved_at": draft.saved_at,
        "lost": in_words(list(lost)),
    }


def merge_answer(meeting: Meeting) -> Answer:
    """Write what two edits of a draft make together, and who saved the other one."""
    merged, draft = meeting.merged, meeting.draft
    return {
        "schema": SCHEMA,
        "revision": draft.revision,
        "saved_at": draft.saved_at,
        "who": draft.saved_by.name,
        "xml": merged.file.decode(),
        "conflicts": [in_words(asdict(one)) for one in merged.conflicts],
        "redrawn": merged.redrawn,
        "taken": in_words(list(merged.taken)),
    }


def files_answer(draft: Draft, found: Iterable[File]) -> Answer:
    """Write files of a draft."""
    return {
        "schema": SCHEMA,
        "revision": draft.revision,
        "files": [_file(one) for one in found],
    }


def file_text(draft: Draft, file: File) -> Answer:
    """Write a file of a draft with its content."""
    return {
        "schema": SCHEMA,
        "revision": draft.revision,
        **_file(file),
        "xml" if file.is_xml else "json": file.text,
    }


def _file(file: File) -> Answer:
    told: Answer = {"name": file.name, "digest": file.digest, "size": len(file.content)}
    if file.is_xml:
        told["decisions"] = [{"id": one.id, "name": one.name} for one in file.holds]
    else:
        told["form"] = file.holds[0].id
    return told


def preview_answer(found: Preview) -> Answer:
    """Write a form as it is drawn."""
    return {"schema": SCHEMA, **asdict(found)}


def analysis_answer(found: Analysed) -> Answer:
    """Write what there is to say about a decision file."""
    return {"schema": SCHEMA, **asdict(found)}


def tried_answer(answer: decisions.Answer) -> Answer:
    """Write what a decision gave, and which rules matched."""
    return {
        "schema": SCHEMA,
        "value": to_typed(answer.value),
        "text": written(Run(), answer.value),
        "decisions": [
            {
                "id": one.id,
                "name": one.name,
                "text": written(Run(), one.value),
                "rules": [
                    {
                        "table": match.table,
                        "rule": match.rule,
                        "outputs": [written(Run(), value) for value in match.outputs],
                    }
                    for match in one.matches
                ],
            }
            for one in answer.decisions
        ],
        "warnings": list(answer.warnings),
    }


def comparison_answer(comparison: Comparison) -> Answer:
    """Write two versions and what changed between them, as the review page reads a review."""
    return {
        "schema": SCHEMA,
        "process": _process_ref(comparison.process),
        "version": _base(comparison.after),
        "base": _base(comparison.before),
        "changes": comparison.changes,
    }


def review_answer(view: ReviewView) -> Answer:
    """Write a review."""
    review = view.review
    return {
        "schema": SCHEMA,
        "id": review.pk,
        "number": review.key,
        "process": _process_ref(review.process),
        "version": {
            "id": view.published.pk if view.published else review.pk,
            "number": review.version_number,
            "digest": review.digest,
            "model_url": f"/api/v1/reviews/{review.pk}/model",
        },
        "base": _base(view.base),
        "outcome": "published" if view.published else review.outcome.lower(),
        "quorum": review.quorum,
        "votes": [
            {
                "person": vote.person.name,
                "verdict": vote.verdict.lower(),
                "comment": vote.comment,
                "at": vote.cast_at,
            }
            for vote in view.votes
        ],
        "comments": [
            {
                "person": said.person.name,
                "element": said.element,
                "text": said.text,
                "at": said.said_at,
            }
            for said in view.comments
        ],
        "changes": view.changes,
        "problems": view.problems,
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": check.detail or check.result}
            for check in view.checks
        ],
        "decision_files": _frozen(review, DECISIONS),
        "form_files": _frozen(review, FORMS),
    }


def _frozen(review: Review, ending: str) -> list[Answer]:
    found = sorted(review.resources.items())
    return [{"name": name, "digest": each} for name, each in found if name.endswith(ending)]


def complexity_answer(view: ComplexityView) -> Answer:
    """Write the measures of a drawing."""
    beside = {"name": "bpmn-python", "state": view.beside.state, "sentence": view.beside.sentence}
    return {"schema": SCHEMA, "levels": [asdict(one) for one in view.levels], "beside": beside}


def rules_answer(views: Iterable[RuleView]) -> Answer:
    """Write all rules of a unit."""
    return {"schema": SCHEMA, "rules": [rule_answer(view) for view in views]}


def rule_answer(view: RuleView) -> Answer:
    """Write one rule."""
    return {
        "code": view.rule.code,
        "words": in_words(view.rule.words),
        "usual": view.rule.level.value,
        "weight": view.setting.level.value,
        "limit": view.setting.limit,
        "settings": [
            {
                "id": row.pk,
                "scope": row.scope,
                "value": row.value,
                "weight": row.weight,
                "limit": row.limit,
                "allowed": row.allowed,
            }
            for row in ([view.whole] if view.whole else []) + view.narrower
        ],
        "affected": {str(one.draft.pk): one.count for one in view.affected},
    }


def review_ref(review: Review) -> Answer:
    """Write where a review is read."""
    return {
        "schema": SCHEMA,
        "review": {"id": review.pk, "number": review.key, "url": f"/reviews/{review.pk}"},
    }


def version_answer(version: Version) -> Answer:
    """Write a version."""
    return {
        "schema": SCHEMA,
        "id": version.pk,
        "number": version.number,
        "digest": version.digest,
        "url": f"/processes/{version.process.key}",
    }


def _process_ref(process: Process) -> Answer:
    return {"id": process.pk, "key": process.key, "name": process.name}


def _base(base: Version | None) -> Answer | None:
    if base is None:
        return None
    return {
        "id": base.pk,
        "number": base.number,
        "model_url": f"/api/v1/versions/{base.pk}/model",
    }


def step_templates(found: Listing) -> Answer:
    """Write the catalogue."""
    return {"schema": SCHEMA, "templates": [_shelf(each) for each in found.shelves]}


def step_templates_added(added: Iterable[StepTemplateVersion]) -> Answer:
    """Write what was added."""
    rows = [{"id": one.template.key, "version": one.number, "digest": one.digest} for one in added]
    return {"schema": SCHEMA, "added": rows}


def step_template(view: TemplateView) -> Answer:
    """Write one template with who uses it."""
    return {
        "schema": SCHEMA,
        **_shelf(view.shelf),
        "versions": sorted(view.shelf.versions, reverse=True),
        "used_by": [
            {
                "process": user.holder.process.key,
                "kind": "draft" if isinstance(user.holder, Draft) else "version",
                "element": user.element,
                "name": user.step,
                "version": user.version,
                "effects": [_effect(each) for each in user.effects],
            }
            for user in view.users
        ],
    }


def step_impact(template: Template, effects: Iterable[Effect]) -> Answer:
    """Write the latest version of a template, and what it changes."""
    return {
        "schema": SCHEMA,
        "template": template.content,
        "effects": [_effect(each) for each in effects],
    }


def _shelf(shelf: Shelf) -> Answer:
    latest = shelf.latest
    return {
        "id": shelf.key,
        "name": latest.name,
        "purpose": latest.description,
        "category": latest.category,
        "keywords": latest.keywords,
        "version": latest.version,
        "element": latest.element,
        "shipped": shelf.is_shipped,
        "retired": shelf.retired,
        "template": latest.content,
    }


def _effect(effect: Effect) -> Answer:
    return {"op": effect.op, "sentence": in_words(effect.sentence)}
