"""One of many: the same on both databases, whatever the number of values, by an index and by one text."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from core.among import among, among_these, one_of
from core.database import Store
from core.notices.models import NOTICES, Doorway, NoticeState

DOORS: Table = Doorway.metadata.tables["doorways"]
NAMES = select(DOORS.c.name).where(among(DOORS.c.name, "names")).order_by(DOORS.c.name)


def fill(session: Session) -> None:
    session.add_all(Doorway(name=name, rate=rate) for rate, name in enumerate(("d1", "d2", 'd"3')))
    session.flush()


@pytest.mark.parametrize("asked", [[], ["d2"], ["d1", "d2", "none"], ['d"3', "{d1,d2}", "'"]])
def test_those_of_the_list_are_found(store: Store, asked: list[str]) -> None:
    with store.transaction() as session:
        fill(session)
        assert session.scalars(NAMES, {"names": asked}).all() == sorted({"d1", "d2", 'd"3'} & set(asked))


def test_numbers_are_found_too_and_those_not_listed(store: Store) -> None:
    listed, others = (
        select(DOORS.c.rate).where(each) for each in (among(DOORS.c.rate, "rates"), ~among(DOORS.c.rate, "rates"))
    )
    with store.transaction() as session:
        fill(session)
        assert set(session.scalars(listed, {"rates": (0, 2, 7)})) == {0, 2}
        assert set(session.scalars(others, {"rates": {0, 2, 7}})) == {1}


def test_the_same_with_its_values_in_a_statement_built_where_it_is_asked(store: Store) -> None:
    with store.transaction() as session:
        fill(session)
        for asked in ({"d1"}, {"d2", 'd"3'}):  # built anew: the first one's values are not kept
            assert set(session.scalars(select(Doorway.name).where(among_these(Doorway.name, asked)))) == asked


def test_kinds_are_written_into_the_text() -> None:
    condition = one_of(NOTICES.c.state, (NoticeState.CREATED, NoticeState.CLAIMED))
    assert str(condition) == "notices.state IN ('created', 'claimed')"  # as the partial indexes have it
    assert str(one_of(NOTICES.c.state, [NoticeState.CREATED])) == "notices.state = 'created'"


def test_sqlite_asks_its_index(sqlite_store: Store) -> None:
    asked = select(NOTICES.c.id).where(among(NOTICES.c.id, "ids")).compile(sqlite_store.engine)
    with sqlite_store.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {asked.string.replace('?', ':ids')}"), {"ids": "[1]"}).all()
    assert any("SEARCH notices USING INTEGER PRIMARY KEY" in each.detail for each in plan)
