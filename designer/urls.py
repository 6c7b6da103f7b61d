"""Routes of the designer app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from designer.api import (
    drafts,
    expressions,
    processes,
    resources,
    reviews,
    rules,
    step_templates,
    threads,
    trials,
    versions,
)
from designer.pages import draft_files, draft_states, editor, imports, registry
from designer.pages import reviews as review_pages
from designer.pages import rules as rule_pages
from designer.pages import step_templates as step_pages
from designer.pages import threads as thread_pages
from designer.pages import trials as trial_pages
from designer.pages import versions as version_pages

_API = "api/v1"

urlpatterns: list[URLPattern | URLResolver] = [
    path("processes", registry.process_list),
    path("processes/new", registry.new_process),
    path("processes/import", imports.import_process),
    path("processes/import/preview", imports.preview_import),
    path("processes/<slug:key>", registry.process_page),
    path("processes/<slug:key>/history", registry.process_history),
    path("processes/<slug:key>/entry", registry.change_process),
    path("processes/<slug:key>/compare", version_pages.compare_versions),
    path("processes/<slug:key>/documentation", version_pages.documentation),
    path("processes/<slug:key>/transfer", registry.transfer_process),
    path("processes/<slug:key>/drafts", registry.new_draft),
    path("processes/<slug:key>/import", registry.import_draft),
    path("versions/<uuid:version_id>/picture.svg", version_pages.version_picture),
    path("versions/<uuid:version_id>/download", registry.download_version),
    path("drafts/<uuid:draft_id>/edit", editor.edit_draft),
    path("drafts/<uuid:draft_id>/states", draft_states.state_list),
    path("drafts/<uuid:draft_id>/states/<uuid:state_id>", draft_states.state_page),
    path("drafts/<uuid:draft_id>/states/<uuid:state_id>/restore", draft_states.restore_state),
    path("drafts/<uuid:draft_id>/try", trial_pages.try_draft),
    path("drafts/<uuid:draft_id>/files", draft_files.file_list),
    path("drafts/<uuid:draft_id>/files/new", draft_files.new_file),
    path("drafts/<uuid:draft_id>/files/upload", draft_files.upload_file),
    path("drafts/<uuid:draft_id>/files/<str:name>/delete", draft_files.delete_file),
    path("drafts/<uuid:draft_id>/files/<str:name>/rename", draft_files.rename_file),
    path("drafts/<uuid:draft_id>/forms/<str:name>", draft_files.form_page),
    path("drafts/<uuid:draft_id>/decisions/<str:name>", draft_files.decision_page),
    path("reviews", review_pages.review_list),
    path("reviews/<uuid:review_id>", review_pages.review_page),
    path("reviews/<uuid:review_id>/votes", review_pages.vote),
    path("reviews/<uuid:review_id>/comments", review_pages.comment),
    path("reviews/<uuid:review_id>/withdraw", review_pages.withdraw),
    path("reviews/<uuid:review_id>/publish", review_pages.publish),
    path("threads/<uuid:thread_id>", thread_pages.open_thread),
    path("steps", step_pages.step_list),
    path("steps/add", step_pages.add_steps),
    path("steps/<str:key>", step_pages.step_page),
    path("steps/<str:key>/retire", step_pages.retire_step),
    path("steps/<str:key>/restore", step_pages.restore_step),
    path("governance/access/rules", rule_pages.rule_list),
    path("governance/access/rules/<slug:code>", rule_pages.rule_page),
    path("governance/access/rules/<slug:code>/<uuid:setting_id>", rule_pages.give_back),
    path(f"{_API}/rules", rules.RulesView.as_view()),
    path(f"{_API}/rules/<slug:code>", rules.RuleView.as_view()),
    path(f"{_API}/rules/settings/<uuid:setting_id>", rules.RuleSettingView.as_view()),
    path(f"{_API}/processes", processes.ProcessesView.as_view()),
    path(f"{_API}/processes/import", processes.ProcessImportView.as_view()),
    path(f"{_API}/processes/<slug:key>", processes.ProcessView.as_view()),
    path(f"{_API}/processes/<slug:key>/compare", versions.ComparisonView.as_view()),
    path(f"{_API}/processes/<slug:key>/drafts", processes.ProcessDraftsView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>", drafts.DraftView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/merge", drafts.DraftMergeView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/model", drafts.DraftModelView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/picture", drafts.DraftPictureView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/complexity", drafts.DraftComplexityView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/submit", drafts.DraftSubmitView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/try", trials.DraftTrialView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/scenarios", trials.DraftScenariosView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/scenarios/run", trials.DraftScenarioRunsView.as_view()),
    path(
        f"{_API}/drafts/<uuid:draft_id>/scenarios/<uuid:scenario_id>",
        trials.DraftScenarioView.as_view(),
    ),
    path(f"{_API}/drafts/<uuid:draft_id>/expressions", expressions.DraftExpressionsView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/decisions", resources.DraftDecisionsView.as_view()),
    path(
        f"{_API}/drafts/<uuid:draft_id>/decisions/<str:name>",
        resources.DraftDecisionView.as_view(),
    ),
    path(f"{_API}/drafts/<uuid:draft_id>/step-impact", step_templates.StepImpactView.as_view()),
    path(
        f"{_API}/drafts/<uuid:draft_id>/decisions/<str:name>/analysis",
        resources.DecisionAnalysisView.as_view(),
    ),
    path(
        f"{_API}/drafts/<uuid:draft_id>/decisions/<str:name>/try",
        resources.DecisionTryView.as_view(),
    ),
    path(f"{_API}/drafts/<uuid:draft_id>/form-preview", resources.FormPreviewView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/forms", resources.DraftFormsView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/forms/<str:name>", resources.DraftFormView.as_view()),
    path(
        f"{_API}/drafts/<uuid:draft_id>/forms/<str:name>/drawn", resources.FormDrawnView.as_view()
    ),
    path(
        f"{_API}/drafts/<uuid:draft_id>/files/<str:name>/rename",
        resources.DraftFileNameView.as_view(),
    ),
    path(f"{_API}/step-templates", step_templates.StepTemplatesView.as_view()),
    path(f"{_API}/step-templates/<str:key>", step_templates.StepTemplateView.as_view()),
    path(
        f"{_API}/step-templates/<str:key>/versions/<int:number>",
        step_templates.StepTemplateVersionView.as_view(),
    ),
    path(
        f"{_API}/step-templates/<str:key>/retire", step_templates.StepTemplateRetireView.as_view()
    ),
    path(
        f"{_API}/step-templates/<str:key>/restore", step_templates.StepTemplateRestoreView.as_view()
    ),
    path(f"{_API}/versions/<uuid:version_id>/model", versions.VersionModelView.as_view()),
    path(
        f"{_API}/versions/<uuid:version_id>/decisions/<str:name>",
        resources.VersionDecisionView.as_view(),
    ),
    path(
        f"{_API}/versions/<uuid:version_id>/forms/<str:name>", resources.VersionFormView.as_view()
    ),
    path(f"{_API}/reviews/<uuid:review_id>", reviews.ReviewView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/model", versions.CandidateModelView.as_view()),
    path(
        f"{_API}/reviews/<uuid:review_id>/decisions/<str:name>",
        resources.CandidateDecisionView.as_view(),
    ),
    path(
        f"{_API}/reviews/<uuid:review_id>/forms/<str:name>",
        resources.CandidateFormView.as_view(),
    ),
    path(f"{_API}/reviews/<uuid:review_id>/votes", reviews.ReviewVotesView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/comments", reviews.ReviewCommentsView.as_view()),
    path(f"{_API}/drafts/<uuid:place_id>/threads", threads.DraftThreadsView.as_view()),
    path(f"{_API}/reviews/<uuid:place_id>/threads", threads.ReviewThreadsView.as_view()),
    path(f"{_API}/versions/<uuid:place_id>/threads", threads.VersionThreadsView.as_view()),
    path(f"{_API}/drafts/<uuid:place_id>/threads/people", threads.DraftPeopleView.as_view()),
    path(f"{_API}/reviews/<uuid:place_id>/threads/people", threads.ReviewPeopleView.as_view()),
    path(f"{_API}/versions/<uuid:place_id>/threads/people", threads.VersionPeopleView.as_view()),
    path(
        f"{_API}/drafts/<uuid:place_id>/threads/<uuid:thread_id>/comments",
        threads.DraftAnswersView.as_view(),
    ),
    path(
        f"{_API}/reviews/<uuid:place_id>/threads/<uuid:thread_id>/comments",
        threads.ReviewAnswersView.as_view(),
    ),
    path(
        f"{_API}/versions/<uuid:place_id>/threads/<uuid:thread_id>/comments",
        threads.VersionAnswersView.as_view(),
    ),
    path(f"{_API}/threads/<uuid:thread_id>/resolve", threads.ThreadResolveView.as_view()),
    path(f"{_API}/threads/<uuid:thread_id>/reopen", threads.ThreadReopenView.as_view()),
    path(f"{_API}/threads/<uuid:thread_id>/read", threads.ThreadReadView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/withdraw", reviews.ReviewWithdrawView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/publish", reviews.ReviewPublishView.as_view()),
]
