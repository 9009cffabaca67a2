"""The sample month: large enough, in every state, valid by the import's own rules, the same for the same day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.sample.dispatches import OLD_CASE
from bot.sample.load import load
from bot.sample.month import Sample, sample_month
from bot.sample.units import MAIN_SCHOOL
from bot.sample.write import write
from core.access import Actor, system
from core.accounts.models import Account, Permission, Role, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.checks import queries as checks
from core.checks.models import Check, CheckBucket, CheckState
from core.clock import FixedClock, end_of_day, taipei_date, taipei_moment
from core.context import Context, Core
from core.dispatches import queries as dispatches
from core.dispatches.models import DispatchBucket, DispatchState, Opening
from core.duties.notices import OWED_BUCKETS
from core.duties.overview import overview
from core.imports.service import import_file
from core.policy import Policy
from core.secrets import Sealed, Vault
from tests.builders import a_check, inside
from tests.conftest import PLAIN_DAY
from tests.databases import SqliteFiles
from tests.house.columns import OF_PEOPLE

UNKNOWN_TO_THE_LISTS = {DispatchBucket.TO_REVIEW}  # a reply waits for its supervisor here, not in the main system

TODAY = date(2026, 3, 4)
SHAPES = {
    "national ID": re.compile(r"[A-Z]\d{9}"),
    "day of birth": re.compile(r"20\d\d-\d\d-\d\d"),
    "name": re.compile(r"[一-龥]{2,4}"),
    "address": re.compile(r"\S+@\S+"),
}
"""Some of what the sample holds of people."""


@pytest.fixture(scope="module")
def sample() -> Sample:
    return sample_month(TODAY)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, vault: Vault, sample: Sample) -> Iterator[Core]:
    """The month in a database that nobody here changes: loading it takes seconds."""
    with SqliteFiles(tmp_path_factory.mktemp("loaded")).empty() as store:
        core = Core(store, vault, Policy(), FixedClock(PLAIN_DAY))
        load(core, sample, tmp_path_factory.mktemp("lists"))
        yield core


def test_it_is_as_large_as_promised(sample: Sample) -> None:
    kinds = Counter(unit.kind for unit in sample.units)
    assert kinds[UnitKind.BUREAU] >= 3
    assert kinds[UnitKind.CENTER] == 1
    assert kinds[UnitKind.SCHOOL] + kinds[UnitKind.WELFARE_CENTRE] >= 12
    assert len(sample.accounts) >= 40
    assert len(sample.dispatches) >= 300
    assert len(sample.checks) >= 200


def test_every_role_permission_state_and_decision_is_there(sample: Sample) -> None:
    assert {each.role for each in sample.accounts} == set(Role)
    held = {permission for each in sample.accounts for permission in each.permissions}
    assert held == set(Permission) - {Permission.MEAL_REPORTING}
    exported = set(DispatchState) - {DispatchState.SUBMITTED}  # what waits for a supervisor arises here alone
    assert {each.state for each in sample.dispatches} == exported
    assert {each.opening for each in sample.dispatches} == {None, *Opening}
    assert {each.state for each in sample.checks} == set(CheckState)


def test_codes_end_as_their_ids_and_ids_are_clearly_invented(sample: Sample) -> None:
    for each in sample.accounts:
        assert each.code[-4:] == each.national_id[-4:]
        assert each.national_id[2:6] == "0000"
        assert each.email.endswith((".example",))
    assert all(each.national_id is None or each.national_id[2:6] == "0000" for each in sample.dispatches)


def test_the_same_day_gives_the_same_month_and_another_seed_another(sample: Sample) -> None:
    assert sample_month(TODAY) == sample
    assert sample_month(TODAY, seed=1).accounts != sample.accounts


def test_nothing_in_it_is_to_come(sample: Sample) -> None:
    assert max(each.dispatched_on for each in sample.dispatches) <= TODAY
    assert max(taipei_date(each.assigned_at) for each in sample.checks) < TODAY


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_its_files_say_what_it_says(loaded: Core, sample: Sample, tmp_path: Path, suffix: str) -> None:
    for kind, path in write(sample, tmp_path, suffix).items():
        with loaded.transaction(system("import"), Door.COMMAND) as ctx:
            report = import_file(ctx, kind, path)
        assert (report.added, report.changed, report.ignored_columns) == (0, 0, ())


def test_loading_it_puts_everything_in(loaded: Core, sample: Sample) -> None:
    with loaded.reading(system("tests"), Door.COMMAND) as ctx:
        assert sum(dispatches.buckets(ctx).values()) == len(sample.dispatches)
        assert sum(checks.buckets(ctx).values()) == len(sample.checks)


def test_every_bucket_the_lists_can_fill_holds_something(loaded: Core) -> None:
    with loaded.reading(system("tests"), Door.COMMAND) as ctx:
        assert {each for each, count in dispatches.buckets(ctx).items() if not count} <= UNKNOWN_TO_THE_LISTS
        filled = {bucket for bucket, count in checks.buckets(ctx).items() if count}
    assert filled == set(CheckBucket) - {CheckBucket.WITH_NEED, CheckBucket.WITHOUT_NEED}


def main_actor(ctx: Context, sample: Sample) -> Actor:
    account_id = ctx.session.scalars(select(Account.id).where(Account.code == sample.main.account)).one()
    actor = actor_of(ctx.session, account_id, ctx.today)
    assert actor is not None
    return actor


def test_main_caseworker_has_something_of_everything(loaded: Core, sample: Sample) -> None:
    with loaded.transaction(system("tests"), Door.COMMAND) as ctx:
        me = ctx.as_actor(main_actor(ctx, sample))
        counts = dispatches.buckets(me)
        waiting = dispatches.in_bucket(me, DispatchBucket.WAITING, 0, 50).rows
        due_soon = checks.in_bucket(me, CheckBucket.WAITING, 0, 50).rows
    assert (counts[DispatchBucket.LATE], counts[DispatchBucket.RETURNED]) == (3, 1)
    assert sum(row.due_at == end_of_day(TODAY) for row in waiting) == 2
    assert len(waiting) > 5
    assert due_soon
    assert all(row.due_at is not None and taipei_date(row.due_at) == TODAY for row in due_soon)
    assert all(row.responsible == f"{sample.main.name[0]}○{sample.main.name[-1]}" for row in waiting)


def test_the_figures_of_what_is_owed_make_up_its_number(loaded: Core, sample: Sample) -> None:
    for role in {Role.CASEWORKER, Role.SUPERVISOR, Role.CONTACT, Role.CENTER}:
        code = next(each.code for each in sample.accounts if each.role is role)
        with loaded.reading(system("test"), Door.JOB) as ctx:
            account_id = ctx.session.scalars(select(Account.id).where(Account.code == code)).one()
            actor = actor_of(ctx.session, account_id, ctx.today)
            assert actor is not None
            found = overview(ctx.as_actor(actor))
        buckets = [*(found.dispatches or {}).items(), *(found.checks or {}).items()]
        shown = sum(count for bucket, count in buckets if bucket in OWED_BUCKETS)
        assert found.owed.total == shown + sum(each.owed for each in found.others.values()), code


def test_dispatch_of_2022_is_still_owed_by_the_main_school(loaded: Core, sample: Sample) -> None:
    with loaded.transaction(system("tests"), Door.COMMAND) as ctx:
        view = dispatches.case_of(ctx.as_actor(main_actor(ctx, sample)), OLD_CASE)
    assert view.parts[0].dispatched_on == date(2022, 7, 28)
    assert view.parts[0].due_at == end_of_day(date(2022, 8, 7))
    assert next(each.unit_code for each in sample.dispatches if each.case_number == OLD_CASE) == MAIN_SCHOOL


def test_main_caseworker_may_sign_in_and_is_of_the_main_school(sample: Sample) -> None:
    account = next(each for each in sample.accounts if each.code == sample.main.account)
    assert account.unit_code == MAIN_SCHOOL
    assert account.starts_on <= TODAY <= account.ends_on
    assert len({person.account for person in sample.people}) == len(sample.people)


def of_people(core: Core) -> tuple[set[str], set[str]]:
    """Return all that is sealed of people, and what of it stands readable in any cell of any table."""
    with core.store.reading() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        found = [session.execute(select(text("*")).select_from(text(each))).mappings().all() for each in tables]
    cells = {cell for rows in found for row in rows for cell in row.items()}
    tokens = {cell for column, cell in cells if column in OF_PEOPLE and isinstance(cell, bytes)}
    sealed = {core.vault.open(Sealed(each)) for each in tokens}
    readable = "\n".join({cell for _, cell in cells if isinstance(cell, str)})
    return sealed, {each for each in sealed if each in readable}


def test_what_is_sealed_of_a_person_stands_nowhere_readable(loaded: Core) -> None:
    sealed, readable = of_people(loaded)
    assert {kind for kind, shape in SHAPES.items() if not any(map(shape.fullmatch, sealed))} == set()
    assert readable == set()


def test_what_stands_readable_is_found(core_sqlite: Core) -> None:
    born_on = date(2012, 5, 1)
    a_check(core_sqlite, born_on=born_on)
    with inside(core_sqlite) as ctx:
        ctx.session.execute(update(Check).values(born_on=born_on, shop="林小華家旁門市"))
    assert of_people(core_sqlite)[1] == {"2012-05-01", "林小華"}


@pytest.mark.parametrize(
    ("today", "at"),
    [(date(2024, 2, 29), time(12)), (date(2026, 1, 1), time(0, 5)), (date(2026, 12, 31), time(23, 50))],
)  # the year's first and last minutes, and the day most years lack: loading takes seconds
def test_it_can_be_loaded_on_any_day_at_any_hour(core_sqlite: Core, tmp_path: Path, today: date, at: time) -> None:
    core = replace(core_sqlite, clock=FixedClock(taipei_moment(today, at)))
    load(core, sample_month(today), tmp_path)
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert checks.buckets(ctx)[CheckBucket.WAITING] > 0
        assert {each for each, count in dispatches.buckets(ctx).items() if not count} <= UNKNOWN_TO_THE_LISTS
