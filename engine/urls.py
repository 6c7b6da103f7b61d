"""Routes of the engine: pages and API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from engine.api import circuits, holds, incidents, instances, messages, metrics, user_tasks
from engine.pages import circuits as circuit_pages
from engine.pages import holds as hold_pages
from engine.pages import incidents as incident_pages
from engine.pages import instances as run_pages
from engine.pages import work

_API = "api/v1"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", run_pages.home),
    path("work", work.work),
    path("work/<uuid:task_id>", work.complete),
    path("work/<uuid:task_id>/form", work.redraw),
    path("work/<uuid:task_id>/claim", work.claim),
    path("work/<uuid:task_id>/release", work.release),
    path("runs", run_pages.run_list),
    path("runs/<uuid:run_id>", run_pages.run_page),
    path("runs/<uuid:run_id>/data", run_pages.run_data),
    path("runs/<uuid:run_id>/pause", run_pages.pause),
    path("runs/<uuid:run_id>/resume", run_pages.resume),
    path("runs/<uuid:run_id>/cancel", run_pages.cancel),
    path("runs/<uuid:run_id>/release", hold_pages.release),
    path("runs/start/<slug:key>", run_pages.start_run),
    path("runs/start/<slug:key>/form", run_pages.redraw_start),
    path("operations", incident_pages.operations),
    path("operations/held", hold_pages.held_list),
    path("operations/retry", incident_pages.retry_cause),
    path("operations/systems", circuit_pages.systems),
    path("operations/systems/<uuid:circuit_id>/reset", circuit_pages.reset),
    path("incidents/<uuid:incident_id>/retry", incident_pages.retry),
    path(f"{_API}/runs", instances.RunsView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>", instances.RunView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/model", instances.RunModelView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/attempts", instances.RunAttemptsView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/pause", instances.RunPauseView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/resume", instances.RunResumeView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/cancel", instances.RunCancelView.as_view()),
    path(f"{_API}/runs/<uuid:run_id>/release", holds.RunReleaseView.as_view()),
    path(f"{_API}/holds", holds.HoldsView.as_view()),
    path(f"{_API}/user-tasks", user_tasks.UserTasksView.as_view()),
    path(f"{_API}/user-tasks/<uuid:task_id>", user_tasks.UserTaskView.as_view()),
    path(f"{_API}/user-tasks/<uuid:task_id>/claim", user_tasks.UserTaskClaimView.as_view()),
    path(f"{_API}/user-tasks/<uuid:task_id>/release", user_tasks.UserTaskReleaseView.as_view()),
    path(f"{_API}/user-tasks/<uuid:task_id>/complete", user_tasks.UserTaskCompleteView.as_view()),
    path(f"{_API}/incidents", incidents.IncidentsView.as_view()),
    path(f"{_API}/incidents/<uuid:incident_id>/retry", incidents.IncidentRetryView.as_view()),
    path(f"{_API}/circuits", circuits.CircuitsView.as_view()),
    path(f"{_API}/circuits/<uuid:circuit_id>/reset", circuits.CircuitResetView.as_view()),
    path("metrics", metrics.exposition),
    path(f"{_API}/metrics", metrics.MetricsView.as_view()),
    path(f"{_API}/messages", messages.MessagesView.as_view()),
]
