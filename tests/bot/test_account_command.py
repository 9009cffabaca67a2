"""``frontdoor account``: accounts and passwords, and no ID or password among the arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot import cli
from bot.commands import accounts
from core.accounts.models import Account, Role
from core.accounts.passwords import SignedIn, check_password
from core.audit import Door
from core.clock import SystemClock
from core.context import Core
from tests.builders import a_national_id, a_unit

Run = Callable[..., Result]
NATIONAL_ID, PASSWORD = a_national_id(123), "Correct-Horse-2026"
CODE = f"AB{NATIONAL_ID[-4:]}"  # ACC-1
ACCOUNT = (
    "create", CODE, "--name", "王小明", "--email", "ab1234@ntpc.example", "--unit", "S01", "--role", "承辦人",
    "--starts", "113/08/01", "--ends", "189/07/31", "--permission", "90097",
)  # fmt: skip


@pytest.fixture
def core(house: Core) -> Core:
    """The case module on the database that the command opens, with one school in it."""
    a_unit(house, code="S01")
    return replace(house, clock=SystemClock())


@pytest.fixture
def run(core: Core) -> Run:
    assert core.vault is not None
    return lambda *words, typed: CliRunner().invoke(cli.frontdoor, ["account", *words], input=typed)


def the_account(core: Core) -> Account | None:
    with core.store.reading() as session:
        return session.scalar(select(Account).where(Account.code == CODE))


def test_the_national_id_is_read_from_standard_input(core: Core, run: Run) -> None:
    made = run(*ACCOUNT, typed=f"{NATIONAL_ID}\r\n")
    assert (made.exception, made.output) == (None, f"{CODE}: added\n")
    account = the_account(core)
    assert account is not None
    assert core.vault.open(account.national_id) == NATIONAL_ID
    assert account.role is Role.CASEWORKER


def test_where_somebody_types_it_is_asked_for_and_not_shown(
    core: Core, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "is_typed", lambda: True)
    made = run(*ACCOUNT, typed=f"{NATIONAL_ID}\n")
    assert "National ID: " in made.output
    assert NATIONAL_ID not in made.output
    assert the_account(core) is not None


@pytest.mark.parametrize("typed", ["", "\n", "A123\n"])
def test_without_a_right_national_id_nothing_is_made(core: Core, run: Run, typed: str) -> None:
    refused = run(*ACCOUNT, typed=typed)
    assert "身分證" in str(refused.exception)
    assert the_account(core) is None


def test_a_password_is_read_the_same_way(core: Core, run: Run) -> None:
    run(*ACCOUNT, typed=NATIONAL_ID)
    done = run("password", CODE, typed=f"{PASSWORD}\n")
    assert (done.exit_code, done.output) == (0, f"{CODE}: password set\n")
    with core.transaction(accounts.ACTOR, Door.COMMAND) as ctx:
        assert isinstance(check_password(ctx, CODE, PASSWORD), SignedIn)


def test_no_command_takes_what_nobody_else_may_read_as_an_argument() -> None:
    """Whoever is on the machine sees the arguments of others' commands."""
    names = {
        name for command in _every(cli.frontdoor) for each in command.params for name in (each.name or "", *each.opts)
    }
    secret = {name for name in names for part in ("national", "password", "secret", "token", "birth") if part in name}
    assert len(names) > 20
    assert secret == set()


def _every(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _every(found)
