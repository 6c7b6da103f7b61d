"""The parts of a page as template tags: icon, pill, person, risk, time and island.

Everything here answers safe markup made by `format_html`; what comes from people is escaped.
`docs/look.md` shows each beside its classes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import bundle, clock

register = template.Library()

#: State -> icon. The words of a state are its default label.
_STATES = {
    "running": "play",
    "waiting": "pause",
    "paused": "pause",
    "failed": "x",
    "completed": "check",
    "cancelled": "ban",
}
_RISKS = {"low": 1, "medium": 2, "high": 3}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """Draw a sign of the sprite; with a label it speaks, without it is silent."""
    classes = f"icon {extra}".strip()
    if name == "play":
        classes += " icon--solid"
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>', classes, spoken, static("icons.svg"), name
    )


@register.simple_tag
def pill(state: str, words: str = "") -> SafeString:
    """Show a state: tint, sign and word. `words` replaces the state's own word."""
    key = str(state).lower()
    return format_html(
        '<span class="pill pill--{}">{}{}</span>',
        key if key in _STATES else "cancelled",
        icon(_STATES.get(key, "ban")),
        words or state_words(key),
    )


@register.filter
def state_words(state: str) -> str:
    """Return the word people read for a state of a run."""
    words = {
        "running": _("Running"),
        "waiting": _("Waiting"),
        "paused": _("Paused"),
        "failed": _("Needs help"),
        "completed": _("Completed"),
        "cancelled": _("Cancelled"),
    }
    return words.get(str(state).lower(), str(state).replace("_", " ").capitalize())


@register.simple_tag
def avatar(person: Any, extra: str = "") -> SafeString:
    """Show the initials of a person (an object with a name, or a name)."""
    name = name_of(person)
    return format_html(
        '<span class="{}" title="{}" aria-hidden="true">{}</span>',
        f"avatar {extra}".strip(),
        name,
        getattr(person, "initials", "") or initials(name),
    )


@register.simple_tag
def person(person: Any) -> SafeString:
    """Show a person: initials and name. Nobody is a muted dash in words."""
    if not person:
        return format_html('<span class="muted">{}</span>', _("nobody"))
    return format_html('<span class="person">{}{}</span>', avatar(person), name_of(person))


def name_of(person: Any) -> str:
    """Return the name of a person, an actor, or of a plain text."""
    return str(getattr(person, "name", person) or "")


def initials(name: str) -> str:
    """Return the initials of a name: of its first and last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    picked = words if len(words) < 3 else [words[0], words[-1]]  # noqa: PLR2004
    return "".join(word[0] for word in picked).upper()


@register.simple_tag
def risk(level: str) -> SafeString:
    """Show a risk class: three bars and a word, never coloured."""
    key = str(level).lower()
    on = _RISKS.get(key, 0)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="3.5" height="{}" rx="1"/>',
        (("on" if n < on else "", n * 5, 8 - n * 4, 4 + n * 4) for n in range(3)),
    )
    words = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
    return format_html(
        '<span class="risk"><svg viewBox="0 0 14 12" aria-hidden="true">{}</svg>{}</span>',
        bars,
        words.get(key, _("Not classed")),
    )


@register.simple_tag
def change_risk(level: str) -> SafeString:
    """Show the risk of a change: an outlined word, red outline for high."""
    key = str(level).lower()
    words = {"none": _("None"), "low": _("Low"), "medium": _("Medium"), "high": _("High")}
    return format_html('<span class="tag tag--{}">{}</span>', key, words.get(key, key))


@register.simple_tag
def diff_mark(kind: str) -> SafeString:
    """Show what kind of change: added, removed, changed or moved."""
    signs = {"added": "+", "removed": "\u2212", "changed": "~", "moved": "\u2194"}
    words = {
        "added": _("Added"),
        "removed": _("Removed"),
        "changed": _("Changed"),
        "moved": _("Moved"),
    }
    return format_html(
        '<span class="mark-diff mark-diff--{}" title="{}">{}</span>',
        kind,
        words.get(kind, kind),
        signs.get(kind, "~"),
    )


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """Show a past moment relative to now; the exact one is in the title."""
    return _time(moment, past_words(moment, clock.now()) if moment else "", "ago")


@register.simple_tag
def due(moment: datetime | None) -> SafeString:
    """Show when something is due: red once it is overdue."""
    if moment is None:
        return format_html('<span class="muted">{}</span>', _("no deadline"))
    now = clock.now()
    return _time(moment, due_words(moment, now), "due", "bad" if moment < now else "")


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Show a moment exactly, in the person's zone."""
    return _time(value, exact_words(value) if value else "", "")


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """Return a span in at most two units, such as 1 h 16 min."""
    if seconds is None:
        return ""
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    return span_words(total)


