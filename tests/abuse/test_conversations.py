"""Stored events against odd times and odd people (A5, A6, A11 to A13), and two processes at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from bot.conversation import Conversations
from bot.events import is_urgent, read_webhook
from bot.logs import set_up_logs
from bot.metrics import registry
from core.access import system
from core.accounts.models import Role, UnitKind
from core.audit import Door
from core.cards import Card, from_json
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.inbox import arriving
from core.inbox import service as inbox
from core.inbox.arriving import IncomingEvent
from core.inbox.models import EventState, InboxEvent
from core.notices.models import Notice, Via
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from tests.builders import a_bound_account, a_case, a_dispatch, a_unit, an_account

ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
SECOND = timedelta(seconds=1)
ACTOR = system("tests")


def a_text(number: int, user: str = ANN, *, at: datetime, said: str = "選單") -> IncomingEvent:
    message = {"type": "text", "id": str(number), "text": said}
    body = {"type": "message", "replyToken": f"token-{number}", "source": _source(user), "message": message}
    return IncomingEvent(f"event-{number}", "message", json.dumps(body), user, at, to_handle=True, is_urgent=is_urgent)


def in_a_group(number: int, message: dict[str, str], at: datetime) -> IncomingEvent:
    source = {"type": "group", "groupId": "C1", "userId": ANN}
    body = {"type": "message", "replyToken": f"token-{number}", "source": source, "message": {"id": "1"} | message}
    return IncomingEvent(f"event-{number}", "message", json.dumps(body), ANN, at, to_handle=True)


def a_follow(number: int, kind: str, *, at: datetime) -> IncomingEvent:
    body = json.dumps({"type": kind, "source": _source(ANN)})
    return IncomingEvent(f"event-{number}", kind, body, ANN, at, to_handle=True)


def _source(user: str) -> dict[str, str]:
    return {"type": "user", "userId": user}


def store(core: Core, *events: IncomingEvent) -> None:
    with arriving.intake(core) as into:
        arriving.store(into, events)


def events(core: Core) -> dict[str, InboxEvent]:
    with core.store.reading() as session:
        return {each.webhook_event_id: each for each in session.scalars(select(InboxEvent).order_by(InboxEvent.id))}


def answers(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def shown(core: Core, notice: Notice) -> str:
    return str(from_json(core.vault.open(notice.said)).messages)


@pytest.fixture
def talks(core_sqlite: Core) -> Iterator[Conversations]:
    conversations = Conversations(core_sqlite)
    yield conversations
    conversations.close()


def test_a5_an_unfollow_that_comes_after_the_follow_that_followed_it_is_ignored(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    store(core_sqlite, a_follow(2, "follow", at=now))
    talks.run()
    store(core_sqlite, a_follow(1, "unfollow", at=now - SECOND), a_text(3, at=now - SECOND))
    talks.run()
    found = events(core_sqlite)
    assert (found["event-1"].state, found["event-1"].reason) == (EventState.IGNORED, "stale")
    assert found["event-3"].state is EventState.DONE


def test_a6_one_poison_event_is_set_aside_with_an_alarm_and_the_others_are_answered(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    store(core_sqlite, a_text(1, at=now), a_text(2, at=now + SECOND), a_text(3, BEN, at=now))
    poison = Vault(new_token(), [new_key()]).seal("{}")
    with core_sqlite.transaction(ACTOR, Door.CHAT) as ctx:
        first = ctx.session.scalars(select(InboxEvent).where(InboxEvent.webhook_event_id == "event-1")).one()
        first.body = poison
    for _ in range(5):
        talks.run()
        clock.move(inbox.RETRY_WAIT)
    talks.run()
    states = {name: event.state for name, event in events(core_sqlite).items()}
    assert states == {"event-1": EventState.PARKED, "event-2": EventState.DONE, "event-3": EventState.DONE}
    assert "frontdoor_inbox_parked 1.0" in generate_latest(registry(core_sqlite)).decode()
    assert any("沒有處理成功" in shown(core_sqlite, each) for each in answers(core_sqlite))


def test_a6_the_log_says_where_an_event_broke_and_not_with_what_words(
    core_sqlite: Core, talks: Conversations, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    store(core_sqlite, a_text(1, at=clock.now()))
    with core_sqlite.transaction(ACTOR, Door.CHAT) as ctx:
        ctx.session.scalars(select(InboxEvent)).one().body = ctx.vault.seal("王小明")
    set_up_logs()
    talks.run()
    lines = map(json.loads, capsys.readouterr().err.splitlines())
    line = next(each for each in lines if each["event"] == "event.failed")
    assert (line["error"], line["state"]) == ("JSONDecodeError", "waiting")
    assert any(each.endswith("read_event") for each in line["frames"])
    assert "王小明" not in json.dumps(line, ensure_ascii=False)


def test_a11_the_first_one_too_many_is_answered_so_and_the_next_minute_all_is_well(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    store(core_sqlite, *(a_text(number, at=now) for number in range(100)), a_text(900, BEN, at=now))
    talks.run()
    said = [shown(core_sqlite, each) for each in answers(core_sqlite)]
    assert len(said) == 30 + 1 + 1
    assert sum("訊息太多了" in each for each in said) == 1
    clock.move(timedelta(minutes=1) - timedelta(microseconds=1))
    store(core_sqlite, a_text(101, at=now))
    assert "event-101" not in events(core_sqlite)
    clock.move(timedelta(microseconds=1))
    store(core_sqlite, a_text(102, at=now))
    talks.run()
    assert events(core_sqlite)["event-102"].state is EventState.DONE


def test_a11_danger_is_heard_however_much_was_said_before_and_the_center_told_once(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    an_account(core_sqlite, a_unit(core_sqlite, "中心", kind=UnitKind.CENTER), role=Role.CENTER)
    flood = [a_text(number, at=now) for number in range(32)]
    store(
        core_sqlite, *flood[:30], *(a_text(number, at=now, said="他說要自殺") for number in (100, 101, 102)), flood[31]
    )
    talks.run()
    said = [shown(core_sqlite, each) for each in answers(core_sqlite)]
    assert sum("緊急狀況請先撥電話" in each for each in said) == 3
    assert sum("有人提到緊急狀況" in each for each in said) == 1
    assert not any("訊息太多了" in each for each in said)
    assert "event-31" not in events(core_sqlite)


def test_a11_nobody_else_waits_behind_somebody_who_floods(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    store(core_sqlite, *(a_text(number, at=now) for number in range(1000)), a_text(1001, BEN, at=now))
    handled = talks.run()
    assert handled == 32
    assert events(core_sqlite)["event-1001"].state is EventState.DONE


@pytest.mark.parametrize("source", [{"type": "group", "groupId": "C1"}, {"type": "room", "roomId": "R1"}])
@pytest.mark.parametrize("said", ["待辦", "案件 WK00017", "查 王小明"])
def test_a12_in_a_group_a_bound_colleague_gets_a_refusal_and_no_case_data(
    core_sqlite: Core, talks: Conversations, clock: FixedClock, source: dict[str, str], said: str
) -> None:
    unit = a_unit(core_sqlite)
    a_bound_account(core_sqlite, unit, line_user=ANN)
    a_dispatch(core_sqlite, unit, case=a_case(core_sqlite, number="WK00017"))
    body = {"type": "message", "replyToken": "token", "source": source | {"userId": ANN}}
    spoken = json.dumps(body | {"message": {"type": "text", "id": "1", "text": said}})
    store(core_sqlite, IncomingEvent("event-1", "message", spoken, ANN, clock.now(), to_handle=True))
    talks.run()
    (answer,) = answers(core_sqlite)
    assert "我在群組與多人聊天裡不提供資料" in shown(core_sqlite, answer)
    assert not any(word in shown(core_sqlite, answer) for word in ("WK00017", "王", "派案"))


def test_a12_what_names_nobody_is_kept_and_answered_to_nobody(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    raw = (
        b'{"events": [{"type": "message", "source": {"type": "group", "groupId": "C1"}, "message": {"type": "text"}}]}'
    )
    store(core_sqlite, *read_webhook(raw, clock.now()).events)
    talks.run()
    (kept,) = events(core_sqlite).values()
    assert (kept.state, kept.person, answers(core_sqlite)) == (EventState.IGNORED, None, [])


@pytest.mark.parametrize("is_handled", [True, False])
def test_a13_what_is_taken_back_is_erased_and_a_trace_stays(
    core_sqlite: Core, talks: Conversations, clock: FixedClock, is_handled: bool
) -> None:
    now = clock.now()
    store(core_sqlite, a_text(7, at=now + SECOND, said="王小明的電話"))
    if is_handled:
        talks.run()
    unsent = json.dumps({"type": "unsend", "source": _source(ANN), "unsend": {"messageId": "7"}})
    store(core_sqlite, IncomingEvent("event-8", "unsend", unsent, ANN, now, to_handle=True))
    talks.run()
    trace = events(core_sqlite)["event-7"]
    assert core_sqlite.vault.open(trace.body) == "{}"
    assert trace.reason == "unsent"
    assert trace.state is (EventState.DONE if is_handled else EventState.IGNORED)


def an_unsend(number: int, message: int, *, at: datetime, user: str = ANN) -> IncomingEvent:
    body = json.dumps({"type": "unsend", "source": _source(user), "unsend": {"messageId": str(message)}})
    return IncomingEvent(f"event-{number}", "unsend", body, user, at, to_handle=True)


def test_a13_a5_a_message_that_comes_after_it_was_taken_back_is_neither_kept_nor_answered(
    core_sqlite: Core, talks: Conversations, clock: FixedClock
) -> None:
    now = clock.now()
    store(core_sqlite, an_unsend(8, 7, at=now), an_unsend(9, 6, at=now, user=BEN))
    talks.run()
    store(core_sqlite, a_text(7, at=now - SECOND, said="王小明的電話"), a_text(6, at=now - SECOND))
    talks.run()
    trace, other = events(core_sqlite)["event-7"], events(core_sqlite)["event-6"]
    assert (trace.state, trace.reason, core_sqlite.vault.open(trace.body)) == (EventState.IGNORED, "unsent", "{}")
    assert other.state is EventState.DONE
    assert [each.dedupe_key for each in answers(core_sqlite)] == ["answer:event-6"]


def test_a13_a11_one_message_too_many_that_was_taken_back_before_it_came_is_not_kept_either(
    core_sqlite: Core, clock: FixedClock
) -> None:
    core, now = replace(core_sqlite, policy=Policy(inbox_a_minute=1)), clock.now()
    store(core, an_unsend(8, 7, at=now), a_text(6, at=now), a_text(7, at=now, said="王小明的電話"))
    assert events(core)["event-7"].reason == "throttled"
    with closing(Conversations(core)) as talks:
        talks.run()
    trace = events(core)["event-7"]
    assert (trace.state, trace.reason, core.vault.open(trace.body)) == (EventState.IGNORED, "unsent", "{}")
    assert [each.dedupe_key for each in answers(core)] == ["answer:event-6"]


def test_what_waits_for_45_seconds_is_told_that_the_answer_is_to_come_once_and_the_answer_is_pushed(
    core: Core, clock: FixedClock
) -> None:
    talks = Conversations(core)
    store(core, a_text(1, at=clock.now()))
    clock.move(45 * SECOND - timedelta(microseconds=1))
    assert talks.say_working() == 0
    clock.move(timedelta(microseconds=1))
    assert (talks.say_working(), talks.say_working()) == (1, 0)
    talks.run()
    working, answer = answers(core)
    assert "還在處理" in shown(core, working)
    assert (working.via, answer.via) == (Via.REPLY, Via.PUSH)
    talks.close()


SPOKEN, A_PICTURE = {"type": "text", "text": "待辦"}, {"type": "image"}


@pytest.mark.parametrize(("message", "told"), [(SPOKEN, 1), (A_PICTURE, 0)], ids=["a word", "a picture"])
def test_a12_that_it_takes_long_is_said_in_a_group_without_anything_to_tap_and_only_to_who_spoke_to_us(
    core_sqlite: Core, clock: FixedClock, message: dict[str, str], told: int
) -> None:
    store(core_sqlite, in_a_group(1, message, clock.now()))
    clock.move(45 * SECOND)
    with closing(Conversations(core_sqlite)) as talks:
        assert talks.say_working() == told
    said = [from_json(core_sqlite.vault.open(each.said)) for each in answers(core_sqlite)]
    assert ["還在處理" in str(each.messages) for each in said] == [True] * told
    assert [each.choices for each in said] == [()] * told


@pytest.mark.parametrize(("message", "told"), [(SPOKEN, 1), (A_PICTURE, 0)], ids=["a word", "a picture"])
def test_a12_that_it_failed_is_said_in_a_group_without_anything_to_tap_and_only_to_who_spoke_to_us(
    core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, message: dict[str, str], told: int
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("handlers.chat.answer", fail)
    store(core_sqlite, in_a_group(1, message, clock.now()))
    with closing(Conversations(core_sqlite)) as talks:
        for _ in range(core_sqlite.policy.inbox_tries):
            talks.run()
            clock.move(timedelta(hours=1))
    said = [from_json(core_sqlite.vault.open(each.said)) for each in answers(core_sqlite)]
    assert ["沒有處理成功" in str(each.messages) for each in said] == [True] * told
    assert [each.choices for each in said] == [()] * told
    assert [card.actions for each in said for card in each.messages if isinstance(card, Card)] == [()] * told


def test_who_waits_for_several_answers_is_told_once_that_they_are_to_come(core: Core, clock: FixedClock) -> None:
    talks = Conversations(core)
    store(core, a_text(1, at=clock.now()), a_text(2, at=clock.now()), a_text(3, at=clock.now(), user=BEN))
    clock.move(20 * SECOND)
    store(core, a_text(4, at=clock.now()))
    clock.move(25 * SECOND)
    assert (talks.say_working(), talks.say_working()) == (2, 0)
    clock.move(20 * SECOND)
    assert talks.say_working() == 0
    talks.run()
    said = [shown(core, each) for each in answers(core)]
    assert sum("還在處理" in each for each in said) == 2
    assert len(said) == 2 + 4
    talks.close()


def test_who_has_the_answer_is_told_anew_of_a_later_wait(core_sqlite: Core, clock: FixedClock) -> None:
    talks = Conversations(core_sqlite)
    store(core_sqlite, a_text(1, at=clock.now()))
    clock.move(45 * SECOND)
    assert talks.say_working() == 1
    talks.run()
    store(core_sqlite, a_text(2, at=clock.now()))
    clock.move(45 * SECOND)
    assert talks.say_working() == 1
    talks.close()


def test_once_the_reply_token_is_dead_nobody_is_told_of_waiting(core_sqlite: Core, clock: FixedClock) -> None:
    talks = Conversations(core_sqlite)
    store(core_sqlite, a_text(1, at=clock.now()))
    clock.move(50 * SECOND)
    assert talks.say_working() == 0
    talks.run()
    (answer,) = answers(core_sqlite)
    assert "還在處理" not in shown(core_sqlite, answer)
    talks.close()


@pytest.mark.postgres
def test_two_processes_handle_each_event_once_and_each_persons_in_order(
    postgres_store: Store, vault: Vault, policy: Policy, clock: FixedClock
) -> None:
    first = Core(postgres_store, vault, policy, clock)
    second = Core(Store(postgres_store.url.render_as_string(hide_password=False)), vault, policy, clock)
    people = ["U" + f"{number:032x}" for number in range(8)]
    now = clock.now()
    texts = [a_text(number, people[number % 8], at=now + number * SECOND / 1000) for number in range(80)]
    store(first, *texts)
    both = [Conversations(first), Conversations(second)]
    threads = [Thread(target=each.run) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in both:
        each.close()
    second.store.close()
    assert {event.state for event in events(first).values()} == {EventState.DONE}
    with first.store.reading() as session:
        said = list(session.execute(select(Notice.person, Notice.dedupe_key).order_by(Notice.id)))
    assert len(said) == 80
    for person in {each.person for each in said}:
        own = [int(key.removeprefix("answer:event-")) for owner, key in said if owner == person]
        assert own == sorted(own)
        assert len(own) == 10
