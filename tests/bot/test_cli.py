"""The list of commands: whole, true, and there at once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot import cli

FILES = Path(cli.__file__).parent / "commands"
SLOW = ("sqlalchemy", "pydantic", "flask", "structlog", "bot.commands")


def command(name: str) -> click.Command:
    found = cli.frontdoor.get_command(click.Context(cli.frontdoor), name)
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "sentence"), [(name, sentence) for name, (_, sentence) in cli.COMMANDS.items()])
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str, sentence: str) -> None:
    assert command(name).name == name
    assert (command(name).help or "").startswith(sentence.removesuffix("."))


def test_every_file_of_commands_is_in_the_list() -> None:
    commands = {
        each.stem
        for each in FILES.glob("*.py")
        if re.search(r"^@click\.(command|group)", each.read_text(), re.MULTILINE)
    }
    assert {where.partition(":")[0] for where, _ in cli.COMMANDS.values()} == commands


def test_the_list_is_in_the_order_of_its_names() -> None:
    assert list(cli.COMMANDS) == sorted(cli.COMMANDS)


def test_help_shows_every_command() -> None:
    shown = CliRunner().invoke(cli.frontdoor, ["--help"])
    assert shown.exit_code == 0
    for name, (_, sentence) in cli.COMMANDS.items():
        assert f"  {name} " in shown.output
        assert sentence.split()[0] in shown.output


def test_a_command_that_is_not_there_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["frontdoor", "dance"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.BAD_INPUT
    assert capsys.readouterr().err == "frontdoor: No such command 'dance'.\n"


def test_help_loads_nothing_that_takes_long() -> None:
    asked = (
        f"import sys; from bot import cli; cli.frontdoor(['--help'], standalone_mode=False); "
        f"sys.exit(any(name in sys.modules for name in {SLOW}))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
