"""Days of birth that an older version wrote readable are sealed once, in batches, and stay the same (A61)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text, update

from core.births import birth_of
from core.checks.models import Check
from core.clock import FixedClock
from core.context import Core
from core.dispatches.models import Family, Member
from scheduler import sealing
from scheduler.sealing import seal_readable
from tests.builders import a_check, inside

BORN, OTHER_DAY = date(2012, 5, 1), date(2012, 5, 2)


def an_older_version_writes(core: Core, row: Check | Member, born_on: date) -> None:
    with inside(core) as ctx:
        ctx.session.execute(update(type(row)).where(type(row).id == row.id).values(born_on=born_on))


def a_member(core: Core) -> Member:
    with inside(core) as ctx:
        family = Family(index_child=ctx.vault.seal("王小明"), named_after="WK1")
        member = Member(family=family, name=ctx.vault.seal("王小明"), name_key="a key")
        ctx.session.add(member)
    return member


def births(core: Core) -> list[date | None]:
    """All days of birth as this version reads them, of checks and then of families' members."""
    with core.store.reading() as session:
        rows = [*session.scalars(select(Check).order_by(Check.id)), *session.scalars(select(Member))]
    return [birth_of(core.vault, row) for row in rows]


def readable(core: Core) -> list[object]:
    with core.store.reading() as session:
        both = "SELECT born_on FROM checks UNION ALL SELECT born_on FROM family_members"
        return [each for each in session.scalars(text(both)) if each is not None]


def test_a61_what_an_older_version_wrote_is_sealed_once(core: Core, clock: FixedClock) -> None:
    check, _, member = a_check(core), a_check(core), a_member(core)
    an_older_version_writes(core, check, BORN)
    an_older_version_writes(core, member, OTHER_DAY)
    assert births(core) == [BORN, None, OTHER_DAY]
    assert (seal_readable(core, clock.now()), seal_readable(core, clock.now())) == (2, 0)
    assert readable(core) == []
    assert births(core) == [BORN, None, OTHER_DAY]


def test_a61_what_an_older_version_writes_over_a_sealed_day_holds(core: Core, clock: FixedClock) -> None:
    an_older_version_writes(core, a_check(core, born_on=BORN), OTHER_DAY)
    assert births(core) == [OTHER_DAY]
    assert seal_readable(core, clock.now()) == 1
    assert (births(core), readable(core)) == ([OTHER_DAY], [])


def test_sealing_goes_on_batch_after_batch_until_nothing_is_left(
    core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "ROWS_A_BATCH", 2)
    for _ in range(5):
        an_older_version_writes(core_sqlite, a_check(core_sqlite), BORN)
    assert seal_readable(core_sqlite, clock.now()) == 5
    assert readable(core_sqlite) == []


def test_looking_for_what_is_readable_walks_no_table(core_sqlite: Core) -> None:
    with core_sqlite.store.reading() as session:
        asked = "EXPLAIN QUERY PLAN SELECT id, born_on FROM {} WHERE born_on IS NOT NULL ORDER BY id LIMIT 500"
        plans = [str(session.execute(text(asked.format(each))).all()) for each in ("checks", "family_members")]
    assert ["_readable" in each for each in plans] == [True, True]
