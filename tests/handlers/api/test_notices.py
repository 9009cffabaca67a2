from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.channels.limits import problems
from bot.render.flex import draw
from core.accounts.models import Account
from core.cards import from_json
from core.context import Core
from core.machines.notices import passed_on
from core.notices.models import Notice, NoticeKind, Urgency, Via
from tests.bot.render.samples import a_fill
from tests.builders import a_bound_account, an_account
from tests.handlers.api.conftest import Caller, said

TITLE, TEXT = "資料補正通知", "請於本週內補正附件。\n有問題請洽客服。"


@pytest.fixture
def account(core_sqlite: Core) -> Account:
    return an_account(core_sqlite)


def notice(about: Account, **changes: object) -> dict[str, object]:
    return {"account": about.code, "kind": "account", "title": TITLE, "text": TEXT} | changes


def queued(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_it_lies_in_the_outbox_and_its_preview_tells_nothing(
    caller: Caller, core_sqlite: Core, account: Account
) -> None:
    answer = caller.posts("notices", notice(account, urgency="at_once"))
    assert (answer.status_code, answer.json) == (202, {"result": "accepted"})
    (row,) = queued(core_sqlite)
    assert (row.kind, row.urgency, row.via, row.account_id) == (
        NoticeKind.ACCOUNT, Urgency.AT_ONCE, Via.MAIL, account.id,
    )  # fmt: skip
    (card,) = from_json(core_sqlite.vault.open(row.said)).messages
    assert card.preview == "您有一則新的帳號通知，請點開查看。"
    assert TITLE in card.model_dump_json()
    assert "有問題請洽客服。" in card.model_dump_json()


def test_who_is_bound_gets_it_by_line(caller: Caller, core_sqlite: Core) -> None:
    bound = a_bound_account(core_sqlite)
    caller.posts("notices", notice(bound.account))
    assert [row.via for row in queued(core_sqlite)] == [Via.PUSH]


def test_under_one_mark_it_is_said_once_even_after_the_answer_is_forgotten(
    caller: Caller, core_sqlite: Core, account: Account
) -> None:
    for _ in range(3):
        assert caller.posts("notices", notice(account), Idempotency_Key="n-1").status_code == 202
    assert len(queued(core_sqlite)) == 1
    caller.posts("notices", notice(account), Idempotency_Key="n-2")
    caller.posts("notices", notice(account))
    assert len(queued(core_sqlite)) == 3


@pytest.mark.parametrize(("field", "value"), [
    ("title", "x" * 41), ("title", "  "), ("title", "。。。"), ("title", "兩行\n標題\0"),
    ("text", "x" * 1001), ("text", ""), ("text", "\n \n"), ("text", "響鈴\a"),
    ("kind", "code"), ("kind", "urgent"), ("urgency", "always"), ("account", "wang"), ("account", "AB12345"),
])  # fmt: skip
def test_what_is_not_fit_to_be_said_is_refused(
    caller: Caller, core_sqlite: Core, account: Account, field: str, value: str
) -> None:
    answer = caller.posts("notices", notice(account, **{field: value}))
    assert answer.status_code == 422
    assert [each["field"] for each in said(answer)["errors"]] == [field]
    assert queued(core_sqlite) == []


@pytest.mark.parametrize(("field", "value"), [("title", "字" * 40), ("text", "字" * 1000), ("text", "旗" + "🇹🇼" * 999)])
def test_as_long_as_it_may_be_counted_as_people_count(caller: Caller, account: Account, field: str, value: str) -> None:
    assert caller.posts("notices", notice(account, **{field: value})).status_code == 202


def test_a40_marks_that_turn_the_direction_are_dropped(caller: Caller, core_sqlite: Core, account: Account) -> None:
    caller.posts("notices", notice(account, title="補\u202e正\u200b通知"))
    (card,) = from_json(core_sqlite.vault.open(queued(core_sqlite)[0].said)).messages
    assert '"補正通知"' in card.model_dump_json()


def test_unknown_and_disabled_accounts_are_not_told_apart(caller: Caller, core_sqlite: Core) -> None:
    disabled = an_account(core_sqlite, disabled_at=core_sqlite.clock.now())
    answers = [
        caller.posts("notices", {"account": code, "kind": "account", "title": TITLE, "text": TEXT})
        for code in (disabled.code, "ZZ0000")
    ]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].json == answers[1].json
    assert queued(core_sqlite) == []


@pytest.mark.parametrize("text", ["字" * 1000, "👩‍👧" * 1000, "\n".join("字" * 500), "\n".join("👩‍👧" * 500)])
def test_whatever_is_taken_is_within_what_line_takes(text: str) -> None:
    assert problems(draw(passed_on(NoticeKind.REMINDER, "👩‍👧" * 40, text), a_fill())) == []
