"""People who write, press and wait at random, as LINE posts it; after every step they stand where a plain table says.

Events go the whole way: stored, in order or not, again, too fast; handled; their answers in the outbox. The table below
knows what each step takes and asks nothing of the chat. ``make test`` runs a few; ``TALK_RUNS=500`` and
``TALK_STEPS=50`` search longer.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bot.conversation import Conversations
from bot.events import read_webhook
from core.access import system
from core.accounts.links import unbind
from core.accounts.models import BindingEnd, Permission
from core.accounts.requests.models import AccountRequest
from core.accounts.service import take_permission
from core.audit import Door
from core.buttons import AskHelp, ChoosePermission, Unbind
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.models import HelpKind, HelpRequest
from core.inbox.arriving import Stored, intake, store
from core.inbox.models import Conversation, EventState, InboxEvent
from core.notices.models import Notice
from core.policy import Policy
from core.secrets import Vault
from tests.builders import Bound, a_bound_account, a_dispatch
from tests.conftest import PLAIN_DAY
from tests.databases import SqliteFiles

RUNS = int(os.environ.get("TALK_RUNS", "60"))
STEPS = int(os.environ.get("TALK_STEPS", "40"))
SIZE = settings(
    max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
FEW = Policy(inbox_a_minute=4)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
IDLE = timedelta(minutes=30)  # a dialog left alone for so long is over

NOWHERE, NO_DIALOG = "", ("", "list")
WHICH, WHY = "permission/which", "permission/why"
KIND, PROBLEM = "help/kind", "help/problem"
CONFIRM, NUMBER, TIME = "unbind/confirm", "case/number", "settings/time"
OWN_CASE, NO_CASE, CHILD = "WK00017", "WK99999", "王"
NONSENSE, YES, CLOCK, ASKS_2462 = "咕嚕咕嚕呱", "是", "提醒我08:30", "申請2462"
FAULT = HelpKind.FAULT.label
LEAVES = frozenset({"選單", "取消", "結束"})
BEGINS = {"申請權限": WHICH, "客服": KIND, "解除綁定": CONFIRM, "案件": NUMBER, "提醒時間": TIME, FAULT: PROBLEM}
FOR_EVERYBODY = frozenset({KIND, PROBLEM, NOWHERE})
TEXTS = (*LEAVES, *BEGINS, NONSENSE, YES, ASKS_2462, OWN_CASE, NO_CASE, "08:30")
ANY_TEXT = frozenset({WHY, PROBLEM})
"""Steps that take whatever is written, but what leaves."""
TAKES = {WHICH: ASKS_2462, KIND: FAULT, CONFIRM: YES, TIME: "08:30"}
HELP, CHOOSE, END = AskHelp(HelpKind.FAULT.value).pack(), ChoosePermission("2462", 0).pack(), Unbind().pack()
BUTTONS = (HELP, CHOOSE, END, "1|gone|7")
ANSWERS_STEP = {WHICH: {CHOOSE}, KIND: {HELP}, PROBLEM: {HELP}, CONFIRM: {END}}


@dataclass
class Someone:
    """A person as the plain model knows them."""

    line_user: str
    person: str
    account_id: int | None = None
    has_right: bool = True
    at: str = NOWHERE
    until: datetime | None = None
    asked_2462: bool = False
    talks: bool = False
    """Whether a request takes what the bot does not know."""
    requests: int = 0
    helps: int = 0
    minute: list[datetime] = field(default_factory=list)


@dataclass
class Said:
    """One event: what was said or pressed, when, and by whom."""

    id: str
    by: int
    text: str
    button: str
    at: datetime
    way: str = "handled"


class Talk(RuleBasedStateMachine):
    """A caseworker, a colleague of another school, and a stranger."""

    def __init__(self, files: SqliteFiles, vault: Vault) -> None:
        super().__init__()
        self._open = ExitStack()
        self.clock = FixedClock(PLAIN_DAY)
        self.core = Core(self._open.enter_context(files.empty()), vault, FEW, self.clock)
        pool: dict[str, Any] = {"_workers": AtOnce(1)}
        self.chat = Conversations(self.core, **pool)
        self.people: list[Someone] = []
        self.said: list[Said] = []
        self.waiting: list[Said] = []
        self.count = 0

    def teardown(self) -> None:
        self.chat.close()
        self._open.close()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @initialize()
    def begin(self) -> None:
        bound: list[Bound] = [a_bound_account(self.core) for _ in range(2)]
        with self.core.store.reading() as session:
            unit = session.merge(bound[0].account).unit
        a_dispatch(self.core, unit, number=OWN_CASE)
        self.people = [Someone(each.line_user, each.person, each.account.id) for each in bound]
        stranger = "U" + "e" * 32
        self.people.append(Someone(stranger, self.core.vault.look_up("line_user", stranger)))
        self.codes = [each.account.code for each in bound]

    @rule(who=st.integers(0, 2), text=st.sampled_from(TEXTS), late=st.integers(0, 3))
    def writes(self, who: int, text: str, late: int) -> None:
        self._comes(who, text=text, late=late)
        self._is_handled()

    @rule(who=st.integers(0, 2))
    def answers_the_step(self, who: int) -> None:
        """Somebody gives what the step they stand at takes."""
        self._comes(who, text=TAKES.get(self.people[who].at, OWN_CASE))
        self._is_handled()

    @rule(who=st.integers(0, 2), button=st.sampled_from(BUTTONS), times=st.integers(1, 2))
    def presses(self, who: int, button: str, times: int) -> None:
        for _ in range(times):
            self._comes(who, button=button)
        self._is_handled()

    @rule(who=st.integers(0, 2), texts=st.lists(st.sampled_from(TEXTS), min_size=2, max_size=7), late=st.integers(0, 3))
    def writes_fast(self, who: int, texts: list[str], late: int) -> None:
        """Several at once, posted in any order."""
        for number, text in enumerate(texts):
            self._comes(who, text=text, late=(number * late) % 3)
        self._is_handled()

    @precondition(lambda self: self.said)
    @rule(choice=st.integers(0, 10**6))
    def is_posted_again(self, choice: int) -> None:
        again = self.said[choice % len(self.said)]
        assert self._store(again).new == 0
        self._counts_again(self.people[again.by])
        self._is_handled()

    @rule(span=st.sampled_from([SECOND, MINUTE, IDLE - SECOND, IDLE]))
    def waits(self, span: timedelta) -> None:
        self.clock.move(span)

    @rule(who=st.integers(0, 1))
    def is_unbound(self, who: int) -> None:
        account_id = self.people[who].account_id
        if account_id is not None:
            with self.core.transaction(system("test"), Door.DESK) as ctx:
                unbind(ctx, account_id, BindingEnd.BY_STAFF)
            self.people[who].account_id = None

    @rule(who=st.integers(0, 1))
    def loses_the_right(self, who: int) -> None:
        with self.core.transaction(system("test"), Door.COMMAND) as ctx:
            take_permission(ctx, self.codes[who], Permission.CASEWORKER)
        self.people[who].has_right = False

    def _comes(self, who: int, *, text: str = "", button: str = "", late: int = 0) -> None:
        self.count += 1
        one = Said(f"E{self.count:025}", who, text, button, self.now - late * SECOND)
        one.way = self._way(self.people[who])
        stored = self._store(one)
        assert stored.new == (one.way != "dropped")
        if one.way != "dropped":
            self.said.append(one)
            self.waiting.append(one)

    def _way(self, someone: Someone) -> str:
        """A11: so many a minute are handled, the next one gets one answer, the rest is dropped."""
        if not someone.minute or self.now >= someone.minute[0] + MINUTE:
            someone.minute.clear()
        someone.minute.append(self.now)
        over = len(someone.minute) - FEW.inbox_a_minute
        return "handled" if over <= 0 else "throttled" if over == 1 else "dropped"

    def _counts_again(self, someone: Someone) -> None:
        """What is posted again counts as one more of its minute, unless that were too many."""
        minute = [each for each in someone.minute if someone.minute[0] + MINUTE > self.now]
        if len(minute) < FEW.inbox_a_minute:
            self._way(someone)

    def _store(self, one: Said) -> Stored:
        body = _body(one, self.people[one.by].line_user)
        with intake(self.core) as into:
            return store(into, read_webhook(body, self.now).events)

    def _is_handled(self) -> None:
        """Handle all that waits, in the order in which it happened; each is answered once."""
        before = self._told()
        self.chat.run()
        expected = before
        for one in sorted(self.waiting, key=lambda each: each.at):
            someone = self.people[one.by]
            is_heard = one.way == "throttled" or self._goes(someone, one)
            expected += is_heard
            self._is_answered(one, is_heard=is_heard)
        self.waiting.clear()
        assert self._told() == expected, "nothing else is said"
        self._stands()

    def _goes(self, someone: Someone, one: Said) -> bool:
        """Say in the model what one event does; return whether the bot answers it."""
        if someone.until is not None and self.now >= someone.until:
            someone.at = NOWHERE
        is_passed_on = not one.button and self._is_passed_on(someone, one.text)
        someone.at = self._pressed(someone, one.button) if one.button else self._written(someone, one.text)
        someone.until = self.now + IDLE if someone.at else None
        return not is_passed_on

    def _is_passed_on(self, someone: Someone, text: str) -> bool:
        """What nobody understands goes to the person at the helpdesk, who answers."""
        return someone.talks and someone.at == NOWHERE and text in {NONSENSE, YES, "08:30"}

    def _written(self, someone: Someone, text: str) -> str:
        at = someone.at
        if text in LEAVES:
            someone.talks &= not (text == "結束" and at == NOWHERE)
            return NOWHERE
        if at in ANY_TEXT or TAKES.get(at) == text or (at == NUMBER and text in {OWN_CASE, NO_CASE}):
            return self._taken(someone, text)
        return self._begun(someone, text)

    def _taken(self, someone: Someone, text: str) -> str:
        """Go on from a step that takes what was written."""
        if someone.at not in FOR_EVERYBODY and someone.account_id is None:
            return NOWHERE
        match someone.at:
            case "permission/which":
                return WHY
            case "permission/why":
                someone.requests += not someone.asked_2462
                someone.asked_2462 = True
            case "help/kind":
                return PROBLEM
            case "help/problem":
                someone.helps, someone.talks = someone.helps + 1, True
            case "unbind/confirm":
                someone.account_id = None
            case "case/number":
                return NOWHERE if self._may_see(someone, text) else NUMBER
        return NOWHERE

    def _begun(self, someone: Someone, text: str) -> str:
        """Begin what a word names; what no word is leaves things as they are."""
        is_bound = someone.account_id is not None
        begun = BEGINS.get(text)
        if begun == KIND:
            return NOWHERE if someone.talks else KIND
        if begun == PROBLEM:
            return PROBLEM
        if begun is not None:
            return begun if is_bound else NOWHERE
        if text == ASKS_2462:
            return WHY if is_bound else NOWHERE
        if text in {OWN_CASE, NO_CASE}:
            return NOWHERE
        return someone.at if is_bound or someone.at in FOR_EVERYBODY else NOWHERE

    def _pressed(self, someone: Someone, button: str) -> str:
        at = someone.at if button in ANSWERS_STEP.get(someone.at, set()) else NOWHERE
        if button == HELP:
            return PROBLEM
        if button in (CHOOSE, END) and someone.account_id is None:
            return NOWHERE
        if button == CHOOSE:
            return WHY
        if button == END and at == CONFIRM:
            someone.account_id = None
            return NOWHERE
        return CONFIRM if button == END else at

    def _may_see(self, someone: Someone, number: str) -> bool:
        is_own = someone is self.people[0] and number == OWN_CASE
        return is_own and someone.account_id is not None and someone.has_right

    def _is_answered(self, one: Said, *, is_heard: bool) -> None:
        someone = self.people[one.by]
        with self.core.store.reading() as session:
            found = session.scalars(select(Notice.said).where(Notice.dedupe_key == f"answer:{one.id}")).all()
            state = session.scalar(select(InboxEvent.state).where(InboxEvent.webhook_event_id == one.id))
        assert state is (EventState.DONE if one.way == "handled" else EventState.IGNORED)
        assert len(found) == is_heard, (one, someone)
        if not self._may_see(someone, OWN_CASE):
            assert not any(CHILD in self.core.vault.open(each) for each in found), "a case is nobody else's"

    def _told(self) -> int:
        with self.core.store.reading() as session:
            return session.scalar(select(func.count()).where(Notice.dedupe_key.startswith("answer:"))) or 0

    def _stands(self) -> None:
        """Everybody stands where the model says, and what is filed is filed once."""
        with self.core.store.reading() as session:
            rows = {row.person: row for row in session.scalars(select(Conversation))}
            filed = session.scalar(select(func.count()).select_from(AccountRequest))
            helps = session.scalar(select(func.count()).select_from(HelpRequest))
        for someone in self.people:
            row = rows.get(someone.person)
            at = f"{row.dialog}/{row.step}" if row and row.dialog not in NO_DIALOG else NOWHERE
            assert at == someone.at, (at, someone, self.said[-3:])
            assert row is None or (row.waiting_since, row.lease) == (None, None)
        assert filed == sum(each.requests for each in self.people)
        assert helps == sum(each.helps for each in self.people)


class AtOnce(ThreadPoolExecutor):
    """A pool that does everything at once in the thread that asks: two runs of one seed are the same."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def _body(one: Said, line_user: str) -> bytes:
    """Return the webhook that brings an event."""
    what = {"type": "postback", "postback": {"data": one.button}} if one.button else {"type": "message"}
    event = what | {
        "mode": "active",
        "timestamp": round(one.at.timestamp() * 1000),
        "source": {"type": "user", "userId": line_user},
        "webhookEventId": one.id,
        "replyToken": one.id,
        "message": {"id": one.id, "type": "text", "text": one.text},
    }
    return json.dumps({"destination": "U0", "events": [event]}).encode()


@pytest.mark.timeout(60 * RUNS)
def test_everybody_stands_where_the_plain_table_says_whatever_they_say(sqlite_files: SqliteFiles, vault: Vault) -> None:
    class Here(Talk):
        def __init__(self) -> None:
            super().__init__(sqlite_files, vault)

    run_state_machine_as_test(Here, settings=SIZE)
