"""HTML: where a thread is read. It hangs on a process, so it leads to what shows it now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from designer.queries import threads
from governance import access
from governance.access import act


@require_GET
@act("thread.view")
def open_thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Lead to the review, the draft or the process where the thread is shown."""
    return redirect(threads.address_of(actor=access.acting(), thread_id=thread_id))
