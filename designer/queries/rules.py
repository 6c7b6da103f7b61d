"""Which settings of the rules of drawing hold for a process."""

from __future__ import annotations

from designer.models.rules import RuleSetting, Scope
from engine.lint import BY_CODE, Level, Setting
from governance.models.processes import Process

_NARROWER = {Scope.UNIT: 0, Scope.RISK: 1, Scope.TAG: 2}
_HEAVIER = {level: weight for weight, level in enumerate(Level)}


def settings_of(process: Process) -> dict[str, Setting]:
    """Return what was set for the rules that hold for a process.

    Among several tags with a setting, the one that weighs most holds.
    """
    rows = RuleSetting.objects.filter(unit_id=process.unit_id)
    holding = [row for row in rows if row.code in BY_CODE and _holds(row, process)]
    found: dict[str, Setting] = {}
    for row in sorted(holding, key=lambda row: (_NARROWER[Scope(row.scope)], _weight(row))):
        found[row.code] = setting_of(row)
    return found


def setting_of(row: RuleSetting) -> Setting:
    """Return what a row says; a limit that it leaves out is the usual one."""
    usual = Setting.usual(BY_CODE[row.code])
    limit = usual.limit if row.limit is None else row.limit
    return Setting(Level(row.weight), limit, tuple(row.allowed))


def _holds(row: RuleSetting, process: Process) -> bool:
    if row.scope == Scope.RISK:
        return row.value == process.risk_class
    if row.scope == Scope.TAG:
        return row.value in process.tags
    return True


def _weight(row: RuleSetting) -> int:
    return _HEAVIER[Level(row.weight)]
