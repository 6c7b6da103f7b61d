"""Charts as server-drawn SVG: they need no script, print in grey, and speak.

Text keeps its size at every width, because nothing is scaled: places along the width are
percentages of the plot, and the style sheet alone knows how wide that is. Colours are classes
(`s1`, `s2`, `s-failed`), so both themes and print are the style sheet's matter too. Every chart
carries a title, a description, and its figures as a table.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

#: Pixels. The plot leaves room below for the axis and above for a direct label.
_TOP, _BOTTOM, _HEIGHT = 20, 168, 196
_ROW, _BAR = 22, 14
_MOST_TICKS = 5
_MOST_LABELS = 7


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures; `tone` is the class of its colour: s1, s2, s3 or s-failed."""

    name: str
    values: Sequence[float]
    tone: str = "s1"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with all that a template shows of it."""

    svg: SafeString
    unit: str
    legend: Sequence[tuple[str, str]]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def stacked_bars(
    title: str, categories: Sequence[str], series: Sequence[Series], *, unit: str
) -> Chart:
    """Draw one horizontal bar a category, its series end to end."""
    totals = [sum(each.values[row] for each in series) for row in range(len(categories))]
    ticks = scale(max(totals, default=0))
    height = _ROW * max(len(categories), 1) + 28
    parts = [_upright(tick, ticks[-1], height - 24) for tick in ticks]
    for row, _name in enumerate(categories):
        parts += _stack(row, series, ticks[-1])
    labels = format_html_join(
        "",
        '<text x="0" y="{}">{}</text>',
        ((row * _ROW + 15, _cut(name, 20)) for row, name in enumerate(categories)),
    )
    return _chart(title, categories, series, unit, _svg(title, height, labels, parts, "wide"))


def bars(title: str, categories: Sequence[str], series: Series, *, unit: str) -> Chart:
    """Draw one upright bar a category; the highest carries its figure."""
    ticks = scale(max(series.values, default=0))
    parts = [_across(tick, ticks[-1]) for tick in ticks]
    share = 100 / max(len(categories), 1)
    for column, value in enumerate(series.values):
        top = _level(value, ticks[-1])
        parts.append(
            format_html(
                '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="1"/>',
                series.tone,
                _number(share * (column + 0.2)),
                _number(top),
                _number(share * 0.6),
                _number(_BOTTOM - top),
            )
        )
    parts += _peak(series.values, ticks[-1], lambda column: share * (column + 0.5))
    parts += _under(categories, lambda column: share * (column + 0.5))
    return _chart(title, categories, [series], unit, _svg(title, _HEIGHT, _scale(ticks), parts))


def line(title: str, categories: Sequence[str], series: Series, *, unit: str) -> Chart:
    """Draw figures over time as one line; the last one carries its figure."""
    ticks = scale(max(series.values, default=0))
    parts = [_across(tick, ticks[-1]) for tick in ticks]
    step = 100 / max(len(categories) - 1, 1)
    points = [
        (_number(step * column), _number(_level(value, ticks[-1])))
        for column, value in enumerate(series.values)
    ]
    parts += [
        format_html('<line class="line" x1="{}%" y1="{}" x2="{}%" y2="{}"/>', *start, *end)
        for start, end in itertools.pairwise(points)
    ]
    if points:
        x, y = points[-1]
        above = _number(float(y) - 8)
        parts.append(format_html('<circle class="dot" cx="{}%" cy="{}" r="3"/>', x, y))
        parts.append(
            format_html(
                '<text class="label" x="{}%" y="{}" text-anchor="end">{}</text>',
                x,
                above,
                figure(series.values[-1]),
            )
        )
    parts += _under(categories, lambda column: step * column, ends=True)
    return _chart(title, categories, [series], unit, _svg(title, _HEIGHT, _scale(ticks), parts))


def scale(highest: float) -> list[float]:
    """Return the ticks of an axis from 0 to at least the highest, in steps of 1, 2 or 5."""
    if highest <= 0:
        return [0, 1]
    rough = highest / (_MOST_TICKS - 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    # Counted things have no halves.
    step = max(step, 1) if float(highest).is_integer() else step
    return [step * number for number in range(math.ceil(highest / step) + 1)]


def figure(value: float) -> str:
    """Return a number as people read it: 6 519, 3.5."""
    text = f"{value:,.1f}".removesuffix(".0")
    return text.replace(",", "\u202f")


def _chart(
    title: str, categories: Sequence[str], series: Sequence[Series], unit: str, svg: SafeString
) -> Chart:
    return Chart(
        svg=svg,
        unit=unit,
        legend=[(each.tone, each.name) for each in series],
        head=[title, *(each.name for each in series)],
        rows=[
            [name, *(figure(each.values[row]) for each in series)]
            for row, name in enumerate(categories)
        ],
    )


def _svg(
    title: str, height: int, labels: SafeString, parts: Iterable[SafeString], kind: str = "tall"
) -> SafeString:
    """Return the words at the left and the plot at the right; the page's grid gives both widths."""
    return format_html(
        '<div class="plot plot--{kind}">'
        '<svg class="chart" height="{height}" aria-hidden="true">{labels}</svg>'
        '<svg class="chart" height="{height}" role="img" aria-label="{title}">'
        "<title>{title}</title><desc>{desc}</desc>{parts}</svg></div>",
        kind=kind,
        title=title,
        desc=_("The figures stand in the table below."),
        height=height,
        labels=labels,
        parts=format_html_join("", "{}", ((part,) for part in parts)),
    )


