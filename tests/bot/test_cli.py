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
RARE = ("linebot", "aiohttp", "aiosmtpd", "authlib", "pygal", "openapi_pydantic", "bot.simulator")
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


def loaded_by(code: str, slow: tuple[str, ...]) -> str:
    """Which of these a new process has loaded after it did this, a word each."""
    asked = f"import sys; {code}; sys.stderr.write(' '.join(name for name in {slow} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stderr  # noqa: S603


def test_help_loads_nothing_that_takes_long() -> None:
    assert loaded_by("from bot import cli; cli.frontdoor(['--help'], standalone_mode=False)", SLOW) == ""


def test_a_process_loads_nothing_that_it_may_never_need() -> None:
    assert loaded_by("import bot.commands.processes, bot.app", RARE) == ""
