"""The overviews of a batch of digests: each person's as if looked up alone, each showing in the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import event, or_, select

from core.access import system
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.queries import actors_of
from core.audit import AuditRow, Door
from core.checks.models import CheckBucket
from core.clock import TICK, FixedClock, end_of_day, taipei_date
from core.context import Context, Core
from core.duties.models import Duty, Ending
from core.duties.overview import ROWS_A_SCREEN, Overview, figures_of
from core.duties.queries import looked_up, pressing
from core.duties.shared import DIGEST_DAYS, SharedOverviews
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty

BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)


@dataclass(frozen=True)
class City:
    """Two schools below a bureau: two caseworkers who see the same, one who does no cases, a supervisor, a helpdesk."""

    school: Unit
    other: Unit
    ann: Account
    bob: Account
    cook: Account
    boss: Account
    desk: Account

    @property
    def people(self) -> tuple[Account, ...]:
        """Everybody."""
        return self.ann, self.bob, self.cook, self.boss, self.desk


@pytest.fixture
def city(core: Core) -> City:
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    school, other = a_unit(core, parent=bureau), a_unit(core, "秀朗國民小學", parent=bureau)
    return City(
        school,
        other,
        an_account(core, school, permissions=BOTH),
        an_account(core, school, permissions=BOTH),
        an_account(core, school, permissions=(Permission.MEAL_CHECKS,)),
        an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,)),
        an_account(core, bureau, role=Role.HELPDESK, permissions=()),
    )


@contextmanager
def saying(core: Core) -> Iterator[Context]:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        yield ctx


def shared(ctx: Context, told: Mapping[int, Collection[int]]) -> dict[int, Overview]:
    overviews = SharedOverviews(ctx)
    overviews.prepare(told)
    return {each: overviews.of(actor) for each, actor in actors_of(ctx.session, told, ctx.today).items()}


def alone(ctx: Context, told: Mapping[int, Collection[int]]) -> dict[int, Overview]:
    """Look up each person's by one question, as if there were nobody else."""
    week = pressing(end_of_day(ctx.today + timedelta(days=DIGEST_DAYS)))
    found = {}
    for account_id, actor in actors_of(ctx.session, told, ctx.today).items():
        as_they = ctx.as_actor(actor)
        owed = looked_up(as_they, or_(week, Duty.id.in_(told[account_id])), 0, ROWS_A_SCREEN)
        found[account_id] = figures_of(as_they, owed)
    return found


def fill(core: Core, city: City, clock: FixedClock) -> dict[str, int]:
    """Let every kind of duty be owed that a digest treats in its own way; return the ids by what they are."""
    today = taipei_date(clock.now())
    soon, far = end_of_day(today + timedelta(days=3)), end_of_day(today + timedelta(days=30))
    made = {
        "late": a_duty(core, a_dispatch(core, city.school), due_at=clock.now() - TICK),
        "soon": a_duty(core, a_dispatch(core, city.school), due_at=soon),
        "far": a_duty(core, a_dispatch(core, city.school), due_at=far),
        "far, bob's": a_duty(core, a_dispatch(core, city.school), due_at=far, account_id=city.bob.id),
        "check": a_duty(core, a_check(core, city.school), due_at=soon),
        "elsewhere": a_duty(core, a_dispatch(core, city.other), due_at=soon),
        "met": a_duty(core, a_dispatch(core, city.school), due_at=soon, ended_at=clock.now(), ending=Ending.MET),
        "ann's end": a_duty(core, city.ann, due_at=soon),
        "bob's end": a_duty(core, city.bob, due_at=far),
    }
    return {name: duty.id for name, duty in made.items()}


def test_each_is_as_if_looked_up_alone(core: Core, city: City, clock: FixedClock) -> None:
    ids = fill(core, city, clock)
    told: dict[int, Collection[int]] = {each.id: ids.values() for each in city.people}
    for some in (told, dict.fromkeys(told, ()), {each: [ids["far"], ids["check"]] for each in told}):
        with saying(core) as ctx:
            assert shared(ctx, some) == alone(ctx, some)
    assert len(shared_ids(core, told, city.ann)) == 6  # all but elsewhere, met and what is Bob's own


