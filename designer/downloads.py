"""Models as answers: to keep, or to draw."""

from __future__ import annotations

from django.http import HttpResponse

_XML = "application/xml"


def download(name: str, xml: bytes) -> HttpResponse:
    """Answer a file to keep. Its name was made by us and holds nothing that needs escaping."""
    answer = HttpResponse(xml, content_type=_XML)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def picture_file(key: str, label: str, svg: str) -> HttpResponse:
    """Answer a drawing to keep; never shown as a page of ours, for SVG may hold more than lines."""
    answer = HttpResponse(svg, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{label}.svg"'
    return answer


def show(content: bytes, digest: str, media_type: str = _XML) -> HttpResponse:
    """Answer a file that never changes. It is never shown as a page of ours."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = "attachment"
    answer["ETag"] = f'"{digest}"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
