"""``frontdoor db reseal``: the change of a data key as ``docs/restore.md`` has it."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner, Result

from bot import cli
from bot.settings import load_settings, make_core
from core.context import Core
from core.secrets import new_key
from tests.builders import an_account

KEY = "FRONTDOOR_DATA_KEY"


def reseal() -> Result:
    return CliRunner().invoke(cli.frontdoor, ("db", "reseal"))


def test_after_it_the_old_key_can_go(house: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    account, old, new = an_account(house), os.environ[KEY], new_key()
    monkeypatch.setenv(KEY, f"{new},{old}")
    said = reseal()
    assert (said.exit_code, said.output.splitlines()[0]) == (0, "accounts: 1 rows sealed anew")
    assert said.output.splitlines()[-1].startswith("All is sealed with the first key")
    monkeypatch.setenv(KEY, new)
    assert reseal().output == said.output.splitlines()[-1] + "\n"
    core = make_core(load_settings())
    with core.store.reading() as session:
        assert core.vault.open(session.get_one(type(account), account.id).name) == "陳怡君"
    core.store.close()


def test_what_is_left_is_counted_and_no_success(house: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    an_account(house)
    monkeypatch.setenv(KEY, new_key())
    said = reseal()
    assert said.exit_code == 1
    assert str(said.exception).startswith("1 rows are still sealed with another key than the first")