def shared_ids(core: Core, told: Mapping[int, Collection[int]], account: Account) -> list[int]:
    with saying(core) as ctx:
        return [row.duty_id for row in shared(ctx, told)[account.id].owed.rows]


def test_what_is_new_to_one_is_not_in_the_others(core: Core, city: City, clock: FixedClock) -> None:
    ids = fill(core, city, clock)
    with saying(core) as ctx:
        found = shared(ctx, {city.ann.id: [ids["far"]], city.bob.id: [ids["bob's end"]], city.cook.id: [ids["check"]]})
    assert [row.duty_id for row in found[city.ann.id].owed.rows] == [
        ids["late"], ids["soon"], ids["check"], ids["ann's end"], ids["far"],
    ]  # fmt: skip
    assert [row.duty_id for row in found[city.bob.id].owed.rows] == [
        ids["late"], ids["soon"], ids["check"], ids["bob's end"],
    ]  # fmt: skip
    assert [row.duty_id for row in found[city.cook.id].owed.rows] == [ids["check"]]
    assert found[city.cook.id].dispatches is None
    assert found[city.cook.id].checks == {bucket: int(bucket is CheckBucket.WAITING) for bucket in CheckBucket}


def test_another_ones_own_duty_is_nobody_elses(core: Core, city: City, clock: FixedClock) -> None:
    """Both are told of the same set of duties, of which only one is the owner."""
    today = taipei_date(clock.now())
    own = a_duty(core, city.ann, due_at=end_of_day(today)).id
    for first, second in ((city.ann, city.bob), (city.bob, city.ann)):
        with saying(core) as ctx:
            found = shared(ctx, {first.id: [own], second.id: [own]})
        assert (found[city.ann.id].owed.total, found[city.bob.id].owed.total) == (1, 0)


def test_more_than_a_screen_is_cut_alike(core: Core, city: City, clock: FixedClock) -> None:
    today = taipei_date(clock.now())
    for day in range(ROWS_A_SCREEN + 2):
        a_duty(core, a_dispatch(core, city.school), due_at=end_of_day(today + timedelta(days=day % 3)))
    own = a_duty(core, city.ann, due_at=end_of_day(today)).id
    told = {city.ann.id: [own], city.bob.id: []}
    with saying(core) as ctx:
        found = shared(ctx, told)
        assert found == alone(ctx, told)
    assert [(each.owed.total, len(each.owed.rows)) for each in found.values()] == [(13, 10), (12, 10)]


@pytest.mark.parametrize(("due", "count"), [(date(2026, 3, 11), 1), (date(2026, 3, 12), 0)])
def test_digest_holds_what_is_due_within_seven_days(core: Core, city: City, due: date, count: int) -> None:
    a_duty(core, a_dispatch(core, city.school), due_at=end_of_day(due))
    with saying(core) as ctx:
        assert shared(ctx, {city.ann.id: ()})[city.ann.id].owed.total == count


def test_each_showing_is_in_the_audit(core: Core, city: City, clock: FixedClock) -> None:
    duty = a_duty(core, a_dispatch(core, city.school), due_at=clock.now())
    with saying(core) as ctx:
        shared(ctx, {city.ann.id: (), city.bob.id: (), city.cook.id: ()})
    with core.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act == "show_duties").order_by(AuditRow.actor)).all()
    assert [(row.actor, row.subject) for row in shown] == [
        (each.code, f"duties:{duty.id}") for each in sorted((city.ann, city.bob), key=lambda each: each.code)
    ]


def test_a_second_person_who_sees_the_same_asks_nothing(core_sqlite: Core, clock: FixedClock) -> None:
    unit = a_unit(core_sqlite)
    people = [an_account(core_sqlite, unit, permissions=BOTH) for _ in range(3)]
    a_duty(core_sqlite, a_dispatch(core_sqlite, unit), due_at=clock.now())
    asked: list[int] = []
    event.listen(core_sqlite.store.engine, "before_cursor_execute", lambda *_: asked.append(1))
    with saying(core_sqlite) as ctx:
        actors = actors_of(ctx.session, [each.id for each in people], ctx.today)
        overviews = SharedOverviews(ctx)
        overviews.prepare(dict.fromkeys(actors, ()))
        first, second, third = actors.values()
        found = overviews.of(first)
        asked.clear()
        assert (overviews.of(second), overviews.of(third), asked) == (found, found, [])
