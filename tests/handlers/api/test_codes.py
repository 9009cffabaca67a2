"""Codes asked for by another system: the answer tells of no account whether it is there, but where a code went."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.accounts.models import Account, CodeChannel
from core.context import Core
from tests.builders import a_bound_account, an_account
from tests.handlers.api.conftest import Caller, said

ACCOUNTS: dict[str, Callable[[Core], Account]] = {
    "by mail": an_account,
    "bound, by mail": lambda core: a_bound_account(core).account,
    "LINE blocked": lambda core: (
        a_bound_account(core, code_channel=CodeChannel.LINE, blocked_at=core.clock.now()).account
    ),
    "disabled": lambda core: an_account(core, disabled_at=core.clock.now()),
}


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_a24_an_ask_is_answered_as_for_an_account_that_is_not_there(
    core_sqlite: Core, caller: Caller, kind: str
) -> None:
    known, unknown = (
        caller.posts("otp", {"account": code, "purpose": "main_system"})
        for code in (ACCOUNTS[kind](core_sqlite).code, "ZZ0000")
    )
    assert known.status_code == unknown.status_code == 201
    assert {**said(known), "challenge": ""} == {**said(unknown), "challenge": ""}
    assert len(said(known)["challenge"]) == len(said(unknown)["challenge"])
    assert {name: value for name, value in known.headers if name != "Date"} == {
        name: value for name, value in unknown.headers if name != "Date"
    }


def test_a_code_that_goes_by_line_is_said_to_so_that_its_person_looks_there(core_sqlite: Core, caller: Caller) -> None:
    account = a_bound_account(core_sqlite, code_channel=CodeChannel.LINE).account
    assert said(caller.posts("otp", {"account": account.code, "purpose": "main_system"}))["channel"] == "line"
