"""Why a form came back: said where its correction is owed, to who may see names (REPLY-11, CLOSE-9, CHK-10, ACC-10)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.accounts.models import Account, Permission, Role
from core.audit import AuditRow
from core.checks.queries import check_of
from core.checks.review import return_check
from core.closures.queries import can_close
from core.closures.reviewing import return_closure
from core.context import Core
from core.dispatches.models import DispatchState, Opened
from core.dispatches.queries import case_of
from core.dispatches.reviewing import return_reply
from core.duties.plans import DutyKind
from core.duties.queries import OwedRow, owed
from core.duties.returns import SHORT, shortened
from tests.builders import a_dispatch, an_account
from tests.duties import owe
from tests.handlers.desk.conftest import a_place
from tests.handlers.desk.reviewed import Sender, a_sender
from tests.services import a_supervisor, acting

NAMED = "王小明（A199900018）沒有訪視日期"
MASKED = "王○明（A1****0018）沒有訪視日期"


@pytest.fixture
def sender(core_sqlite: Core) -> Sender:
    return a_sender(core_sqlite, a_place(core_sqlite))


@pytest.fixture
def supervisor(core_sqlite: Core, sender: Sender) -> Account:
    return a_supervisor(core_sqlite, sender.place.bureau)


def returned(sender: Sender, account: Account | None = None) -> dict[DutyKind, OwedRow]:
    """Return what an account sees of what came back, by kind; the sender, if none is named."""
    with acting(sender.core, account or sender.account) as ctx:
        return {row.kind: row for row in owed(ctx, 0, 20).rows if "returned" in row.kind.value}


def test_every_return_is_told_with_its_reason(sender: Sender, supervisor: Account) -> None:
    dispatch, closure, check = sender.reply(), sender.closure(), sender.check()
    with acting(sender.core, supervisor) as ctx:
        return_reply(ctx, dispatch, "請補訪視")
        return_closure(ctx, closure, "請補照顧情形")
        return_check(ctx, check, "請補用餐情形")
    found = returned(sender)
    assert {kind: row.reason for kind, row in found.items()} == {
        DutyKind.RETURNED_REPLY: "請補訪視",
        DutyKind.RETURNED_CLOSURE: "請補照顧情形",
        DutyKind.RETURNED_CHECK: "請補用餐情形",
    }
    with acting(sender.core, sender.account) as ctx:
        assert [part.reason for part in case_of(ctx, "WK00041").parts] == ["請補訪視"]
        assert check_of(ctx, check).reason == "請補用餐情形"
        service = ctx.session.scalars(select(Opened)).one()
        assert can_close(ctx, service.id).reason == "請補照顧情形"
        case = case_of(ctx, found[DutyKind.RETURNED_CLOSURE].number)
        assert [each.reason for each in case.closures] == ["請補照顧情形"]


def test_a_corrected_form_says_no_reason_and_one_that_came_back_again_the_new_one(
    sender: Sender, supervisor: Account
) -> None:
    dispatch, closure = sender.reply(), sender.closure()
    for reason in ("請補訪視", "請補目標"):
        with acting(sender.core, supervisor) as ctx:
            return_reply(ctx, dispatch, reason)
            return_closure(ctx, closure, reason)
        assert {row.reason for row in returned(sender).values()} == {reason}
        sender.replies(dispatch)
        sender.corrects(closure)
        assert returned(sender) == {}
        with acting(sender.core, sender.account) as ctx:
            assert [part.reason for part in case_of(ctx, "WK00041").parts] == [""]


def test_the_child_and_ids_stay_masked_in_a_reason(sender: Sender, supervisor: Account) -> None:
    dispatch = sender.reply()
    with acting(sender.core, supervisor) as ctx:
        return_reply(ctx, dispatch, NAMED)
    assert returned(sender)[DutyKind.RETURNED_REPLY].reason == MASKED


def test_who_may_not_see_names_reads_no_reason(sender: Sender, supervisor: Account) -> None:
    dispatch = sender.reply()
    with acting(sender.core, supervisor) as ctx:
        return_reply(ctx, dispatch, "請補訪視")
    contact = an_account(sender.core, sender.place.bureau, role=Role.CONTACT, permissions=(Permission.CONTACT,))
    assert returned(sender, contact)[DutyKind.RETURNED_REPLY].reason == ""
    assert returned(sender, supervisor)[DutyKind.RETURNED_REPLY].reason == "請補訪視"


def test_a_return_that_the_main_system_alone_knows_has_no_reason(sender: Sender) -> None:
    at = sender.core.clock.now()
    dispatch = a_dispatch(sender.core, sender.place.school, state=DispatchState.RETURNED, returned_at=at)
    owe(sender.core, dispatch)
    assert returned(sender)[DutyKind.RETURNED_REPLY].reason == ""


def test_that_a_reason_was_shown_is_in_the_audit(sender: Sender, supervisor: Account) -> None:
    dispatch = sender.reply()
    with acting(sender.core, supervisor) as ctx:
        return_reply(ctx, dispatch, "請補訪視")
    row = returned(sender)[DutyKind.RETURNED_REPLY]
    with sender.core.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act == "show_duties")).all()
    of_reasons = [each.subject for each in shown if "reason" in each.fields]
    assert of_reasons == [f"duties:{row.duty_id}"]


@pytest.mark.parametrize(("length", "is_whole"), [(SHORT, True), (SHORT + 1, False)])
def test_a_long_reason_is_shortened_beside_others(length: int, *, is_whole: bool) -> None:
    shown = shortened("字" * length)
    assert (shown == "字" * length) is is_whole
    assert shown.startswith("字" * SHORT)
    assert len(shown) <= SHORT + 1


def test_a_reason_of_several_lines_stands_in_one() -> None:
    assert shortened(" 請補：\n一、訪視\n二、目標 ") == "請補： 一、訪視 二、目標"
