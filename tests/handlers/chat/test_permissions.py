"""申請權限, 停用權限 and 申請帳號 in the chat (ACC-4, ACC-5, ACC-8)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.accounts.models import Permission, Role, UnitKind
from core.accounts.requests.asked import asked_from
from core.accounts.requests.models import AccountRequest, RequestKind
from core.context import Core
from tests.builders import a_unit, an_account
from tests.handlers.chat.transcript import Chat


@pytest.fixture
def caseworker(core_sqlite: Core) -> Chat:
    """A school's caseworker who holds 90097 alone."""
    return Chat(core_sqlite, an_account(core_sqlite, a_unit(core_sqlite)))


def requests(core: Core) -> list[tuple[RequestKind, Permission | None, str]]:
    with core.store.reading() as session:
        rows = session.scalars(select(AccountRequest).order_by(AccountRequest.id)).all()
    asked = [(row.kind, asked_from(core.vault.open(row.asked))) for row in rows]
    return [(kind, facts.permission, facts.why) for kind, facts in asked]


def test_a_permission_is_asked_for_with_a_reason(core_sqlite: Core, caseworker: Chat) -> None:
    caseworker.says("申請權限")
    caseworker.sees("目前權限", "90097", "2462", "學校只能申請")
    caseworker.sees_no("90098", "9003 ")
    caseworker.presses("2462 幸福保衛站檢核作業")
    caseworker.sees("為什麼需要")
    caseworker.says("接手幸福保衛站業務")
    caseworker.sees("申請已送出")
    assert requests(core_sqlite) == [(RequestKind.PERMISSION, Permission.MEAL_CHECKS, "接手幸福保衛站業務")]
    caseworker.says("我的申請")
    caseworker.sees("申請權限", "2462")


def test_acc_4_a_school_is_told_what_it_may_not_ask_for(core_sqlite: Core, caseworker: Chat) -> None:
    caseworker.says("申請權限")
    caseworker.says("90098")
    caseworker.sees("學校只能申請 90097", "要申請哪一項權限")
    caseworker.says("90097")
    caseworker.sees("已經有")
    caseworker.says("隨便")
    caseworker.sees("請輸入權限的代碼")
    assert requests(core_sqlite) == []


def test_acc_4_the_intranets_permission_is_not_asked_for_here(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite, "社會局", kind=UnitKind.BUREAU)
    chat = Chat(core_sqlite, an_account(core_sqlite, unit, role=Role.CONTACT, permissions=(Permission.CONTACT,)))
    chat.says("申請權限")
    chat.sees("90100")
    chat.says("9003")
    chat.sees("只限市府內網")
    assert requests(core_sqlite) == []


@pytest.mark.parametrize("why", ["無", "。。", "長" * 201])
def test_a_reason_says_something_and_not_too_much(core_sqlite: Core, caseworker: Chat, why: str) -> None:
    caseworker.says("申請權限")
    caseworker.says("２４６２")
    caseworker.says(why)
    caseworker.sees("請用一兩句話說明")
    assert requests(core_sqlite) == []


def test_a_permission_is_given_up(core_sqlite: Core, caseworker: Chat) -> None:
    caseworker.says("停用權限")
    caseworker.says("2462")
    caseworker.sees("您沒有")
    caseworker.says("90097")
    caseworker.says("職務異動")
    caseworker.sees("申請已送出")
    assert requests(core_sqlite) == [(RequestKind.REMOVAL, Permission.CASEWORKER, "職務異動")]


def test_the_dialog_can_be_left(core_sqlite: Core, caseworker: Chat) -> None:
    caseworker.says("申請權限")
    caseworker.says("2462")
    caseworker.says("取消")
    caseworker.sees("已取消")
    assert requests(core_sqlite) == []


def test_who_holds_everything_or_nothing(core_sqlite: Core) -> None:
    unit = a_unit(core_sqlite)
    both = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    full = Chat(core_sqlite, an_account(core_sqlite, unit, permissions=both))
    full.says("申請權限")
    full.sees("您都有了")
    bare = Chat(core_sqlite, an_account(core_sqlite, unit, permissions=()))
    bare.says("停用權限")
    bare.sees("不必申請停用")


def test_somebody_without_an_account_finds_the_page(stranger: Chat) -> None:
    stranger.says("還沒有帳號")
    stranger.sees("私立學校", "申請帳號", "公務信箱")
    stranger.says("申請權限")
    stranger.sees("請先綁定帳號")
    stranger.says("你好")
    stranger.sees("申請帳號")


def test_somebody_bound_is_told_that_they_have_one(caseworker: Chat) -> None:
    caseworker.says("申請帳號")
    caseworker.sees("您已經有帳號", "申請權限")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("90097", "已經有「各局處社工」"),
        ("申請權限 2462", "已經有「幸福保衛站檢核作業」"),
        ("我要申請90099", "學校只能申請"),
        ("各局處督導", "學校只能申請"),
        ("市府權限", "學校只能申請"),
        ("申請9003權限", "學校只能申請"),
    ],
)
def test_acc_4_what_is_held_or_not_to_be_had_is_refused_with_its_rule_outside_the_dialog_too(
    core_sqlite: Core, typed: str, why: str
) -> None:
    both = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    chat = Chat(core_sqlite, an_account(core_sqlite, a_unit(core_sqlite), permissions=both))
    chat.says(typed)
    chat.sees(why, "（ACC-4）", "都有了", "（ACC-5）")
    assert not chat.dialog.name
    assert requests(core_sqlite) == []


def test_a_permission_named_at_once_is_only_asked_about(core_sqlite: Core, caseworker: Chat) -> None:
    caseworker.says("申請 2462")
    caseworker.sees("為什麼需要")
    assert requests(core_sqlite) == []
    caseworker.says("取消")
    caseworker.says("申請 90098")
    caseworker.sees("學校只能申請 90097", "要申請哪一項權限")
    caseworker.says("2462")
    caseworker.sees("為什麼需要")
