"""Lists, search, assignment, drafts, looks, and alarms of the desk (HELP-5, HELP-6, DUTY-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account
from core.audit import Door
from core.clock import TICK, FixedClock
from core.duties.models import Duty, SubjectKind
from core.duties.queries import numbers_of
from core.errors import NotFound, RuleBroken
from core.helpdesk import answering, assigning, queries, service, watching
from core.helpdesk.answering import Reply
from core.helpdesk.models import HelpEntry, HelpRequest, HelpWord
from core.helpdesk.queries import DeskList
from core.helpdesk.rules import Then
from core.helpdesk.thread import earlier_requests, look, newest_entry, save_draft, thread
from core.notices.models import Notice, NoticeKind
from tests.core.helpdesk.conftest import Desk


def shown(desk: Desk, agent: Actor, which: DeskList) -> list[int]:
    with desk.core.transaction(agent, Door.DESK) as ctx:
        page = queries.in_list(ctx, which)
        assert queries.counts(ctx)[which] == page.total == len(page.rows)
        return [row.number for row in page.rows]


def replies(desk: Desk, number: int, then: Then = Then.WAIT) -> None:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        answering.answer(ctx, number, Reply(f"請清除 Cookie。（{then.value}）", desk.row(number).newest_entry, then))


def alarms(desk: Desk) -> list[tuple[int | None, str]]:
    with desk.core.transaction(desk.ann, Door.JOB) as ctx:
        while watching.ring(ctx, 10):
            pass
        rows = ctx.session.scalars(select(Notice).where(Notice.kind == NoticeKind.REMINDER).order_by(Notice.id))
        return [(row.account_id, row.dedupe_key.split(":")[2]) for row in rows]


def test_each_list_counts_what_it_shows(desk: Desk) -> None:
    first, second, third = (desk.asks(text).number for text in ("第一件", "第二件", "第三件"))
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        answering.take(ctx, first)
    replies(desk, second)
    replies(desk, third, Then.SOLVE)
    assert shown(desk, desk.ann, DeskList.MINE) == [first, second]
    assert shown(desk, desk.bob, DeskList.MINE) == []
    assert shown(desk, desk.bob, DeskList.UNSOLVED) == [first, second]
    assert shown(desk, desk.bob, DeskList.WAITING) == [second]
    assert shown(desk, desk.bob, DeskList.UNASSIGNED) == []
    assert shown(desk, desk.bob, DeskList.SOLVED) == [third]
    assert shown(desk, desk.bob, DeskList.ALL) == [third, second, first]


@pytest.mark.parametrize(("since", "late"), [(timedelta(0), False), (TICK, True)])
def test_who_waits_beyond_the_time_stands_in_a_list_of_their_own(
    desk: Desk, clock: FixedClock, since: timedelta, *, late: bool
) -> None:
    number = desk.asks("還沒有人回").number
    desk.asks("也沒有人回")
    due_at = desk.row(number).answer_due_at
    assert due_at is not None
    clock.at = due_at + since
    assert (number in shown(desk, desk.ann, DeskList.LATE)) is late
    replies(desk, number)
    assert number not in shown(desk, desk.ann, DeskList.LATE)


@pytest.mark.parametrize(("solved", "counted"), [(1, 1), (2, 2), (3, 3), (4, 3)])
def test_solved_ones_are_counted_up_to_a_bound_and_all_listed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, solved: int, counted: int
) -> None:
    monkeypatch.setattr(queries, "SOLVED_COUNTED", 2)
    numbers = [desk.asks(f"第 {each} 件").number for each in range(solved)]
    for number in numbers:
        replies(desk, number, Then.SOLVE)
    found: list[int] = []
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert queries.counts(ctx)[DeskList.SOLVED] == counted
        start: int | None = 0
        while start is not None:
            page = queries.in_list(ctx, DeskList.SOLVED, start, 1)
            found += [row.number for row in page.rows]
            start = page.next_start
    assert found == numbers[::-1]


def test_what_is_due_first_stands_first(desk: Desk) -> None:
    first = desk.asks("早上問的").number
    desk.moves_to("2026-11-23T11:00")
    second = desk.asks("中午問的").number
    replies(desk, first, Then.KEEP)
    assert shown(desk, desk.ann, DeskList.UNSOLVED) == [second, first]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("列印", True),
        ("ＥＤＧＥ", True),
        ("edge 列印", True),
        ("列隊", False),
        ("列", False),
        ("%", False),
        ("印時", True),
    ],
)
def test_words_are_found_in_sealed_texts(desk: Desk, asked: str, found: bool) -> None:
    number = desk.asks("用 Edge 列印時畫面是白的").number
    desk.asks("別的問題")
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert [row.number for row in queries.search(ctx, asked)] == ([number] if found else [])


@pytest.mark.parametrize("by", ["number", "code", "Code", "name"])
def test_a_request_is_found_by_its_number_and_by_who_asked(desk: Desk, by: str) -> None:
    first, second = desk.asks("第一件").number, desk.asks("第二件").number
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        account = ctx.session.get_one(HelpRequest, first).account_id
        assert account is not None
        asker = ctx.session.get_one(Account, account)
        asked = {"number": str(first), "code": asker.code, "Code": asker.code.lower()}
        found = queries.search(ctx, asked.get(by) or ctx.vault.open(asker.name))
        assert [row.number for row in found] == ([first] if by == "number" else [second, first])
        assert queries.search(ctx, "9" * 20) == ()


def test_the_database_holds_no_word_of_what_is_searched(desk_sqlite: Desk) -> None:
    desk_sqlite.asks("列印")
    with desk_sqlite.core.reading(desk_sqlite.ann, Door.JOB) as ctx:
        (word,) = ctx.session.scalars(select(HelpWord.word))
    assert word.isascii()


def test_what_is_taken_back_is_found_no_more_and_leaves_only_a_trace(desk: Desk) -> None:
    number = desk.asks("我的密碼是 abcd", message_id="m1").number
    with desk.core.transaction(desk.ann, Door.CHAT) as ctx:
        assert not service.take_back(ctx, "somebody else", "m1")
        assert service.take_back(ctx, desk.person, "m1")
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert queries.search(ctx, "密碼") == ()
        (entry,) = thread(ctx, number).entries
        assert (entry.text, entry.is_erased) == ("", True)
        assert ctx.session.scalars(select(HelpEntry.text)).one() is None


def test_it_goes_to_the_least_loaded_on_duty(desk: Desk) -> None:
    assert desk.row(desk.asks().number).agent_id is None
    for agent in (desk.ann, desk.bob):
        with desk.core.transaction(agent, Door.DESK) as ctx:
            assigning.set_on_duty(ctx, on_duty=True)
            assigning.set_on_duty(ctx, on_duty=True)
            assert assigning.is_on_duty(ctx)
    given = [desk.row(desk.asks().number).agent_id for _ in range(4)]
    assert sorted(given, key=str) == sorted([desk.ann.account_id, desk.bob.account_id] * 2, key=str)
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assigning.set_on_duty(ctx, on_duty=False)
    assert desk.row(desk.asks().number).agent_id == desk.bob.account_id


def test_a_request_is_given_to_agents_only(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assigning.assign(ctx, number, desk_sqlite.bob.account_id)
    with pytest.raises(RuleBroken, match="不是客服"), desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assigning.assign(ctx, number, desk_sqlite.account_id)
    assert desk_sqlite.row(number).agent_id == desk_sqlite.bob.account_id


def test_a_draft_survives_and_ends_with_the_answer(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        save_draft(ctx, number, "請清")
        save_draft(ctx, number, "請清除 Coo")
        assert thread(ctx, number).draft == "請清除 Coo"
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        assert thread(ctx, number).draft == ""
    replies(desk_sqlite, number)
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assert thread(ctx, number).draft == ""


def test_one_sees_who_else_looks(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        look(ctx, number)
        look(ctx, number)
        assert thread(ctx, number).others == ()
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        assert len(thread(ctx, number).others) == 1
    assert isinstance(desk_sqlite.core.clock, FixedClock)
    desk_sqlite.core.clock.move(timedelta(seconds=15))
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        assert thread(ctx, number).others == ()


def test_the_thread_tells_the_fate_of_an_answer(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    replies(desk_sqlite, number)
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        asked, sent = thread(ctx, number).entries
        assert asked.fate is None
        assert sent.fate is not None
        assert newest_entry(ctx, number) == sent.number
    with pytest.raises(NotFound), desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        thread(ctx, number + 1)


def test_the_persons_earlier_requests_stand_beside(desk_sqlite: Desk) -> None:
    first, second = desk_sqlite.asks().number, desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assert [row.number for row in earlier_requests(ctx, second)] == [first]


def test_the_desk_is_warned_at_three_quarters_and_the_lead_told_once_late(desk: Desk) -> None:
    number = desk.asks().number
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assigning.assign(ctx, number, desk.ann.account_id)
    desk.moves_to("2026-11-23T11:59")
    assert alarms(desk) == []
    desk.moves_to("2026-11-23T12:00")
    assert alarms(desk) == [(desk.ann.account_id, "answer_soon")]
    desk.moves_to("2026-11-23T13:00")
    assert len(alarms(desk)) == 1
    desk.moves_to("2026-11-23T13:01")
    assert alarms(desk)[1:] == [(desk.ann.account_id, "answer_late"), (desk.lead.account_id, "answer_late")]
    assert len(alarms(desk)) == 3


def test_nobody_on_duty_is_everybody(desk: Desk) -> None:
    desk.asks()
    desk.moves_to("2026-11-23T12:00")
    everybody = {desk.ann.account_id, desk.bob.account_id, desk.lead.account_id}
    assert {account for account, _ in alarms(desk)} == everybody


def test_after_an_outage_missed_alarms_are_one(desk: Desk) -> None:
    number = desk.asks().number
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assigning.assign(ctx, number, desk.lead.account_id)
    desk.moves_to("2026-12-07T09:00")
    assert alarms(desk) == [(desk.lead.account_id, "solve_late")]


def test_what_the_desk_owes_is_known_by_the_number_of_the_request(desk: Desk) -> None:
    number = desk.asks().number
    with desk.core.reading(desk.ann, Door.JOB) as ctx:
        owed = ctx.session.scalars(select(Duty).where(Duty.subject_kind == SubjectKind.HELP)).all()
        assert numbers_of(ctx, owed) == dict.fromkeys((duty.id for duty in owed), str(number))


def test_waiting_for_the_user_rings_nothing(desk: Desk) -> None:
    replies(desk, desk.asks().number)
    desk.moves_to("2026-12-07T09:00")
    assert alarms(desk) == []


def test_what_the_desk_owes_are_duties(desk: Desk) -> None:
    number = desk.asks().number

    def owed() -> set[str]:
        with desk.core.reading(desk.ann, Door.JOB) as ctx:
            about = (Duty.subject_kind == SubjectKind.HELP, Duty.subject_id == number, Duty.ended_at.is_(None))
            return set(ctx.session.scalars(select(Duty.kind).where(*about)))

    assert owed() == {"request_answer", "request_solution"}
    replies(desk, number, Then.KEEP)
    assert owed() == {"request_solution"}
    replies(desk, number, Then.WAIT)
    assert owed() == set()
    desk.writes("還是不行", "m9")
    assert owed() == {"request_solution"}
    replies(desk, number, Then.SOLVE)
    assert owed() == set()
