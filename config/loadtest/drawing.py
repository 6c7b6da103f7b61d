"""The rows as people see them: bars of text in a terminal, and the same as a picture (SVG)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from config.loadtest.figures import Row, spread

_WIDTH = 30
#: A bar that is full is so many times the bound: the bound stands in the middle.
_FULL = 2.0
_LINE, _TOP, _LEFT, _BAR = 54, 84, 24, 400


def chart(rows: Sequence[Row]) -> str:
    """Return two lines a row: the ratio as a bar, on which `│` is the bound; and the figures."""
    return "\n".join(line for row in rows for line in _lines(row))


def picture(rows: Sequence[Row], title: str) -> str:
    """Return the rows as an SVG that needs nothing else, in light and dark."""
    height = _TOP + _LINE * len(rows) + 16
    drawn = "\n".join(_drawn(row, _TOP + _LINE * place) for place, row in enumerate(rows))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 940 {height}" role="img">
<title>Load test</title>
<style>
svg {{ font: 13px system-ui, sans-serif; background: #fff; fill: #1c2024 }}
.quiet {{ fill: #60646c; font-size: 11px }} .rail {{ fill: #e8e8ec }}
.goal {{ fill: #2b7a4b }} .holds {{ fill: #3e63dd }} .missed {{ fill: #cd2b31 }}
.bound {{ stroke: #1c2024; stroke-width: 2 }}
@media (prefers-color-scheme: dark) {{
svg {{ background: #111113; fill: #edeef0 }} .quiet {{ fill: #b0b4ba }} .rail {{ fill: #2e3135 }}
.goal {{ fill: #46a758 }} .holds {{ fill: #849dff }} .missed {{ fill: #ff6369 }}
.bound {{ stroke: #edeef0 }} }}
</style>
<text x="{_LEFT}" y="28" font-size="17" font-weight="600">Load test</text>
<text x="{_LEFT}" y="48" class="quiet">{escape(title)}</text>
{drawn}
</svg>
"""


def _lines(row: Row) -> list[str]:
    if row.missing:
        return [f"  {row.name}", f"    not measured: {row.missing}"]
    filled = round(_WIDTH * _share(row))
    bar = list("█" * filled + "·" * (_WIDTH - filled))
    bar[_WIDTH // 2] = "│"
    return [f"  {row.name}", f"    {''.join(bar)}  {_words(row)}", f"    {_pair(row)}"]


def _share(row: Row) -> float:
    """Return how much of a bar the ratio fills."""
    return min(1.0, row.ratio / row.bound.value / _FULL) if math.isfinite(row.ratio) else 1.0


def _words(row: Row) -> str:
    word = "at least" if row.bound.most is None else "at most"
    goal = "" if row.bound.goal is None else f", goal {row.bound.goal:g}"
    noise = ", NOISY: the limit moved" if row.is_noisy else ""
    return f"{row.ratio:.2f} ({word} {row.bound.value:g}{goal}): {_verdict(row)}{noise}"


def _verdict(row: Row) -> str:
    if not row.holds:
        return "MISSED"
    return "goal reached" if row.reaches_goal else "holds"


def _pair(row: Row) -> str:
    ours, theirs = (_figures(values, row.unit) for values in (row.ours, row.theirs))
    ratios = spread(row.ratios)
    between = f"; ratios {_number(ratios['min'])} to {_number(ratios['max'])}"
    return f"{ours} v {theirs}{between if len(row.ours) > 1 else ''}"


def _figures(values: Sequence[float], unit: str) -> str:
    """Return median, least and most in one unit."""
    found = spread(values)
    middle = f"{_number(found['median'])} {unit}".strip()
    if len(values) == 1:
        return middle
    return f"{middle} [{_number(found['min'])}, {_number(found['max'])}]"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004  (three digits)


def _drawn(row: Row, top: int) -> str:
    head = f'<text x="{_LEFT}" y="{top}">{escape(row.name)}</text>'
    words = row.missing and f"not measured: {row.missing}"
    if words:
        return f'{head}<text x="{_LEFT}" y="{top + 20}" class="quiet">{escape(words)}</text>'
    kind = {"MISSED": "missed", "holds": "holds", "goal reached": "goal"}[_verdict(row)]
    middle, beside = _LEFT + _BAR / 2, _LEFT + _BAR + 16
    return (
        f'{head}<rect x="{_LEFT}" y="{top + 9}" width="{_BAR}" height="12" rx="2" class="rail"/>'
        f'<rect x="{_LEFT}" y="{top + 9}" width="{_BAR * _share(row):.1f}" height="12" rx="2"'
        f' class="{kind}"/><line x1="{middle}" x2="{middle}" y1="{top + 6}" y2="{top + 24}"'
        f' class="bound"/><text x="{beside}" y="{top + 13}">{escape(_words(row))}</text>'
        f'<text x="{beside}" y="{top + 28}" class="quiet">{escape(_pair(row))}</text>'
    )
