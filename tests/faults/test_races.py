"""Two or more at the very same moment, again and again on both databases: one wins, the others learn that they lost.

``RACES=1000 pytest tests/faults/test_races.py`` runs so many of each; ``make soak`` runs thousands.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from core.access import system
from core.accounts.links import Bound, LinkRefused, begin_link, complete_link, remember_link_token
from core.audit import Door, verify
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.dispatches.models import Opening
from core.dispatches.replying import save_reply, submit_reply
from core.dispatches.reviewing import approve_reply
from core.dispatches.service import put_dispatch
from core.errors import Conflict
from core.notices.claiming import claim
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say
from core.otp.service import CodeRight
from tests.builders import a_bound_account, an_account
from tests.core.life.cases import opens
from tests.core.life.test_life_races import listed, newest
from tests.core.life.town import SYSTEM, Outcome, Town, a_town
from tests.core.otp.codes import MINUTE, right, sent
from tests.scheduler.post import WANTED

RACES = int(os.environ.get("RACES", "100"))
AT_ONCE = 10  # tries of one code; fifty at once are in tests/abuse/test_codes.py
CODES = 5
"""So much less often: each is as many threads and transactions."""
ACTOR = system("test")
T = TypeVar("T")


@pytest.fixture
def together() -> Iterator[Callable[[Sequence[Callable[[], T]]], list[T]]]:
    """Does several things at once, in threads that are kept from race to race."""
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
            barrier = Barrier(len(acts), timeout=30)

            def do(act: Callable[[], T]) -> T:
                barrier.wait()
                return act()

            return list(threads.map(do, acts))

        yield at_once


@pytest.fixture(autouse=True)
def _audit_is_whole(core: Core) -> Iterator[None]:
    yield
    with core.store.reading() as session:
        assert verify(session, core.vault) is None


def approves(town: Town, dispatch_id: int, who: str) -> Outcome:
    return town.does(who, lambda ctx: approve_reply(ctx, dispatch_id))


@pytest.mark.timeout(0)
def test_a32_of_two_who_approve_one_wins_and_the_other_learns_by_whom(
    core: Core, clock: FixedClock, together: Callable[[Sequence[Callable[[], Outcome]]], list[Outcome]]
) -> None:
    town = a_town(core, clock)
    for number in range(RACES):
        facts = listed(town, f"WK{number}")
        assert town.does(SYSTEM, lambda ctx, facts=facts: put_dispatch(ctx, facts)).is_done  # type: ignore[misc]
        dispatch_id = newest(town)
        opening = opens(Opening.NEW if number == 0 else Opening.IN_PROGRESS)
        assert town.does("s1", lambda ctx, at=dispatch_id, form=opening: save_reply(ctx, at, form)).is_done  # type: ignore[misc]
        assert town.does("s1", lambda ctx, at=dispatch_id: submit_reply(ctx, at)).is_done  # type: ignore[misc]
        done = together([partial(approves, town, dispatch_id, who) for who in ("edu", "head")])
        (lost,) = [each.error for each in done if not each.is_done]
        assert isinstance(lost, Conflict)


@pytest.mark.timeout(0)
def test_a18_of_many_who_give_the_right_code_one_wins(
    core: Core, clock: FixedClock, together: Callable[[Sequence[Callable[[], object]]], list[object]]
) -> None:
    for _ in range(max(RACES // CODES, 1)):
        clock.move(MINUTE)
        challenge = sent(core, an_account(core))
        outcomes = together([partial(right, core, challenge)] * AT_ONCE)
        assert sum(isinstance(each, CodeRight) for each in outcomes) == 1


def binds(core: Core, person: str, nonce: str) -> Bound | LinkRefused:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        return complete_link(ctx, person, ctx.vault.seal(f"U of {person}"), nonce)


@pytest.mark.timeout(0)
def test_a15_a_nonce_given_twice_at_once_binds_once(
    core: Core, together: Callable[[Sequence[Callable[[], object]]], list[object]]
) -> None:
    for number in range(RACES):
        account, person = an_account(core), f"person {number}"
        with core.transaction(ACTOR, Door.PAGE) as ctx:
            remember_link_token(ctx, person, f"token {number}")
            nonce = begin_link(ctx, account.id, f"token {number}")
        outcomes = together([partial(binds, core, person, nonce)] * 2)
        assert sorted(type(each).__name__ for each in outcomes) == ["Bound", "LinkRefused"]


def claims(core: Core) -> int:
    with core.transaction(ACTOR, Door.JOB) as ctx:
        return len(claim(ctx, WANTED).claims)


@pytest.mark.timeout(0)
def test_a56_a_notice_is_claimed_by_one_worker(
    core: Core, together: Callable[[Sequence[Callable[[], int]]], list[int]]
) -> None:
    bound = a_bound_account(core)
    for number in range(RACES):
        with core.transaction(ACTOR, Door.JOB) as ctx:
            to, key = ToAccount(bound.account.id), f"race {number}"
            say(ctx, to=to, answer=said("您好"), kind=NoticeKind.REMINDER, key=key, urgency=Urgency.ALWAYS)
        assert sorted(together([partial(claims, core)] * 2)) == [0, 1]
        with core.store.transaction() as session:
            session.connection().exec_driver_sql("UPDATE notices SET state = 'accepted', lease_until = NULL")
