from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.context import Core
from core.dispatches.models import DispatchState
from core.duties.models import Duty
from core.duties.plans import DutyKind
from tests import builders
from tests.duties import a_duty, owe


def test_builders_work_alone_and_inside_a_transaction(core: Core) -> None:
    school = builders.a_unit(core)
    bound = builders.a_bound_account(core, school)
    dispatch = builders.a_dispatch(core, school, responsible=bound.account, child="王大文")
    check = builders.a_check(core, school)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for about in (dispatch, check, bound.account):
            a_duty(ctx, about, due_at=ctx.now + timedelta(days=1))
        builders.an_account(ctx)
        builders.an_account(ctx, school)
        assert ctx.vault.open(dispatch.case.child_name) == "王大文"
        assert len(list(ctx.session.scalars(select(Duty)))) == 3
        assert len(list(ctx.session.scalars(select(Account)))) == 3


def test_the_check_digit_is_that_of_the_specimen_card() -> None:
    assert builders.check_digit("A12345678") == "9"


@pytest.mark.parametrize(("number", "expected"), [(1, "A19990001"), (9999, "A19999999")])
def test_invented_national_ids_are_clearly_invented(number: int, expected: str) -> None:
    assert builders.a_national_id(number)[:9] == expected


def test_many_accounts_have_different_codes(core_sqlite: Core) -> None:
    school = builders.a_unit(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        codes = {builders.an_account(ctx, school).code for _ in range(50)}
    assert len(codes) == 50


def test_what_is_owed_is_opened_as_the_rules_say(core: Core) -> None:
    school = builders.a_unit(core)
    reply = owe(core, builders.a_dispatch(core, school))
    check = owe(core, builders.a_check(core, school))
    assert (reply.kind, check.kind) == (DutyKind.REPLY, DutyKind.CHECK)
    assert reply.due_at > check.due_at
    assert check.remind_at is not None


def test_nothing_is_owed_for_what_is_done(core_sqlite: Core) -> None:
    with pytest.raises(AssertionError, match="已結案"):
        owe(core_sqlite, builders.a_dispatch(core_sqlite, state=DispatchState.CLOSED))
