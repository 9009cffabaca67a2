"""The side panel and canned answers: what an agent sees of who asks, and texts with places (HELP-2, A39)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account
from core.audit import AuditRow, Door
from core.cards import said
from core.errors import NotAllowed, NotFound, RuleBroken
from core.helpdesk import canned
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind
from core.helpdesk.panel import Panel, panel
from core.helpdesk.service import Asker, ask
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from tests.builders import a_dispatch
from tests.core.helpdesk.conftest import Desk
from tests.duties import owe


def beside(desk: Desk, number: int) -> Panel:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        return panel(ctx, number)


def keep(desk: Desk, text: str, title: str = "清除 Cookie", number: int | None = None) -> int:
    with desk.core.transaction(desk.lead, Door.DESK) as ctx:
        return canned.save_canned(ctx, title, text, number)


def test_the_panel_shows_who_asks_and_what_they_owe_with_their_eyes(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        theirs = ctx.session.get_one(Account, desk_sqlite.account_id)
        dispatch = a_dispatch(ctx, unit=theirs.unit)
        a_dispatch(ctx)
        owe(ctx, dispatch)
    found = beside(desk_sqlite, number)
    assert (found.owed_total, found.owed_words) == (1, f"1 件待辦{'，已逾期' if found.owed_late else ''}")
    assert (found.is_bound, found.is_blocked) == (True, False)
    assert found.code
    with desk_sqlite.core.reading(desk_sqlite.ann, Door.JOB) as ctx:
        shown = ctx.session.scalars(select(AuditRow.actor).where(AuditRow.act.in_(("show_panel", "show_duties"))))
        assert set(shown) == {desk_sqlite.ann.name}


def test_of_somebody_unbound_only_the_name_is_known(desk_sqlite: Desk) -> None:
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.CHAT) as ctx:
        asker = Asker("somebody", ctx.vault.seal("U1"), "小安")
        number = ask(ctx, asker, HelpKind.LOGIN, "", Written("登不進去")).number
    found = beside(desk_sqlite, number)
    assert (found.name, found.code, found.owed_words) == ("小安", "", "目前沒有待辦")


def test_the_last_notices_are_not_the_bots_answers_to_what_was_typed(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.JOB) as ctx:
        for key, kind in (("digest", NoticeKind.DIGEST), ("talk", NoticeKind.ANSWER), ("lost", NoticeKind.ANSWER)):
            say(
                ctx, to=ToAccount(desk_sqlite.account_id), answer=said("好"), kind=kind, key=key, urgency=Urgency.ALWAYS
            )
        for notice in ctx.session.scalars(select(Notice).where(Notice.dedupe_key.in_(("digest", "talk")))):
            notice.state = NoticeState.ACCEPTED
    told = [each.kind for each in beside(desk_sqlite, number).said]
    assert told.count(NoticeKind.DIGEST) == 1
    assert told.count(NoticeKind.ANSWER) == 1  # the one that has not arrived


def test_places_are_filled_with_the_persons_facts(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    made = keep(desk_sqlite, "{姓名}您好，{單位}有{待辦}，帳號用到 {到期日}。")
    found = beside(desk_sqlite, number)
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        text = canned.filled(ctx, made, number)
    assert text == f"{found.name}您好，{found.unit_name}有目前沒有待辦，帳號用到 {found.ends_on_words}。"


@pytest.mark.parametrize("text", ["{0}", "{姓名.__class__}", "{密碼}", "您好{}"])
def test_a39_a_place_nobody_knows_is_refused(desk_sqlite: Desk, text: str) -> None:
    with pytest.raises(RuleBroken, match="可以使用："):
        keep(desk_sqlite, text)


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        ("", "您好", "都要填寫"),
        ("標題", " ", "都要填寫"),
        ("標" * 61, "您好", "60 字"),
        ("標題", "好" * 2001, "2000 字"),
    ],
)
def test_what_cannot_stand_is_refused(desk_sqlite: Desk, title: str, text: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        keep(desk_sqlite, text, title)
    assert keep(desk_sqlite, "好" * 2000, "標" * 60)


def test_canned_answers_are_the_leads_and_read_by_all_agents(desk_sqlite: Desk) -> None:
    made = keep(desk_sqlite, "請清除 Cookie。")
    assert keep(desk_sqlite, "請先清除 Cookie。", number=made) == made
    with pytest.raises(RuleBroken, match="同名"):
        keep(desk_sqlite, "另一則")
    with pytest.raises(RuleBroken, match="客服主管"), desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        canned.save_canned(ctx, "我的", "您好")
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assert [each.text for each in canned.canned_answers(ctx)] == ["請先清除 Cookie。"]
        assert not canned.may_change(ctx)
    with desk_sqlite.core.transaction(desk_sqlite.lead, Door.DESK) as ctx:
        canned.delete_canned(ctx, made)
        assert canned.canned_answers(ctx) == ()
    with pytest.raises(NotFound), desk_sqlite.core.transaction(desk_sqlite.lead, Door.DESK) as ctx:
        canned.delete_canned(ctx, made)


def test_only_agents_look(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with pytest.raises(NotAllowed), desk_sqlite.core.transaction(Actor("AB0001"), Door.DESK) as ctx:
        panel(ctx, number)
    with pytest.raises(NotFound):
        beside(desk_sqlite, number + 1)
