"""An outbox and two workers at random: after every step each notice stands where a plain model of the diagram says.

LINE and the mail server are a few dicts (``heard.py``), what ought to happen stands in ``outbox_model.py``. A worker
claims, keeps, posts and settles in steps, and may be gone, or stand still past its lease, between any two of them
(``outbox_workers.py``). ``make test`` runs a few; ``OUTBOX_RUNS=500 OUTBOX_STEPS=50`` searches longer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update

from core.accounts.links import mark_blocked, mark_unblocked, unbind
from core.accounts.models import Account, BindingEnd, Permission
from core.cards import Answer, Card, Code, said
from core.clock import TAIPEI, FixedClock
from core.context import Context, Core
from core.duties.models import Duty
from core.notices import merging
from core.notices.channel import Outcome
from core.notices.models import NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, ToAddress, ToPerson, dismiss, mark_seen, release, say, with_unanswered
from core.policy import Policy
from core.secrets import Vault
from tests.builders import Bound, a_bound_account, a_check, a_unit, bind
from tests.conftest import PLAIN_DAY
from tests.core.notices.heard import Wish
from tests.core.notices.outbox_model import CERTAIN, DAY, HOUR, MINUTE, OPEN, SECOND, Owner, Seen
from tests.core.notices.outbox_workers import Manner, Workers
from tests.databases import SqliteFiles
from tests.duties import owe

RUNS = int(os.environ.get("OUTBOX_RUNS", "100"))
STEPS = int(os.environ.get("OUTBOX_STEPS", "50"))
SIZE = settings(
    max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PEOPLE, MANY = 4, 3
"""So many people; and so few of them already make a request to many here."""
WHO, WORKERS = st.integers(0, PEOPLE - 1), st.integers(0, 1)
ANY = st.integers(0, 10**6)
WISHES = st.sampled_from(
    [
        *[Wish(Outcome.ACCEPTED)] * 4,
        Wish(Outcome.AMBIGUOUS, is_taken=True),
        Wish(Outcome.AMBIGUOUS),
        *(Wish(each) for each in sorted(CERTAIN - {Outcome.TOKEN_DEAD, Outcome.FAILED})),
    ]
)
SPANS = (SECOND, 2 * SECOND, 49 * SECOND, MINUTE, 6 * MINUTE, 31 * MINUTE, 11 * HOUR, DAY - SECOND)
KINDS = {
    "reminder": (NoticeKind.REMINDER, Urgency.AT_ONCE),
    "decision": (NoticeKind.DECISION, Urgency.ALWAYS),
    "urgent": (NoticeKind.URGENT, Urgency.ALWAYS),
    "code": (NoticeKind.CODE, Urgency.ALWAYS),
}
DIGEST = "的提醒"
ENDINGS = 60


@dataclass(frozen=True)
class Saying:
    """Something that is said to somebody."""

    text: str
    kind: NoticeKind
    urgency: Urgency
    key: str = ""
    duty: int | None = None
    by_mail: bool = False

    @property
    def answer(self) -> Answer:
        """A code stands in a card, all else is words."""
        if self.kind is not NoticeKind.CODE:
            return said(self.text)
        return Answer(messages=(Card(title="通知", preview=self.text, blocks=(Code(challenge="challenge"),)),))


class Outbox(RuleBasedStateMachine):
    """Four people with phones, somebody without an account, and two workers."""

    def __init__(self, files: SqliteFiles, vault: Vault) -> None:
        super().__init__()
        self._open = ExitStack()
        self.clock = FixedClock(PLAIN_DAY)
        self.core = Core(self._open.enter_context(files.empty()), vault, Policy(), self.clock)
        self.workers = Workers(self.core, self.clock)
        self.owners: list[Owner] = []
        self.bound: list[Bound] = []
        self.places: list[set[str]] = []
        """Every phone and mailbox of each person."""
        self.about: dict[int, tuple[int, str]] = {}
        """Whose each notice is, and its text."""
        self.wanted: Counter[tuple[int, str]] = Counter()
        """How often a text is to be said: again where its person missed it, or somebody decided so."""
        self.again: set[tuple[str, str]] = set()
        """What somebody decided to send again, and to which places."""
        self.said = 0

    def teardown(self) -> None:
        self._open.close()

    @initialize()
    def people(self) -> None:
        self.unit, self.other_unit = a_unit(self.core), a_unit(self.core, "秀朗國民小學")
        for _ in range(PEOPLE):
            bound = a_bound_account(self.core, self.unit, permissions=(Permission.MEAL_CHECKS,))
            address = self.core.vault.open(bound.account.email)
            owner = Owner(bound.account.id, bound.person)
            self.workers.town.owners[owner.account_id] = owner
            self.owners.append(owner)
            self.bound.append(bound)
            self.places.append({bound.line_user, address})

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @rule(who=WHO, what=st.sampled_from(sorted(KINDS)))
    def tells(self, who: int, what: str) -> None:
        kind, urgency = KINDS[what]
        duty = owe(self.core, a_check(self.core, self.unit)).id if what == "reminder" else None
        self._say(who, Saying(self._new_text(), kind, urgency, duty=duty))

    @rule()
    def tells_all(self) -> None:
        text = self._new_text()
        for who in range(PEOPLE):
            self._say(who, Saying(text, NoticeKind.DECISION, Urgency.ALWAYS))

    @precondition(lambda self: self.now.astimezone(TAIPEI).hour in range(9, 21))
    @rule()
    def says_digests(self) -> None:
        """Once a day, however often it is asked for; by mail to whom an older one was pushed today, as the job does."""
        day = self.now.astimezone(TAIPEI).date()
        for who, owner in enumerate(self.owners):
            key = f"digest:{owner.account_id}:{day}"
            by_mail = any(self._digests()[day, each] for each in self.places[who])
            self._say(who, Saying(f"{day} {DIGEST}", NoticeKind.DIGEST, Urgency.ROUTINE, key, by_mail=by_mail))

    @rule(who=WHO)
    def writes(self, who: int) -> None:
        """Somebody writes or taps: what came stood before their eyes, and what they may have missed comes again."""
        owner, bound = self.owners[who], self.bound[who]
        text = self._new_text()
        token = f"{bound.line_user}-{self.said}/{self.now.isoformat()}"
        account_id = owner.account_id if owner.person == bound.person else None

        def answered(ctx: Context) -> Answer:
            mark_seen(ctx, bound.person)
            whole = with_unanswered(ctx, bound.person, account_id, said(text))
            to = ToPerson(bound.person, bound.binding.line_user, account_id, ctx.vault.seal(token), ctx.now)
            say(ctx, to=to, answer=whole, kind=NoticeKind.ANSWER, key=text, urgency=Urgency.ALWAYS)
            return whole

        whole = self.workers.does(answered)
        previews = {message.preview for message in whole.messages}
        missed = [(who, each) for each in previews if self.wanted[who, each]]
        self.wanted.update([(who, text), *missed])
        before = self._after_saying(who, text)
        self._is_seen(bound.person, before)

    @precondition(lambda self: set(self.workers.town.duty_of.values()) - self.workers.town.met)
    @rule(choice=ANY)
    def meets(self, choice: int) -> None:
        town = self.workers.town
        owed = sorted(set(town.duty_of.values()) - town.met)
        duty = owed[choice % len(owed)]
        self.workers.does(lambda ctx: ctx.session.execute(update(Duty).where(Duty.id == duty).values(ended_at=ctx.now)))
        town.met.add(duty)

    @precondition(lambda self: set(self.workers.town.duty_of.values()) - self.workers.town.met)
    @rule(choice=ANY)
    def comes_anew(self, choice: int) -> None:
        """What is owed arises anew: what was written of it before says it no more as it is."""
        town = self.workers.town
        owed = sorted(set(town.duty_of.values()) - town.met)
        duty = owed[choice % len(owed)]
        self.workers.does(lambda ctx: ctx.session.execute(update(Duty).where(Duty.id == duty).values(arose_at=ctx.now)))
        town.moved_at[duty] = self.now

    @rule(who=WHO)
    def changes_unit(self, who: int) -> None:
        """Somebody goes to another unit, or comes back."""
        account_id, away = self.owners[who].account_id, self.workers.town.away
        unit = self.unit if account_id in away else self.other_unit
        moved = update(Account).where(Account.id == account_id).values(unit_id=unit.id)
        self.workers.does(lambda ctx: ctx.session.execute(moved))
        away.symmetric_difference_update({account_id})

    @rule(who=WHO)
    def unbinds(self, who: int) -> None:
        owner = self.owners[who]
        self.workers.does(lambda ctx: unbind(ctx, owner.account_id, BindingEnd.BY_USER))
        owner.person, owner.is_blocked = None, False

    @precondition(lambda self: any(each.person is None for each in self.owners))
    @rule(is_new=st.booleans())
    def binds(self, *, is_new: bool) -> None:
        who = next(number for number, each in enumerate(self.owners) if each.person is None)
        self.said += 1
        phone = f"U9{self.said:031x}" if is_new else self.bound[who].line_user
        self.bound[who] = bind(self.core, self.bound[who].account, line_user=phone)
        self.owners[who].person = self.bound[who].person
        self.places[who].add(phone)

    @rule(who=WHO, is_blocked=st.booleans())
    def blocks(self, who: int, *, is_blocked: bool) -> None:
        owner = self.owners[who]
        if owner.person is not None:
            mark = mark_blocked if is_blocked else mark_unblocked
            self.workers.does(lambda ctx: mark(ctx, owner.person or ""))
            owner.is_blocked = is_blocked

    @rule(span=st.sampled_from(SPANS))
    def waits(self, span: timedelta) -> None:
        self.clock.move(span)

    @rule(worker=WORKERS, wishes=st.lists(WISHES, max_size=3), manner=st.sampled_from(Manner))
    def goes_on(self, worker: int, wishes: list[Wish], manner: Manner) -> None:
        self.workers.goes_on(worker, wishes, manner)

    @rule(worker=WORKERS, wishes=st.lists(WISHES, max_size=3))
    def sends(self, worker: int, wishes: list[Wish]) -> None:
        for _ in range(4):
            self.workers.goes_on(worker, wishes)

    @rule(worker=WORKERS)
    def dies(self, worker: int) -> None:
        self.workers.dies(worker)

    @precondition(lambda self: any(_is_parked(each) for each in self.workers.rows.values()))
    @rule(choice=ANY, is_released=st.booleans())
    def somebody_decides(self, choice: int, *, is_released: bool) -> None:
        parked = [each.id for each in self.workers.rows.values() if _is_parked(each)]
        chosen = parked[choice % len(parked)]
        decide = release if is_released else dismiss
        assert self.workers.does(lambda ctx: decide(ctx, [chosen])) == 1
        who, text = self.about[chosen]
        self.wanted[who, text] += is_released
        self.again |= {(place, text) for place in self.places[who] if is_released}
        before = self.workers.look()
        for number, row in self.workers.rows.items():
            if number != chosen:
                assert row._replace(carried_by=None) == before[number]._replace(carried_by=None)
        state = NoticeState.CREATED if is_released else NoticeState.DROPPED
        assert self.workers.rows[chosen].state is state

    @rule()
    def all_ends(self) -> None:
        """Nothing fails any more and time goes by: nothing is left to say."""
        self.workers.dies(0)
        self.workers.dies(1)
        for _ in range(ENDINGS):
            if not any(each.state in OPEN for each in self.workers.rows.values()):
                return
            self.clock.move(31 * MINUTE)
            for _ in range(4):
                self.workers.goes_on(0, ())
        raise AssertionError("something is never said")

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        heard = self.workers.world.heard
        for number, row in self.workers.rows.items():
            who, text = self.about[number]
            times = [heard[place, text] for place in self.places[who]]
            assert max(times) <= self.wanted[who, text], f"{text} was heard {times}"
            if row.state is NoticeState.ACCEPTED:
                assert any(times), f"{text} was heard by nobody"
            if row.state in OPEN and any(times) and self.wanted[who, text] == 1 and number not in self.workers.moved:
                carrier = self.workers.rows[row.carried_by or number]
                assert carrier.may_be_out, (text, times, row, carrier)

    @invariant()
    def one_digest_a_day_is_pushed(self) -> None:
        """But what somebody decided to send again goes on any day."""
        assert all(count == 1 for count in self._digests(self.again).values())

    def _digests(self, but: Collection[tuple[str, str]] = ()) -> Counter[tuple[date, str]]:
        """Return in how many requests each phone was pushed a digest on each day, ``but`` for these."""
        return Counter(
            (at.astimezone(TAIPEI).date(), phone)
            for at, phones, texts in self.workers.world.pushed
            for phone in phones
            if any(text.endswith(DIGEST) and (phone, text) not in but for text in texts)
        )

    def _new_text(self) -> str:
        self.said += 1
        return f"第 {self.said} 句"

    def _say(self, who: int, what: Saying) -> None:
        account = self.bound[who].account
        to = ToAddress(account.id, account.email) if what.by_mail else ToAccount(account.id)
        key, duties = what.key or f"{what.text}:{who}", [what.duty] if what.duty else []
        number = self.workers.does(
            lambda ctx: say(
                ctx, to=to, answer=what.answer, kind=what.kind, key=key, urgency=what.urgency, duties=duties
            )
        )
        assert (number is not None) is ((who, what.text) not in self.wanted), "each key once"
        if number is None:
            return
        self.wanted[who, what.text] = 1
        self._after_saying(who, what.text)
        if what.duty:
            self.workers.town.duty_of[max(self.workers.rows)] = what.duty

    def _after_saying(self, who: int, text: str) -> dict[int, Seen]:
        before = self.workers.look()
        (new,) = self.workers.rows.keys() - before.keys()
        self.about[new] = (who, text)
        return before

    def _is_seen(self, person: str, before: dict[int, Seen]) -> None:
        """What LINE took for whoever wrote is seen now, and nothing else."""
        for number, was in before.items():
            is_there = was.person == person and was.by_line and was.state is NoticeState.ACCEPTED
            expected = was.seen_at or (self.now if is_there else None)
            assert self.workers.rows[number]._replace(reason="") == was._replace(reason="", seen_at=expected)


def _is_parked(row: Seen) -> bool:
    return row.state in (NoticeState.HELD, NoticeState.GIVEN_UP)


@pytest.mark.timeout(60 * RUNS)
def test_the_outbox_does_what_the_plain_model_says_whatever_happens_to_its_workers(
    sqlite_files: SqliteFiles, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MULTICAST_LEAST", MANY)

    class Here(Outbox):
        def __init__(self) -> None:
            super().__init__(sqlite_files, vault)

    run_state_machine_as_test(Here, settings=SIZE)
