"""Set-up's judgements: which Node will do, which licences we ship, what is up to date."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from config.console import Console, Trouble, spoken, unforeseen
from config.setup import licences, stamps
from config.setup.bundle import is_new_enough
from config.setup.licences import Component
from config.setup.tools import Tools

_WATERMARK = "The source code responsible for displaying the bpmn.io project\nwatermark must stay."


@pytest.mark.parametrize(
    ("version", "will_do"),
    [
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("nonsense", False),
        ("", False),
    ],
)
def test_only_a_node_that_vite_runs_on_will_do(version: str, *, will_do: bool) -> None:
    assert is_new_enough(version) is will_do


@pytest.mark.parametrize(
    ("declared", "accepted"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("(MIT AND BSD-3-Clause)", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("SEE LICENSE IN LICENSE", False),
        ("", False),
    ],
)
def test_a_licence_is_accepted_only_when_its_terms_are_known(
    declared: str, *, accepted: bool
) -> None:
    assert Component("thing", "1", declared, ("some text",)).is_accepted is accepted


def test_bpmn_ios_own_terms_are_accepted_for_what_they_say() -> None:
    assert Component("bpmn-js", "1", "SEE LICENSE IN LICENSE", (_WATERMARK,)).is_accepted


def test_a_refusal_names_the_package_its_terms_and_the_way_out() -> None:
    with pytest.raises(Trouble) as caught:
        licences.check([Component("odd", "1", "AGPL-3.0-only", ())])

    assert "odd (AGPL-3.0-only)" in caught.value.what
    assert "config/setup/licences.py" in caught.value.way_out


def test_terms_of_a_package_older_than_npms_field_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules" / "props"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "component-props", "version": "1.1.1"}')
    (folder / "component.json").write_text('{"name": "props", "license": "MIT"}')
    lock = tmp_path / "package-lock.json"
    lock.write_text('{"packages": {"node_modules/props": {}}}')

    [found] = licences.npm_components(lock)

    assert (found.name, found.declared) == ("component-props", "MIT")


def test_a_stamp_holds_until_one_of_its_inputs_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one")
    stamps.write(stamp, stamps.digest("3.11", source))

    assert stamps.holds(stamp, stamps.digest("3.11", source))

    source.write_text("two")
    assert not stamps.holds(stamp, stamps.digest("3.11", source))


def test_inputs_that_run_together_differ_from_inputs_apart() -> None:
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_a_renamed_file_changes_the_digest_of_its_tree(tmp_path: Path) -> None:
    before, after = tmp_path / "before.ts", tmp_path / "after.ts"
    before.write_text("same")
    first = stamps.tree_digest([before], tmp_path)
    before.rename(after)

    assert stamps.tree_digest([after], tmp_path) != first


def test_a_tool_that_fails_gives_the_line_that_says_why(tmp_path: Path) -> None:
    console = Console(io.StringIO())
    complaint = "echo starting; echo 'error during build:'; echo 'no such module x'; exit 1"

    with pytest.raises(Trouble) as caught, console.step("Bundle", "building") as step:
        Tools(tmp_path).run(step, ["sh", "-c", complaint])

    assert "error during build: no such module x" in caught.value.what
    assert "var/log/setup.log" in caught.value.way_out


def test_a_tool_without_a_network_says_so_in_our_words(tmp_path: Path) -> None:
    console = Console(io.StringIO())
    complaint = "echo 'npm error code ENOTFOUND'; exit 1"

    with pytest.raises(Trouble) as caught, console.step("Packages", "installing") as step:
        Tools(tmp_path).run(step, ["sh", "-c", complaint])

    assert "could not reach its package registry" in caught.value.what
    assert "same command again" in caught.value.way_out


def test_a_step_that_fails_leaves_no_line_that_says_it_was_done() -> None:
    out = io.StringIO()

    with pytest.raises(Trouble), Console(out).step("Licences", "all accepted"):
        licences.check([Component("odd", "1", "AGPL-3.0-only", ())])

    assert out.getvalue() == ""


def test_what_nobody_foresaw_is_a_line_for_people_and_a_trace_in_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log" / "supervisor.log"

    trouble = unforeseen(ValueError("odd\nand long"), log)

    assert trouble.what == "Something went wrong that should not: ValueError: odd"
    assert str(log) in trouble.way_out
    assert "ValueError: odd" in log.read_text()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (41.2, "41 s"), (125, "2 min 05 s")],
)
def test_a_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
