from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from core.access import Actor
from core.clock import TICK, FixedClock
from core.context import Core
from core.errors import Conflict
from core.machines.models import ApiWrite
from core.machines.rules import LEASE, REMEMBERED, Again
from core.machines.writes import Answered, Begun, Write, begin_write, keep_answer, let_go
from tests.core.machines.conftest import a_key, calling, holder

FIRST = Write("mark-1", "POST /notices one")
AT_ONCE = 8
RACES = 5


@pytest.fixture
def who(core: Core) -> Actor:
    return holder(core, a_key(core))


def begins(core: Core, who: Actor, write: Write = FIRST) -> Begun | Answered | Again:
    with calling(core, who) as ctx:
        return begin_write(ctx, write)


def begun(core: Core, who: Actor, write: Write = FIRST) -> Begun:
    found = begins(core, who, write)
    assert isinstance(found, Begun)
    return found


def answers(core: Core, who: Actor, mine: Begun, body: str = '{"result":"accepted"}') -> None:
    with calling(core, who) as ctx:
        keep_answer(ctx, mine, 202, body)


def test_the_same_write_again_is_answered_as_the_first_was(core: Core, who: Actor) -> None:
    answers(core, who, begun(core, who))
    assert begins(core, who) == Answered(202, '{"result":"accepted"}')
    assert begins(core, who) == Answered(202, '{"result":"accepted"}')


def test_another_request_under_the_same_mark_is_refused(core: Core, who: Actor) -> None:
    mine = begun(core, who)
    assert begins(core, who, Write("mark-1", "POST /notices two")) is Again.OTHER
    answers(core, who, mine)
    assert begins(core, who, Write("mark-1", "POST /notices two")) is Again.OTHER


def test_marks_of_two_keys_are_two_marks(core: Core, who: Actor) -> None:
    other = holder(core, a_key(core, "other-system"))
    answers(core, who, begun(core, who))
    assert isinstance(begins(core, other), Begun)


def test_while_it_is_under_way_the_same_write_is_told_so(core: Core, who: Actor, clock: FixedClock) -> None:
    begun(core, who)
    clock.move(LEASE - TICK)
    assert begins(core, who) is Again.UNDER_WAY


def test_a_write_whose_process_died_is_taken_over_and_the_first_comes_too_late(
    core: Core, who: Actor, clock: FixedClock
) -> None:
    died = begun(core, who)
    clock.move(LEASE)
    answers(core, who, begun(core, who))
    with pytest.raises(Conflict):
        answers(core, who, died, '{"result":"late"}')
    assert begins(core, who) == Answered(202, '{"result":"accepted"}')


def test_a_refused_write_may_be_asked_again_and_only_its_own_is_let_go(core: Core, who: Actor) -> None:
    refused = begun(core, who)
    with calling(core, who) as ctx:
        let_go(ctx, refused)
    again = begun(core, who, Write("mark-1", "POST /notices corrected"))
    answers(core, who, again)
    with calling(core, who) as ctx:
        let_go(ctx, refused)
        let_go(ctx, again)
    assert isinstance(begins(core, who, Write("mark-1", "POST /notices corrected")), Answered)


def test_after_a_day_it_is_forgotten(core: Core, who: Actor, clock: FixedClock) -> None:
    answers(core, who, begun(core, who))
    clock.move(REMEMBERED - TICK)
    assert isinstance(begins(core, who), Answered)
    clock.move(TICK)
    assert isinstance(begins(core, who, Write("mark-1", "POST /notices another")), Begun)


def test_old_ones_are_cleared_away(core_sqlite: Core, clock: FixedClock) -> None:
    who = holder(core_sqlite, a_key(core_sqlite))
    for number in range(3):
        begun(core_sqlite, who, Write(f"mark-{number}", "x"))
    clock.move(REMEMBERED)
    begun(core_sqlite, who, Write("mark-9", "x"))
    with core_sqlite.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApiWrite)) == 1


@pytest.mark.parametrize("race", range(RACES))
def test_of_many_at_once_one_gets_in(core: Core, who: Actor, race: int) -> None:
    together = Barrier(AT_ONCE)

    def at_once(_: int) -> Begun | Answered | Again:
        together.wait()
        return begins(core, who, Write(f"race-{race}", "x"))

    with ThreadPoolExecutor(AT_ONCE) as all_of_them:
        found = list(all_of_them.map(at_once, range(AT_ONCE)))
    assert [type(each) for each in found].count(Begun) == 1
    assert found.count(Again.UNDER_WAY) == AT_ONCE - 1


def test_what_was_begun_and_answered_survives_another_process(core: Core, who: Actor) -> None:
    answers(core, who, begun(core, who))
    begun(core, who, Write("mark-2", "x"))
    core.store.close()
    assert isinstance(begins(core, who), Answered)
    assert begins(core, who, Write("mark-2", "x")) is Again.UNDER_WAY
