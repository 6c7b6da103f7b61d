"""Routes of the designer app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from designer.api import drafts, processes, reviews, versions

_API = "api/v1"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_API}/processes", processes.ProcessesView.as_view()),
    path(f"{_API}/processes/import", processes.ProcessImportView.as_view()),
    path(f"{_API}/processes/<slug:key>", processes.ProcessView.as_view()),
    path(f"{_API}/processes/<slug:key>/drafts", processes.ProcessDraftsView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>", drafts.DraftView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/model", drafts.DraftModelView.as_view()),
    path(f"{_API}/drafts/<uuid:draft_id>/submit", drafts.DraftSubmitView.as_view()),
    path(f"{_API}/versions/<uuid:version_id>/model", versions.VersionModelView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>", reviews.ReviewView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/model", versions.CandidateModelView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/votes", reviews.ReviewVotesView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/comments", reviews.ReviewCommentsView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/withdraw", reviews.ReviewWithdrawView.as_view()),
    path(f"{_API}/reviews/<uuid:review_id>/publish", reviews.ReviewPublishView.as_view()),
]
