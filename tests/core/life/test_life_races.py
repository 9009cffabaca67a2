"""Two acts over the same dispatch at once, drawn at random: both fit, or one is refused; everything holds after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from threading import Barrier, Thread

import pytest

from core.clock import FixedClock
from core.closures.facts import Leaving
from core.closures.kinds import Ground, Leave
from core.closures.reviewing import approve_closure
from core.closures.service import apply_closure
from core.context import Context, Core
from core.dispatches.facts import DispatchFacts
from core.dispatches.families import know_member
from core.dispatches.handing import hand_over
from core.dispatches.models import DispatchState, Opening
from core.dispatches.replying import save_reply, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.dispatches.service import put_dispatch
from core.errors import Conflict, NotFound
from core.records.service import add_record
from tests.builders import a_national_id
from tests.core.life.cases import LONG_AGO, opens
from tests.core.life.holding import chain_holds, holds
from tests.core.life.services import filing
from tests.core.life.stand import stand
from tests.core.life.town import SYSTEM, Outcome, Town, a_town
from tests.services import record

ROUNDS = 20


@dataclass(frozen=True)
class Act:
    """Who does what."""

    who: str
    does: Callable[[Context], object]


@pytest.fixture
def town(core: Core, clock: FixedClock) -> Town:
    return a_town(core, clock)


def at_once(town: Town, *acts: Act) -> list[Outcome]:
    """Do these in a thread each, let go at the same moment; what is no refusal of the core fails the test."""
    start, done, broken = Barrier(len(acts), timeout=30), list[Outcome](), list[Exception]()

    def run(act: Act) -> None:
        start.wait()
        try:
            done.append(town.does(act.who, act.does))
        except Exception as error:  # noqa: BLE001 (raised again below, in the test's own thread)
            broken.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return done


def listed(town: Town, number: str, state: DispatchState = DispatchState.WAITING) -> DispatchFacts:
    """Return a row of the list: each case has a child of its own."""
    opening = Opening.NEW if state in {DispatchState.ANSWERED, DispatchState.CLOSED} else None
    return DispatchFacts(
        number, "S1", town.today, LONG_AGO, f"王{number}", state, needs_assessment=False,
        national_id=a_national_id(700), opening=opening,
    )  # fmt: skip


def newest(town: Town) -> int:
    with town.core.store.reading() as session:
        return max(stand(session).dispatches)


def acts_on(town: Town, number: str, dispatch_id: int) -> list[Act]:
    """Return what may happen to a dispatch and to what follows from it, whoever does it."""
    return [
        Act("edu", lambda ctx: approve_reply(ctx, dispatch_id)),
        Act("head", lambda ctx: approve_reply(ctx, dispatch_id)),
        Act("edu", lambda ctx: return_reply(ctx, dispatch_id, "請補充就學情形")),
        Act("s1", lambda ctx: submit_reply(ctx, dispatch_id)),
        Act("s1", lambda ctx: save_reply(ctx, dispatch_id, opens(Opening.NEW))),
        Act("s1", lambda ctx: hand_over(ctx, dispatch_id, "S2", "學童已轉學")),
        Act(SYSTEM, lambda ctx: put_dispatch(ctx, listed(town, number))),
        Act(SYSTEM, lambda ctx: put_dispatch(ctx, listed(town, number, DispatchState.ANSWERED))),
        Act(SYSTEM, lambda ctx: put_dispatch(ctx, listed(town, number, DispatchState.CLOSED))),
        Act("s1", lambda ctx: know_member(ctx, number, "王大明", a_national_id(700))),
    ]


def begun(town: Town, number: str, how_far: int) -> int:
    """Put a dispatch in and bring it so far: waiting, drafted, submitted, answered."""
    assert town.does(SYSTEM, lambda ctx: put_dispatch(ctx, listed(town, number))).is_done
    dispatch_id = newest(town)
    steps = (
        Act("s1", lambda ctx: save_reply(ctx, dispatch_id, opens(Opening.NEW))),
        Act("s1", lambda ctx: submit_reply(ctx, dispatch_id)),
        Act("edu", lambda ctx: approve_reply(ctx, dispatch_id)),
    )
    for step in steps[:how_far]:
        town.does(step.who, step.does)  # a family that is served already asks for another opening: refused is right
    return dispatch_id


def test_two_acts_at_once_fit_or_one_is_refused(town: Town) -> None:
    random = Random(2026)  # noqa: S311 (the same races every time)
    for place in range(ROUNDS):
        number = f"WK{place}"
        dispatch_id = begun(town, number, random.randrange(4))
        at_once(town, *random.sample(acts_on(town, number, dispatch_id), 2))
        holds(town, {})
    chain_holds(town)


def test_a_dispatch_handed_over_while_its_reply_is_sent_goes_one_way(town: Town) -> None:
    for place in range(6):
        dispatch_id = begun(town, f"WK{place}", 1)
        sends = Act("s1", lambda ctx, at=dispatch_id: submit_reply(ctx, at))  # type: ignore[misc]
        hands = Act("s1", lambda ctx, at=dispatch_id: hand_over(ctx, at, "S2", "學童已轉學"))  # type: ignore[misc]
        done = at_once(town, sends, hands)
        (refused,) = [each.error for each in done if not each.is_done]
        row = holds(town, {}).dispatches[dispatch_id]
        moved = (row.unit_id, row.state) == (town.units["S2"], DispatchState.WAITING)
        assert moved or (row.unit_id, row.state) == (town.units["S1"], DispatchState.SUBMITTED)
        assert isinstance(refused, NotFound if moved else Conflict)


def test_what_is_approved_is_not_handed_over_at_the_same_moment(town: Town) -> None:
    dispatch_id = begun(town, "WK1", 2)
    approves = Act("edu", lambda ctx: approve_reply(ctx, dispatch_id))
    hands = Act("head", lambda ctx: hand_over(ctx, dispatch_id, "S2", "學童已轉學"))
    (refused,) = [each.error for each in at_once(town, approves, hands) if not each.is_done]
    assert isinstance(refused, Conflict)
    row = holds(town, {}).dispatches[dispatch_id]
    assert (row.unit_id, row.state) == (town.units["S1"], DispatchState.ANSWERED)


def test_two_first_replies_of_one_family_approved_at_once_open_one_service(town: Town) -> None:
    """Both said that the unit never served the family: the second is true no more (REPLY-6)."""
    one, other = begun(town, "WK1", 1), begun(town, "WK2", 1)
    assert town.does("s1", lambda ctx: submit_reply(ctx, one)).is_done
    assert town.does("s1", lambda ctx: submit_reply(ctx, other)).is_done
    approvals = (Act("edu", lambda ctx: approve_reply(ctx, one)), Act("head", lambda ctx: approve_reply(ctx, other)))
    (refused,) = [each for each in at_once(town, *approvals) if not each.is_done]
    assert [each.rule for each in refused.broken] == ["REPLY-6"]
    assert "處理中個案" in refused.broken[0].remedy
    assert len(holds(town, {}).services) == 1


def test_a_closure_approved_while_the_list_changes_its_dispatch_does_not_wait_in_a_circle(town: Town) -> None:
    for place in range(6):
        number = f"WK{place}"
        facts = listed(town, number, DispatchState.ANSWERED)
        assert town.does(SYSTEM, lambda ctx, facts=facts: put_dispatch(ctx, facts)).is_done  # type: ignore[misc]
        with town.core.store.reading() as session:
            service_id = max(stand(session).services)
        assert town.does("s1", lambda ctx, at=service_id: add_record(ctx, at, record(town.today))).is_done  # type: ignore[misc]
        _race_a_closure(town, service_id, listed(town, number, DispatchState.CLOSED))
        holds(town, {})


def _race_a_closure(town: Town, service_id: int, facts: DispatchFacts) -> None:
    form = filing(Ground.LEFT, town.today)
    form = replace(form, statement=replace(form.statement, leaving=Leaving(Leave.TRANSFERRED, town.today)))
    sent = town.does("s1", lambda ctx: apply_closure(ctx, service_id, form))
    assert sent.is_done, sent
    closure_id = sent.value.closure_id  # type: ignore[attr-defined]
    at_once(
        town,
        Act("edu", lambda ctx: approve_closure(ctx, closure_id)),
        Act(SYSTEM, lambda ctx: put_dispatch(ctx, facts)),
    )