def _stack(row: int, series: Sequence[Series], highest: float) -> list[SafeString]:
    start, drawn = 0.0, []
    for each in series:
        width = 100 * each.values[row] / highest
        if width:
            drawn.append(
                format_html(
                    '<rect class="{} bar" x="{}%" y="{}" width="{}%" height="{}"/>',
                    each.tone,
                    _number(start),
                    row * _ROW + (_ROW - _BAR) // 2,
                    _number(width),
                    _BAR,
                )
            )
        start += width
    return drawn


def _upright(tick: float, highest: float, height: int) -> SafeString:
    place = _number(100 * tick / highest)
    return format_html(
        '<line class="grid" x1="{x}%" y1="0" x2="{x}%" y2="{y}"/>'
        '<text x="{x}%" y="{below}" text-anchor="middle">{words}</text>',
        x=place,
        y=height,
        below=height + 16,
        words=figure(tick),
    )


def _across(tick: float, highest: float) -> SafeString:
    kind = "axis" if tick == 0 else "grid"
    level = _number(_level(tick, highest))
    return format_html('<line class="{}" x1="0" y1="{}" x2="100%" y2="{}"/>', kind, level, level)


def _scale(ticks: Sequence[float]) -> SafeString:
    return format_html_join(
        "",
        '<text x="40" y="{}" text-anchor="end">{}</text>',
        ((_number(_level(tick, ticks[-1]) + 4), figure(tick)) for tick in ticks),
    )


def _peak(
    values: Sequence[float], highest: float, place: Callable[[int], float]
) -> list[SafeString]:
    peak = max(values, default=0)
    if not peak:
        return []
    return [
        format_html(
            '<text class="label" x="{}%" y="{}" text-anchor="middle">{}</text>',
            _number(place(list(values).index(peak))),
            _number(_level(peak, highest) - 6),
            figure(peak),
        )
    ]


def _under(
    categories: Sequence[str], place: Callable[[int], float], *, ends: bool = False
) -> list[SafeString]:
    """Label every so many categories, so that the words never touch."""
    every = max(1, math.ceil(len(categories) / _MOST_LABELS))
    last = len(categories) - 1
    return [
        format_html(
            '<text x="{}%" y="{}" text-anchor="{}">{}</text>',
            _number(place(column)),
            _HEIGHT - 10,
            _anchor(column, last) if ends else "middle",
            name,
        )
        for column, name in enumerate(categories)
        if (last - column) % every == 0
    ]


def _anchor(column: int, last: int) -> str:
    return {0: "start", last: "end"}.get(column, "middle")


def _level(value: float, highest: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / highest


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
