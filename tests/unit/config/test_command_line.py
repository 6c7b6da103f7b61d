"""What a command typed in a checkout is told: by the shell, by the installation, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.command_line import environment
from config.console import Trouble


def test_the_environment_of_a_server_is_left_as_it_is(tmp_path: Path) -> None:
    told = environment("migrate", {"SECRET_KEY": "given"}, tmp_path)

    assert told == {"INTERLOCK_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}


def test_a_command_about_files_needs_no_installation(tmp_path: Path) -> None:
    told = environment("feel", {}, tmp_path)

    assert told["INTERLOCK_ROLE"] == "app"
    assert told["SECRET_KEY"] != environment("feel", {}, tmp_path)["SECRET_KEY"]
    assert not list(tmp_path.iterdir())


def test_any_other_command_says_that_there_is_no_installation(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"`verify_audit` needs an installation.*make up"):
        environment("verify_audit", {}, tmp_path)


@pytest.mark.parametrize(
    ("command", "role"), [("migrate", "owner"), ("verify_audit", "audit"), ("feel", "app")]
)
def test_in_a_checkout_that_is_set_up_it_signs_in_as_its_role(
    command: str, role: str, tmp_path: Path
) -> None:
    kept = tmp_path / "var" / "secrets"
    kept.mkdir(parents=True, mode=0o700)
    (kept / "secret-key").write_text("the-key-of-this-installation", encoding="ascii")

    told = environment(command, {}, tmp_path)

    assert told["SECRET_KEY"] == "the-key-of-this-installation"
    address = "DATABASE_URL" if role == "owner" else f"DATABASE_URL_{role.upper()}"
    assert f"interlock_{role}" in told[address]
