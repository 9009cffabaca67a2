"""Agents answer, take, solve, and never past each other (HELP-2, HELP-6)."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import Actor
from core.audit import Door
from core.cards import Card, OpenPage, from_json
from core.errors import NotAllowed, NotFound, RuleBroken
from core.helpdesk import answering, rules
from core.helpdesk.answering import Answered, CameBetween, Reply, SaidBefore
from core.helpdesk.models import HelpEntry, HelpState, Side
from core.helpdesk.rules import Then
from core.helpdesk.thread import thread
from core.notices.models import Notice, NoticeKind, Via
from tests.core.helpdesk.conftest import Desk


def answer(desk: Desk, agent: Actor, number: int, reply: Reply) -> Answered | SaidBefore | CameBetween:
    with desk.core.transaction(agent, Door.DESK) as ctx:
        return answering.answer(ctx, number, reply)


def newest(desk: Desk, number: int) -> int:
    return desk.row(number).newest_entry


def notices(desk: Desk) -> list[Notice]:
    with desk.core.reading(desk.ann, Door.JOB) as ctx:
        return list(ctx.session.scalars(select(Notice).where(Notice.kind == NoticeKind.HELP).order_by(Notice.id)))


@pytest.mark.parametrize(
    ("then", "state"),
    [(Then.WAIT, HelpState.WAITING), (Then.KEEP, HelpState.OPEN), (Then.SOLVE, HelpState.SOLVED)],
)
def test_an_answer_moves_the_request_on(desk_sqlite: Desk, then: Then, state: HelpState) -> None:
    asked = desk_sqlite.asks()
    sent = answer(
        desk_sqlite, desk_sqlite.ann, asked.number, Reply("請清除 Cookie。", newest(desk_sqlite, asked.number), then)
    )
    assert isinstance(sent, Answered)
    row = desk_sqlite.row(asked.number)
    assert (sent.state, row.state, row.agent_id) == (state, state, desk_sqlite.ann.account_id)
    assert (row.answered_in, row.answer_due_at) == (0, None)
    assert (row.solve_due_at is not None) is (then is Then.KEEP)


def test_an_answer_goes_to_the_phone_under_the_agents_name_and_the_preview_says_nothing(desk_sqlite: Desk) -> None:
    asked = desk_sqlite.asks()
    answer(desk_sqlite, desk_sqlite.ann, asked.number, Reply("王小明的單子請重送", newest(desk_sqlite, asked.number)))
    (notice,) = notices(desk_sqlite)
    said = from_json(desk_sqlite.core.vault.open(notice.said))
    (card,) = said.messages
    assert isinstance(card, Card)
    assert notice.via is Via.PUSH
    assert said.sender
    assert "王小明" not in card.preview
    assert "王小明的單子請重送" in card.model_dump_json()
    (way,) = card.actions  # what LINE does not take becomes a mail, in which nothing can be answered
    assert isinstance(way, OpenPage)
    assert way.in_mail_only


def test_a_late_answer_is_refused_with_what_came_in_between_and_sent_once_that_is_seen(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    seen = newest(desk_sqlite, number)
    first = answer(desk_sqlite, desk_sqlite.ann, number, Reply("請清除 Cookie。", seen))
    assert isinstance(first, Answered)
    desk_sqlite.writes("好的", "m2")
    refused = answer(desk_sqlite, desk_sqlite.bob, number, Reply("請換瀏覽器。", seen))
    assert isinstance(refused, CameBetween)
    assert len(refused.entries) == 2
    assert len(notices(desk_sqlite)) == 1
    sent = answer(desk_sqlite, desk_sqlite.bob, number, Reply("請換瀏覽器。", refused.newest))
    assert isinstance(sent, Answered)
    assert len(notices(desk_sqlite)) == 2


def test_ones_own_words_and_notes_are_nothing_in_between(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    seen = newest(desk_sqlite, number)
    assert isinstance(answer(desk_sqlite, desk_sqlite.ann, number, Reply("請稍候。", seen, Then.KEEP)), Answered)
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        answering.note(ctx, number, "已問過資訊中心")
    assert isinstance(answer(desk_sqlite, desk_sqlite.ann, number, Reply("查到了。", seen)), Answered)


def test_of_two_answers_at_once_one_is_sent(desk: Desk) -> None:
    number = desk.asks().number
    seen, start, outcomes = newest(desk, number), Barrier(2), list[object]()

    def race(agent: Actor) -> None:
        start.wait(timeout=20)
        outcomes.append(answer(desk, agent, number, Reply("請清除 Cookie。", seen)))

    racers = [Thread(target=race, args=(agent,)) for agent in (desk.ann, desk.bob)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(type(each).__name__ for each in outcomes) == ["Answered", "CameBetween"]


@pytest.mark.parametrize("text", ["", "  \n", "。", "字" * 5001])
def test_blank_and_endless_answers_are_refused(desk_sqlite: Desk, text: str) -> None:
    number = desk_sqlite.asks().number
    with pytest.raises(RuleBroken, match="HELP-2"):
        answer(desk_sqlite, desk_sqlite.ann, number, Reply(text, newest(desk_sqlite, number)))


@pytest.mark.parametrize(
    ("text", "is_sent"), [("{姓名}您好", False), ("請見 {到期日}。", False), ("請輸入 {代碼}", True)]
)
def test_a_place_nobody_filled_is_not_sent(desk_sqlite: Desk, text: str, *, is_sent: bool) -> None:
    number = desk_sqlite.asks().number
    reply = Reply(text, newest(desk_sqlite, number))
    if is_sent:
        assert isinstance(answer(desk_sqlite, desk_sqlite.ann, number, reply), Answered)
        return
    with pytest.raises(RuleBroken, match="不會自動換成實際的資料"):
        answer(desk_sqlite, desk_sqlite.ann, number, reply)


def test_five_thousand_signs_are_sent(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    sent = answer(desk_sqlite, desk_sqlite.ann, number, Reply("字" * 5000, newest(desk_sqlite, number)))
    assert isinstance(sent, Answered)


@pytest.mark.parametrize(("signs", "kept"), [(80, 80), (81, 80)])
def test_a_request_is_named_after_eighty_signs_of_its_first_line(desk_sqlite: Desk, signs: int, kept: int) -> None:
    row = desk_sqlite.row(desk_sqlite.asks("字" * signs).number)
    assert desk_sqlite.core.vault.open(row.subject) == "字" * kept


def test_a_solved_request_is_not_answered_before_it_is_taken_up_again(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        answering.solve(ctx, number)
        answering.solve(ctx, number)
    assert len(notices(desk_sqlite)) == 1
    with pytest.raises(RuleBroken, match="已經解決"):
        answer(desk_sqlite, desk_sqlite.ann, number, Reply("補充", newest(desk_sqlite, number)))
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        answering.reopen(ctx, number)
    assert desk_sqlite.row(number).solve_due_at is not None
    assert isinstance(
        answer(desk_sqlite, desk_sqlite.ann, number, Reply("補充", newest(desk_sqlite, number))), Answered
    )


def test_notes_never_leave_the_desk(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        answering.note(ctx, number, "這位老師常來電")
    assert notices(desk_sqlite) == []
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        assert [each.side for each in thread(ctx, number).entries] == [Side.USER, Side.NOTE]


def test_taking_it_shows_that_somebody_looks_at_it(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.bob, Door.DESK) as ctx:
        answering.take(ctx, number)
    row = desk_sqlite.row(number)
    assert (row.state, row.agent_id) == (HelpState.OPEN, desk_sqlite.bob.account_id)


def test_what_was_read_is_marked_once(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks(message_id="m1").number
    desk_sqlite.writes("補充", "m2")
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        assert (answering.mark_read(ctx, number), answering.mark_read(ctx, number)) == (2, 0)


def test_only_agents_answer(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with pytest.raises(NotAllowed), desk_sqlite.core.transaction(Actor("AB0001"), Door.DESK) as ctx:
        answering.answer(ctx, number, Reply("你好", 0))
    with pytest.raises(NotFound), desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        answering.answer(ctx, number + 1, Reply("你好", 0))


def test_texts_are_sealed_in_the_database(desk_sqlite: Desk) -> None:
    desk_sqlite.asks("王小明的單子不見了")
    with desk_sqlite.core.reading(desk_sqlite.ann, Door.JOB) as ctx:
        (stored,) = ctx.session.scalars(select(HelpEntry.text))
    assert stored is not None
    assert "王小明".encode() not in stored.token


@pytest.mark.parametrize("then", Then)
def test_the_same_answer_sent_twice_is_said_once(desk_sqlite: Desk, then: Then) -> None:
    number = desk_sqlite.asks().number
    reply = Reply("請清除 Cookie。", newest(desk_sqlite, number), then)
    first = answer(desk_sqlite, desk_sqlite.ann, number, reply)
    assert isinstance(first, Answered)
    told = len(notices(desk_sqlite))
    seen_own = Reply(reply.text, newest(desk_sqlite, number), then)
    for again in (reply, seen_own):
        assert answer(desk_sqlite, desk_sqlite.ann, number, again) == SaidBefore(
            number, first.entry, first.state, is_moved=False
        )
    assert len(notices(desk_sqlite)) == told


@pytest.mark.parametrize("then", [Then.KEEP, Then.SOLVE])
def test_the_same_answer_sent_again_to_another_end_moves_the_request_and_is_said_once(
    desk_sqlite: Desk, then: Then
) -> None:
    number = desk_sqlite.asks().number
    reply = Reply("請清除 Cookie。", newest(desk_sqlite, number), Then.WAIT)
    first = answer(desk_sqlite, desk_sqlite.ann, number, reply)
    assert isinstance(first, Answered)
    again = replace(reply, then=then)
    after = rules.STATE_AFTER[then]
    assert answer(desk_sqlite, desk_sqlite.ann, number, again) == SaidBefore(number, first.entry, after, is_moved=True)
    assert answer(desk_sqlite, desk_sqlite.ann, number, again) == SaidBefore(number, first.entry, after, is_moved=False)
    assert newest(desk_sqlite, number) == first.entry
    row = desk_sqlite.row(number)
    assert row.state is after
    assert (row.solve_due_at is None, row.solved_at is None) == (then is Then.SOLVE, then is not Then.SOLVE)
    assert len(notices(desk_sqlite)) == (2 if then is Then.SOLVE else 1)


def test_the_same_answer_again_wakes_no_solved_request(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    reply = Reply("請清除 Cookie。", newest(desk_sqlite, number), Then.SOLVE)
    answer(desk_sqlite, desk_sqlite.ann, number, reply)
    again = answer(desk_sqlite, desk_sqlite.ann, number, replace(reply, then=Then.WAIT))
    assert isinstance(again, SaidBefore)
    assert (again.state, again.is_moved) == (HelpState.SOLVED, False)
    assert desk_sqlite.row(number).state is HelpState.SOLVED


def test_other_words_and_the_same_words_after_something_came_are_said(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    for text in ("請再試一次。", "請換瀏覽器。", "請再試一次。"):
        assert isinstance(
            answer(desk_sqlite, desk_sqlite.ann, number, Reply(text, newest(desk_sqlite, number))), Answered
        )


def test_another_agents_same_words_are_an_answer_of_their_own(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    for agent in (desk_sqlite.ann, desk_sqlite.bob):
        sent = answer(desk_sqlite, agent, number, Reply("請再試一次。", newest(desk_sqlite, number)))
        assert isinstance(sent, Answered)


def test_the_same_note_sent_twice_is_kept_once(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(desk_sqlite.ann, Door.DESK) as ctx:
        first = answering.note(ctx, number, "已電話說明")
        assert answering.note(ctx, number, "已電話說明") == first
        assert answering.note(ctx, number, "再次電話說明") != first
        assert answering.note(ctx, number, "已電話說明") != first
