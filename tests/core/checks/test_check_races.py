"""Two at once: exactly one wins, and the others are told who was first (A30, A32)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import Actor
from core.audit import Door
from core.checks.models import CheckState, CheckSubmission
from core.checks.review import return_check
from core.checks.submission import (
    Filled,
    submit_check,
    submit_checks,
)
from core.context import Context, Core
from core.duties.models import Ending
from core.duties.plans import DutyKind
from core.errors import Conflict
from tests.builders import a_national_id
from tests.core.checks.forms import FORM_A, FORM_C, reviews, writes
from tests.core.checks.schools import School


@pytest.fixture
def school(core: Core) -> School:
    return School(core)


def at_once(core: Core, *acts: tuple[Actor, Callable[[Context], object]]) -> list[object]:
    """Do these in a thread each, let go at the same moment; return what each gave or raised."""
    barrier, outcomes = Barrier(len(acts), timeout=30), list[object]()

    def run(actor: Actor, act: Callable[[Context], object]) -> None:
        barrier.wait()
        try:
            with core.transaction(actor, Door.DESK) as ctx:
                outcomes.append(act(ctx))
        except Conflict as late:
            outcomes.append(late)

    threads = [Thread(target=run, args=each) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a30_of_two_who_send_at_once_one_wins(school: School, core: Core) -> None:
    number = school.check()
    acts = [
        (writes(school.unit.id, f"AB100{each}"), lambda ctx: submit_check(ctx, number, FORM_A)) for each in range(6)
    ]
    outcomes = at_once(core, *acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict"] * 5 + ["Submitted"]
    with core.store.reading() as session:
        (winner,) = session.scalars(select(CheckSubmission.writer))
    assert all(winner in str(each) for each in outcomes if isinstance(each, Conflict))
    assert school.duties(number)[DutyKind.CHECK].ending is Ending.MET


def test_a32_of_two_who_return_at_once_one_wins(school: School, core: Core) -> None:
    number = school.check()
    school.sends(number)
    acts = [
        (reviews(school.unit.id, name=f"AB200{each}"), lambda ctx: return_check(ctx, number, "請補充。"))
        for each in range(4)
    ]
    outcomes = at_once(core, *acts)
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict"] * 3 + ["Returned"]


def test_a_correction_and_a_second_return_at_once_follow_each_other(school: School, core: Core) -> None:
    number = school.check()
    school.sends(number)
    school.returns(number)
    outcomes = at_once(
        core,
        (school.writer, lambda ctx: submit_check(ctx, number, FORM_C)),
        (school.supervisor, lambda ctx: return_check(ctx, number, "再補充。")),
    )
    kinds = sorted(type(each).__name__ for each in outcomes)
    assert kinds in (["Conflict", "Submitted"], ["Returned", "Submitted"])
    is_returned = "Returned" in kinds
    assert school.row(number).state is (CheckState.RETURNED if is_returned else CheckState.CHECKED)
    assert (school.duties(number)[DutyKind.RETURNED_CHECK].ended_at is None) is is_returned


def test_two_batches_over_the_same_checks_do_not_wait_in_a_circle(school: School, core: Core) -> None:
    numbers = [school.check(f"學生{each}") for each in range(6)]
    forms = [replace(FORM_C, national_id=a_national_id(each + 1)) for each in range(6)]
    rows = [Filled(number, form) for number, form in zip(numbers, forms, strict=True)]
    outcomes = at_once(
        core,
        (school.writer, lambda ctx: submit_checks(ctx, rows)),
        (writes(school.unit.id, "AB1002"), lambda ctx: submit_checks(ctx, rows[::-1])),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Batch", "Conflict"]
    assert {school.row(number).state for number in numbers} == {CheckState.CHECKED}
