"""``frontdoor api-key``: the key is printed once, and then is nowhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from bot import cli
from core.access import Actor
from core.audit import Door
from core.clock import SystemClock
from core.context import Core
from core.machines.models import Scope
from core.machines.service import TooFast, enter

Run = Callable[..., Result]


@pytest.fixture
def core(house: Core) -> Core:
    """The case module on the database that the command opens."""
    return replace(house, clock=SystemClock())


@pytest.fixture
def run(core: Core) -> Run:
    assert core.policy.api_calls_at_once > 1
    return lambda *words: CliRunner().invoke(cli.frontdoor, ["api-key", *words])


def shown(core: Core, key: str) -> Actor | TooFast | None:
    with core.transaction(Actor(name="visitor"), Door.API) as ctx:
        return enter(ctx, key)


def test_the_key_is_printed_once_and_opens_what_was_said(core: Core, run: Run) -> None:
    made = run("create", "main-system", "--scope", "otp, facts")
    key = made.output.strip()
    assert (made.exit_code, len(made.output.splitlines())) == (0, 1)
    who = shown(core, key)
    assert isinstance(who, Actor)
    assert who.scopes == frozenset({Scope.OTP, Scope.FACTS})
    listed = run("list").output
    assert "main-system\tfacts,otp\t" in listed
    assert "keys: 1" in listed
    assert key not in listed


def test_a_revoked_key_opens_nothing_and_is_listed_so(core: Core, run: Run) -> None:
    key = run("create", "main-system", "--scope", "otp").output.strip()
    assert run("revoke", "main-system").exit_code == 0
    assert shown(core, key) is None
    assert "revoked" in run("list").output


@pytest.mark.parametrize("words", [
    ("create", "Main System", "--scope", "otp"), ("create", "ok", "--scope", "everything"),
    ("create", "ok", "--scope", " , "), ("create", "ok"), ("revoke", "nobody"),
])  # fmt: skip
def test_bad_input_is_one_line_and_ends_with_2(
    run: Run, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list").exit_code == 0
    monkeypatch.setattr(sys, "argv", ["frontdoor", "api-key", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
