"""Whatever is done in whatever order: a check stands in one bucket, numbers are as long as lists (CHK-2, DUTY-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import and_, event, select
from sqlalchemy.engine import Engine

from core.access import system
from core.audit import Door
from core.checks import rules
from core.checks.form import CheckForm
from core.checks.models import Check, CheckBucket, CheckState
from core.checks.queries import OWED, SETTLED, buckets, in_bucket
from core.checks.review import return_check
from core.checks.service import CheckFacts, put_check
from core.checks.submission import Filled, save_draft, submit_check, submit_checks
from core.context import Context, Core
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.errors import FrontdoorError
from tests.builders import a_check, a_unit
from tests.core.checks.forms import FORM_A, FORM_B, FORM_C, reviews, writes
from tests.duties import owe

CHECKS = 3
FORMS = (FORM_A, FORM_B, FORM_C, CheckForm())


class Undo(Exception):
    """Ends a transaction that is to leave nothing."""


class Deed(Enum):
    LISTED_WAITING = auto()
    LISTED_CHECKED = auto()
    LISTED_RETURNED = auto()
    DRAFTED = auto()
    SENT = auto()
    SENT_ALL = auto()
    RETURNED = auto()


LISTED = {
    Deed.LISTED_WAITING: CheckState.WAITING,
    Deed.LISTED_CHECKED: CheckState.CHECKED,
    Deed.LISTED_RETURNED: CheckState.RETURNED,
}


@dataclass(frozen=True)
class Step:
    """What happens to which check, with which form, after so many hours."""

    deed: Deed
    check: int
    form: CheckForm
    hours: int


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(Deed),
        st.integers(0, CHECKS - 1),
        st.sampled_from(FORMS),
        st.sampled_from([0, 1, 23, 24, 25]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def unit_id(core: Core) -> int:
    """A school with checks that wait."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        school = a_unit(ctx, code="H1")
        for number in range(CHECKS):
            put_check(ctx, _facts(ctx, number, CheckState.WAITING))
    return school.id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_buckets_part_all_checks_under_any_sequence_of_acts(core: Core, unit_id: int, history: Sequence[Step]) -> None:
    with suppress(Undo), core.transaction(system("tests"), Door.COMMAND) as ctx:
        for step in history:
            ctx = replace(ctx, now=ctx.now + timedelta(hours=step.hours))  # noqa: PLW2901 (time goes on)
            with suppress(FrontdoorError), ctx.session.begin_nested():
                _do(ctx, unit_id, step)
            _holds(ctx)
        raise Undo


def _do(ctx: Context, unit_id: int, step: Step) -> None:
    number, writer = f"H{step.check}", ctx.as_actor(writes(unit_id))
    match step.deed:
        case Deed.DRAFTED:
            save_draft(writer, number, step.form)
        case Deed.SENT:
            submit_check(writer, number, step.form, confirmed=True)
        case Deed.SENT_ALL:
            submit_checks(writer, [Filled(f"H{each}", step.form, confirmed=True) for each in range(CHECKS)])
        case Deed.RETURNED:
            return_check(ctx.as_actor(reviews(unit_id)), number, "請補充。")
        case _:
            put_check(ctx, _facts(ctx, step.check, LISTED[step.deed]))


def _facts(ctx: Context, number: int, state: CheckState) -> CheckFacts:
    return CheckFacts(f"H{number}", "H1", ctx.now, ctx.now, f"林{number}", state, already_high_risk=False)


def _holds(ctx: Context) -> None:
    ctx.session.expire_all()
    listed = {bucket: in_bucket(ctx, bucket, 0, 50) for bucket in CheckBucket}
    assert buckets(ctx) == {bucket: page.total for bucket, page in listed.items()}
    assert all(page.total == len(page.rows) for page in listed.values())
    assert sorted(row.number for page in listed.values() for row in page.rows) == [f"H{each}" for each in range(CHECKS)]
    for bucket, page in listed.items():
        assert {rules.bucket(row.state, row.has_need, row.due_at, ctx.now) for row in page.rows} <= {bucket}
    _owes_by_state(ctx)


def _owes_by_state(ctx: Context) -> None:
    """Each check has exactly the open duty that its state asks for."""
    owed = {
        CheckState.WAITING: [DutyKind.CHECK],
        CheckState.RETURNED: [DutyKind.RETURNED_CHECK],
        CheckState.CHECKED: [],
    }
    still = and_(Duty.subject_id == Check.id, Duty.ended_at.is_(None))
    found = ctx.session.execute(select(Check.id, Check.state, Duty.kind).outerjoin(Duty, still)).all()
    states = {check_id: state for check_id, state, _ in found}
    kinds = {each: [kind for check_id, _, kind in found if check_id == each and kind is not None] for each in states}
    assert kinds == {check_id: owed[state] for check_id, state in states.items()}
    assert len(states) == CHECKS


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """Note what the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_all_buckets_are_counted_with_two_questions(core: Core) -> None:
    unit = a_unit(core)
    for hours in (1, 30):
        owe(core, a_check(core, unit, assigned_at=core.clock.now() - timedelta(hours=hours)))
    owe(core, a_check(core, unit, state=CheckState.RETURNED, returned_at=core.clock.now()))
    for has_need in (True, False, False, None, None, None):
        a_check(core, unit, state=CheckState.CHECKED, has_need=has_need)
    with core.reading(system("tests"), Door.CHAT) as ctx, questions(core.store.engine) as asked:
        counts = buckets(ctx)
    assert list(counts.values()) == [1, 1, 1, 1, 2, 3]
    assert list(counts) == list(CheckBucket)
    assert len([each for each in asked if each.startswith("SELECT")]) == 2


def test_each_bucket_has_one_place() -> None:
    assert sorted((*OWED, *SETTLED)) == sorted(CheckBucket)