def span_words(total: float) -> str:
    """Return a number of seconds in words of at most two units."""
    whole = int(total)
    if total < 10:  # noqa: PLR2004
        return _("%(n)s s") % {"n": f"{total:.1f}".rstrip("0").rstrip(".")}
    for size, unit, below, rest_unit in (
        (_DAY, _("d"), _HOUR, _("h")),
        (_HOUR, _("h"), _MINUTE, _("min")),
        (_MINUTE, _("min"), 1, _("s")),
    ):
        if whole >= size:
            rest = whole % size // below
            head = f"{whole // size} {unit}"
            return f"{head} {rest} {rest_unit}" if rest else head
    return f"{whole} {_('s')}"


def past_words(moment: datetime, now: datetime) -> str:
    """Return how people say a past moment: 5 min ago, 14:08, yesterday, 2 Nov."""
    seconds = (now - moment).total_seconds()
    if seconds < 45:  # noqa: PLR2004
        return _("just now")
    if seconds < _HOUR:
        minutes = max(1, round(seconds / _MINUTE))
        return ngettext("%(n)s min ago", "%(n)s min ago", minutes) % {"n": minutes}
    local, today = timezone.localtime(moment), timezone.localtime(now)
    days = (today.date() - local.date()).days
    if days == 0:
        return date_format(local, "H:i")
    if days == 1:
        return _("yesterday %(time)s") % {"time": date_format(local, "H:i")}
    return date_format(local, "j M" if local.year == today.year else "j M Y")


def due_words(moment: datetime, now: datetime) -> str:
    """Return how people say a deadline: 38 min overdue, in 2 h 52 min, tomorrow 12:00."""
    seconds = (moment - now).total_seconds()
    whole = max(_MINUTE, abs(seconds) // _MINUTE * _MINUTE)
    if seconds < 0:
        return _("%(span)s overdue") % {"span": span_words(whole)}
    local, today = timezone.localtime(moment), timezone.localtime(now)
    days = (local.date() - today.date()).days
    if days == 0 or seconds < 6 * _HOUR:
        return _("in %(span)s") % {"span": span_words(whole)}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": date_format(local, "H:i")}
    return date_format(local, "D j M" if local.year == today.year else "j M Y")


def exact_words(moment: datetime) -> str:
    """Return a moment to the second, in the person's zone, with the zone's name."""
    return date_format(timezone.localtime(moment), "D j M Y, H:i:s T")


def _time(moment: datetime | None, words: str, kind: str, extra: str = "") -> SafeString:
    if moment is None:
        return format_html('<span class="muted">{}</span>', _("never"))
    return format_html(
        '<time datetime="{}" title="{}" data-time="{}" class="nb {}">{}</time>',
        moment.isoformat(),
        exact_words(moment),
        kind,
        extra,
        words,
    )


@register.simple_tag(takes_context=True)
def island(context: template.Context, name: str) -> SafeString:
    """Load an entry of the browser bundle: its styles, its chunks, and the script with the nonce.

    Answers nothing where the bundle has not been built: the page works, its alive part sleeps.
    """
    found = bundle.entry(name)
    if found is None:
        return SafeString()
    request = context.get("request")
    nonce = str(getattr(request, "csp_nonce", ""))
    styles = format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(path),) for path in found.styles)
    )
    preload = format_html_join(
        "", '<link rel="modulepreload" href="{}">', ((static(path),) for path in found.preload)
    )
    script = format_html(
        '<script type="module" src="{}" nonce="{}"></script>', static(found.script), nonce
    )
    return styles + preload + script
