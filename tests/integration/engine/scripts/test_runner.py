"""Scripts give values or are refused in words, and whatever they try ends with them alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.scripts import Limits, Runner, RunnerLost, ScriptFailed
from tests.support.shared import SHARED

ROOT = Path(__file__).resolve().parents[4]
SECURITY = SHARED / "security"
#: Short, so that endless scripts do not make the tests long.
QUICK = Limits(seconds=1.0)
SPIN = "def spin():\n  for i in range(1000000000):\n    pass\nresult = spin()"


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(QUICK) as runner:
        yield runner


def refusal(runner: Runner, source: str, context: dict[str, Any] | None = None) -> ScriptFailed:
    with pytest.raises(ScriptFailed) as failed:
        runner.run(source, context or {})
    return failed.value


# What a script gives


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("r=1+1", 2),
        ("1+1", 2),
        ("a = 1\na += 2", 3),
        ("result = 1\nother = 2", 1),
        ("if True:\n  result = [1]\nelse:\n  result = []", [1]),
        ("total = 0\nfor n in [1, 2, 3]:\n  total += n\ntotal", 6),
        ("def double(x):\n  return 2 * x\ndouble(21)", 42),
        ("sorted([x for x in [3, 1, 2] if x > 1])", [2, 3]),
        ("{'a': (1, None), 'b': {'c': True}}", {"a": [1, None], "b": {"c": True}}),
        ("struct(a = 1)", {"a": 1}),
        ("json.decode('[1, 2]')", [1, 2]),
        ("'{} {}'.format('a', 1)", "a 1"),
        ("f = lambda x: x + 1\nf(1)", 2),
        ("3 / 2", 1.5),
        ("10000000000000000000000000000000000000000 + 1", 10**40 + 1),
        ("1e300 * 1e300", None),
        ("print('seen by nobody')\n'é😀'", "é😀"),
    ],
)
def test_a_script_gives_its_result_or_its_last_value(
    runner: Runner, source: str, value: object
) -> None:
    assert runner.run(source, {}) == value


def test_the_context_gives_the_globals_exactly(runner: Runner) -> None:
    context: dict[str, Any] = {"a": 10**30, "b": 0.1, "c": [{"d": None}, True], "e": "ä\n\0"}

    assert runner.run("[a, b, c, e]", context) == list(context.values())
    assert runner.run("c.append(1)\nlen(c)", context) == 3
    assert len(context["c"]) == 2, "what a script changes is its own copy"


def test_context_and_result_may_be_large_up_to_a_limit(runner: Runner) -> None:
    size = QUICK.size - 2
    most = "x" * (size - len('{"a": }'))

    assert runner.run(f"'x' * {size}", {}) == "x" * size
    assert runner.run("len(a)", {"a": most}) == len(most)
    assert refusal(runner, f"'x' * {size + 1}").code == "script_result_large"
    assert refusal(runner, "a", {"a": most + "x"}).code == "script_input_large"
    assert refusal(runner, "#" * (QUICK.size + 1)).code == "script_input_large"


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("1 +", "script_unreadable", "line 1, column 4: unexpected"),
        ("x = 1\nwhile x:\n  pass", "script_unreadable", "line 2, column 1"),
        ("import os", "script_unreadable", "line 1, column 1"),
        ("1\n1 // 0", "script_failed", "line 2, column 1: Floor division by zero"),
        ("fail('no server left')", "script_failed", "no server left"),
        ("missing", "script_failed", "Variable `missing` not found"),
        ("def f():\n  pass", "script_without_result", "assign to `result`"),
        ("", "script_without_result", "assign to `result`"),
        ("a, b = 1, 2", "script_without_result", "assign to `result`"),
        ("len", "script_result_unfit", "JSON"),
        ("x = []\nx.append(x)\nx", "script_result_unfit", "JSON"),
        ("{(1, 2): 3}", "script_result_unfit", "JSON"),
        ("1 << 100000", "script_result_unfit", "4300 digits"),
        ("[{'a': 1 << 100000}]", "script_result_unfit", "4300 digits"),
        ("'\ud800'", "script_ended", "could not be evaluated"),
        (r"fail('a\x00b\x1b[2J')", "script_failed", "a\ufffdb\ufffd[2J"),
    ],
)
def test_a_script_without_a_value_says_why(
    runner: Runner, source: str, code: str, words: str
) -> None:
    failed = refusal(runner, source)

    assert failed.code == code
    assert words in failed.sentence
    assert failed.sentence.endswith(".")


def test_a_context_that_no_script_can_take_is_refused(runner: Runner) -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]

    for unfit in ("\ud800", deep, float("nan"), object()):
        assert refusal(runner, "a", {"a": unfit}).code == "script_input_unfit"


# What a script cannot do

DEEP = 5_000
ATTACKS = {
    "endless loop": SPIN,
    "endless loop in loops": "[1 for a in range(99999) for b in range(99999)]",
    "endless recursion": "def f(n):\n  return f(n + 1)\nf(0)",
    "mutual recursion": "def f(n):\n  return g(n)\ndef g(n):\n  return f(n)\nf(0)",
    "text that doubles": "s = 'a'\nfor i in range(40):\n  s = s + s\nlen(s)",
    "list that doubles": "s = [1]\nfor i in range(40):\n  s = s + s\nlen(s)",
    "list at once": "len([0] * 2000000000)",
    "range made whole": "len(list(range(1000000000)))",
    "giant number": "n = 3\nfor i in range(40):\n  n = n * n\nn",
    "giant shift": "1 << 1000000000",
    "format bomb": "'{}{}'.format('a' * 900000000, 'a' * 900000000)",
    "percent bomb": "'%s%s' % ('a' * 900000000, 'a' * 900000000)",
    "join bomb": "('a' * 100000).join(['b'] * 100000)",
    "replace bomb": "('a' * 100000).replace('a', 'b' * 100000)",
    "shared value written out": "v = [1]\nfor i in range(40):\n  v = [v, v]\nv",
    "huge result": "'a' * 100000000",
    "deep result": f"v = []\nfor i in range({DEEP}):\n  v = [v]\nv",
    "very deep result": "v = []\nfor i in range(1000000):\n  v = [v]\nv",
    "deep result as text": f"v = []\nfor i in range({DEEP}):\n  v = [v]\njson.encode(v)",
    "deep text read": f"json.decode('[' * {DEEP} + ']' * {DEEP})",
    "deep source": "[" * DEEP + "]" * DEEP,
    "deep signs": "x = " + "-" * 100_000 + "1",
    "endless output": "for i in range(1000000000):\n  print('x' * 10000)",
    "load a file": 'load("/etc/hostname", "x")\nr = 1',
    "open a file": "open('/etc/passwd')",
    "import": "__import__('os').system('id')",
    "through the class": "().__class__.__mro__[1].__subclasses__()",
    "through getattr": "getattr('', '__class__')",
    "through a format": "'{0.__class__}'.format(1)",
    "through an f-string": "x = 1\nf'{x.__class__}'",
    "through the type": "type(1).mro()",
    "python's builtins": "__builtins__",
    "eval": "eval('1')",
    "exec": "exec('1')",
    "a pointer in a text": "'a\\0b'[99999999]",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_script_tries_ends_with_it(runner: Runner, name: str) -> None:
    assert runner.run("1", {}) == 1
    before = program_of(runner)
    began = time.monotonic()

    failed = refusal(runner, ATTACKS[name])

    assert time.monotonic() - began < QUICK.seconds + 0.5
    assert failed.code not in {"script_ended", "script_input_large"}
    assert failed.sentence[0].isupper()
    assert program_of(runner) == before, "the program itself has gone on"
    assert runner.run("1", {}) == 1


def test_an_attack_on_memory_is_told_from_one_on_time(runner: Runner) -> None:
    assert refusal(runner, SPIN).sentence == "The script was ended after 1 s. Let it do less."
    memory = refusal(runner, ATTACKS["list at once"])
    assert (memory.code, "256 MiB" in memory.sentence) == ("script_memory", True)
    assert refusal(runner, ATTACKS["very deep result"]).code == "script_depth"
    assert refusal(runner, "v = []\nfor i in range(100):\n  v = [v]\nv").code == "script_depth"
    assert "nested too deeply" in refusal(runner, ATTACKS["deep result"]).sentence


def test_the_given_cases_end_as_they_must() -> None:
    if not SECURITY.is_dir():
        pytest.skip("the shared security cases are not here")
    cases = json.loads((SECURITY / "cases.json").read_text())["cases"]

    with Runner() as runner:
        for case in (case for case in cases if case["op"] == "script.run"):
            for source in (case["input"]["source"], *case["input"].get("also", ())):
                began = time.monotonic()
                if case["expect"] == "value":
                    assert runner.run(source, {}) == case["value"], case["id"]
                else:
                    assert refusal(runner, source), case["id"]
                assert time.monotonic() - began < 5, case["id"]


# What the kernel says about a script that runs


def test_a_running_script_has_nothing(runner: Runner) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may look into the process of a script")
    with spinning(runner) as pid:
        place = Path(f"/proc/{pid}")
        status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines())

        assert (place / "environ").read_bytes() == b""
        assert sorted(os.listdir(place / "fd")) == ["0", "1", "2"]  # noqa: PTH208
        assert [(place / "fd" / name).readlink().name for name in ("1", "2")] == ["null"] * 2
        assert status["Uid"].split() == status["Gid"].split() == ["60600"] * 4
        assert status["Groups"].strip() == ""
        assert [int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")] == [0, 0, 0]
        assert status["NoNewPrivs"] == "1"
        assert "deleted" in str((place / "cwd").readlink())


def test_a_running_script_has_limits_it_cannot_raise(runner: Runner) -> None:
    with spinning(runner) as pid:
        assert limits(pid) == {
            "address space": QUICK.memory,
            "cpu time": 2,
            "processes": 0,
            "open files": 0,
            "file size": 0,
            "core file size": 0,
        }


def test_a_running_script_has_a_network_of_its_own_where_the_kernel_permits(
    runner: Runner,
) -> None:
    probe = ["unshare", "--net", "true"]
    if os.geteuid() != 0 or subprocess.run(probe, check=False).returncode:  # noqa: S603
        pytest.skip("the kernel gives no network namespace here")
    with spinning(runner) as pid:
        assert Path(f"/proc/{pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
        assert [line.split(":")[0].strip() for line in interfaces] in ([], ["lo"])


# The program and its children


def test_scripts_at_once_know_nothing_of_each_other(runner: Runner) -> None:
    def work(number: int) -> object:
        if number % 5 == 0:
            return refusal(runner, SPIN).code
        if number % 5 == 1:
            return refusal(runner, ATTACKS["list at once"]).code
        return runner.run("x = [n] * 3\nx", {"n": number})

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(work, range(30)))

    known = {0: "script_slow", 1: "script_memory"}
    assert found == [known.get(number % 5, [number] * 3) for number in range(30)]


def test_a_program_that_died_is_started_again() -> None:
    with Runner(QUICK) as runner:
        assert runner.run("1", {}) == 1
        first = program_of(runner)
        os.kill(first, signal.SIGKILL)
        until(lambda: not is_alive(first))

        assert runner.run("2", {}) == 2
        assert program_of(runner) != first


def test_a_program_that_dies_under_a_script_is_said_to_be_lost() -> None:
    with Runner(QUICK) as runner, ThreadPoolExecutor(1) as pool:
        runner.run("1", {})
        ran = pool.submit(runner.run, SPIN, {})
        child = wait_for_child(program_of(runner))
        os.kill(program_of(runner), signal.SIGKILL)

        with pytest.raises(RunnerLost):
            ran.result()
        until(lambda: not is_alive(child))
        assert runner.run("1", {}) == 1


def test_a_script_whose_time_is_up_leaves_no_process(runner: Runner) -> None:
    with spinning(runner) as pid:
        assert is_alive(pid)

    # Not even a dead one that nobody has asked after.
    until(lambda: not is_alive(pid) and children(program_of(runner)) == [])


def test_nothing_outlives_a_worker_that_was_killed() -> None:
    script = f"from engine.scripts import Runner; Runner().run({SPIN!r}, {{}})"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as worker:  # noqa: S603
        until(lambda: bool(children(worker.pid)))
        (zygote,) = children(worker.pid)
        child = wait_for_child(zygote)
        worker.kill()

    until(lambda: not is_alive(zygote) and not is_alive(child))


def test_a_process_that_forked_starts_its_own(runner: Runner) -> None:
    runner.run("1", {})
    mine = program_of(runner)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            runner.run("1", {})
            os.write(writing, str(program_of(runner)).encode())
            runner.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    theirs = int(os.read(reading, 20))
    os.close(reading)
    os.close(writing)

    assert theirs != mine
    assert program_of(runner) == mine
    assert runner.run("1", {}) == 1


# Looking at processes


def program_of(runner: Runner) -> int:
    assert runner.pid is not None
    return runner.pid


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(text) for text in found.split()]


def limits(pid: int) -> dict[str, int]:
    """Return the hard limits of a process that are numbers."""
    names = "address space|cpu time|processes|open files|file size|core file size"
    text = Path(f"/proc/{pid}/limits").read_text()
    rows = re.findall(rf"^Max ({names}) +\S+ +(\d+) ", text, re.MULTILINE)
    return {name: int(hard) for name, hard in rows}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_child(pid: int) -> int:
    until(lambda: bool(children(pid)))
    return children(pid)[0]


@contextmanager
def spinning(runner: Runner) -> Iterator[int]:
    """Yield the process of a script that runs until its time is up."""
    runner.run("1", {})
    with ThreadPoolExecutor(1) as pool:
        ran = pool.submit(refusal, runner, SPIN)
        child = wait_for_child(program_of(runner))
        until(lambda: limits(child)["open files"] == 0)
        yield child
        assert ran.result().code == "script_slow"


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
