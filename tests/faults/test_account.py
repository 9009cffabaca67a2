"""The account of a run of kills sees each way in which something can be lost, doubled or left over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.inbox.models import EventState
from core.notices.models import NoticeState, Via
from tests.faults.account import Account, Heard, Told, wrong

REMINDER = Told("duty:7", "ann", Via.PUSH, NoticeState.ACCEPTED, "key-1", (7,))
NEWS = Told("news:1", "ann", Via.MULTICAST, NoticeState.ACCEPTED, "key-2")
REPLY = Told("answer:e1", "ann", Via.REPLY, NoticeState.ACCEPTED, "None")
PUSHED = Told("answer:e2", "ann", Via.PUSH, NoticeState.ACCEPTED, "key-3")
UNSURE = Told("answer:e3", "ann", Via.REPLY, NoticeState.AMBIGUOUS, "None")
HEARD = [
    Heard("push", "key-1", ("ann",), "編號\nM1"),
    Heard("multicast", "key-2", ("ann", "bob"), "公告"),
    Heard("reply", "", ("ann",), "選單"),
    Heard("push", "key-3", ("ann",), "選單"),
]
GOOD = Account(
    notices=[REMINDER, NEWS, replace(NEWS, dedupe_key="news:2", user_id="bob"), REPLY, PUSHED, UNSURE],
    heard=HEARD,
    events=dict.fromkeys(("e1", "e2", "e3"), EventState.DONE),
    said={"e1": "token-1", "e2": "token-2", "e3": "token-3"},
    spent=frozenset({"token-1"}),
    owed={7: ("ann", "M1")},
    announced={"公告": ("ann", "bob")},
)


def without(lost: Told) -> list[Told]:
    return [each for each in GOOD.notices if each is not lost]


def test_nothing_is_wrong_where_all_is_said_once() -> None:
    assert not wrong(GOOD)


def test_an_unsure_reply_may_have_been_said_or_not() -> None:
    assert not wrong(replace(GOOD, spent=GOOD.spent | {"token-3"}))


def test_an_answer_may_come_by_push_after_its_token_said_that_it_is_to_come() -> None:
    working = replace(REPLY, dedupe_key="working:e2")
    assert not wrong(replace(GOOD, notices=[*GOOD.notices, working], spent=GOOD.spent | {"token-2"}))


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (replace(GOOD, heard=HEARD[1:]), {"pushes lost": 1, "told too little": 1}),
        (
            replace(GOOD, heard=[HEARD[0], replace(HEARD[1], user_ids=("ann",)), *HEARD[2:]]),
            {"pushes lost": 1, "told too little": 1},
        ),
        (
            replace(GOOD, heard=[*HEARD, replace(HEARD[0], retry_key="key-9")]),
            {"pushes under a key nobody knows": 1, "told too often": 1},
        ),
        (replace(GOOD, heard=[*HEARD, HEARD[0]]), {"pushes accepted twice": 1, "told too often": 1}),
        (replace(GOOD, notices=without(REMINDER)), {"pushes under a key nobody knows": 1, "duties not told": 1}),
        (replace(GOOD, notices=[*GOOD.notices, replace(REMINDER, dedupe_key="again")]), {"duties told again": 1}),
        (
            replace(GOOD, notices=[*GOOD.notices, replace(NEWS, state=NoticeState.CLAIMED)]),
            {"unsettled": 1},
        ),
        (
            replace(GOOD, notices=[*without(UNSURE), replace(UNSURE, via=Via.PUSH)]),
            {"unsure although no reply": 1},
        ),
        (replace(GOOD, events={**GOOD.events, "e1": EventState.WAITING}), {"events not handled": 1}),
        (
            replace(GOOD, events={"e1": EventState.DONE, "e2": EventState.DONE}),
            {"events lost": 1, "events not handled": 1},
        ),
        (replace(GOOD, notices=without(UNSURE)), {"not answered": 1}),
        (replace(GOOD, spent=frozenset()), {"answers lost": 1}),
        (replace(GOOD, spent=GOOD.spent | {"token-2"}), {"answered twice": 1}),
    ],
)
def test_what_is_lost_doubled_or_left_over_is_found(account: Account, found: dict[str, int]) -> None:
    assert dict(wrong(account)) == found
