"""Many rows by one statement: the same is written on both databases, and PostgreSQL looks at tables that have grown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.exc import StatementError

from core.database import Store
from core.dates import parse_moment
from core.many import changing, in_the_order_of_an_index, inserting, measure_anew
from core.notices.models import NOTICES, Doorway, MailboxMail, Notice, NoticeKind, NoticeState, Urgency, Via
from core.secrets import Vault

NOW = parse_moment("2026-03-04 10:00")
DOORS = cast("Table", Doorway.__table__)
ADD = inserting(DOORS, ("name", "free_at", "rate", "reason"), key=("name",), newest=("rate", "reason"))
MOVE = changing(
    {"its_name": DOORS.c.name.type, "moment": DOORS.c.free_at.type},
    lambda row: DOORS.update().where(DOORS.c.name == row["its_name"]).values(free_at=row["moment"]),
)
ROWS = text("SELECT greatest(reltuples, 0)::int FROM pg_class WHERE relname = 'doorways'")
MAIL = inserting(cast("Table", MailboxMail.__table__), ("message_id", "address", "subject", "text", "sent_at"))

RAISE = changing(
    {"its_id": NOTICES.c.id.type, "its_lease": NOTICES.c.lease.type, "its_reason": NOTICES.c.reason.type},
    lambda row: (
        NOTICES.update()
        .where(NOTICES.c.id == row["its_id"], NOTICES.c.lease == row["its_lease"])
        .values(reason=row["its_reason"], state=NoticeState.CLAIMED)
    ),
)


def door(name: str, rate: int | None = None, reason: str = "", free_at: datetime | None = NOW) -> dict[str, object]:
    return {"name": name, "free_at": free_at, "rate": rate, "reason": reason}


def leased(store: Store, vault: Vault, lease: str) -> int:
    """Store a notice under a lease; return its id."""
    with store.transaction() as session:
        notice = Notice(
            dedupe_key=lease,
            kind=NoticeKind.DECISION,
            urgency=Urgency.ALWAYS,
            rank=0,
            via=Via.PUSH,
            said=vault.seal("{}"),
            created_at=NOW,
            not_before=NOW,
            state=NoticeState.CREATED,
            lease=lease,
        )
        session.add(notice)
        session.flush()
        return notice.id


def doors(store: Store) -> dict[str, tuple[datetime | None, int | None, str]]:
    with store.reading() as session:
        found = session.scalars(select(Doorway).where(Doorway.name.startswith("d")).order_by(Doorway.name))
        return {each.name: (each.free_at, each.rate, each.reason) for each in found}


def test_many_rows_are_inserted_as_they_are(store: Store) -> None:
    with store.transaction() as session:
        ADD.run(session, [door("d1", 5, "「引號」 \" ' \\"), door("d2", free_at=None)])
    assert doors(store) == {"d1": (NOW, 5, "「引號」 \" ' \\"), "d2": (None, None, "")}


def test_what_stands_gets_only_its_newest_columns_anew(store: Store) -> None:
    with store.transaction() as session:
        ADD.run(session, [door("d1", 5)])
        ADD.run(session, [door("d1", 6, "new", NOW + timedelta(hours=1)), door("d2", 7)])
    assert doors(store) == {"d1": (NOW, 6, "new"), "d2": (NOW, 7, "")}


def test_each_row_is_changed_by_its_own_values(store: Store) -> None:
    later = NOW + timedelta(microseconds=1)
    with store.transaction() as session:
        ADD.run(session, [door("d1"), door("d2"), door("d3")])
        MOVE.run(session, [{"its_name": "d1", "moment": later}, {"its_name": "d2", "moment": None}])
    assert [free_at for free_at, _, _ in doors(store).values()] == [later, None, NOW]


ONCE = inserting(NOTICES, [each.name for each in NOTICES.c if not each.primary_key], key=("dedupe_key",))
NONE: dict[str, object] = {each.name: None for each in NOTICES.c if not each.primary_key}


def test_what_stands_is_left_as_it_is_and_not_told_of(store: Store, vault: Vault) -> None:
    stood = leased(store, vault, "stands")
    with store.reading() as session:
        row = dict(session.execute(select(NOTICES)).mappings().one())
    rows = [NONE | row | {"dedupe_key": key, "reason": "anew"} for key in ("stands", "new")]
    with store.transaction() as session:
        told = ONCE.insert_telling(session, [{name: each[name] for name in NONE} for each in rows], "dedupe_key")
        assert ONCE.insert_telling(session, [], "dedupe_key") == {}
    with store.reading() as session:
        reasons = {each.id: each.reason for each in session.scalars(select(Notice))}
    assert set(told) == {"new"}
    assert reasons == {stood: "", told["new"]: "anew"}


def test_without_rows_nothing_is_done(store: Store) -> None:
    with store.transaction() as session:
        ADD.run(session, [])
    assert doors(store) == {}


def test_naive_moment_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with store.transaction() as session, pytest.raises((ValueError, StatementError), match="naive instant"):
        ADD.run(session, [door("d1", free_at=naive)])


def test_what_no_column_holds_is_refused(postgres_store: Store) -> None:
    with postgres_store.transaction() as session, pytest.raises(TypeError, match="no column holds object"):
        ADD.run(session, [door("d1") | {"reason": object()}])


def test_sealed_values_are_stored_sealed(store: Store, vault: Vault) -> None:
    sealed = vault.seal("王小明")
    row = {"message_id": "<1>", "address": sealed, "subject": sealed, "text": sealed, "sent_at": NOW}
    with store.transaction() as session:
        MAIL.run(session, [row])
    with store.reading() as session:
        assert vault.open(session.scalars(select(MailboxMail.text)).one()) == "王小明"


def test_only_rows_that_are_as_asked_are_changed_and_told_of(store: Store, vault: Vault) -> None:
    ids = [leased(store, vault, lease) for lease in ("mine", "other")]
    rows = [{"its_id": each, "its_lease": "mine", "its_reason": "new"} for each in ids]
    with store.transaction() as session:
        owned = select(Notice.id).where(Notice.lease == "mine")
        changed = RAISE.run_where(session, rows, lambda: set(session.scalars(owned)))
    with store.reading() as session:
        after = {each.id: (each.reason, each.state) for each in session.scalars(select(Notice))}
    assert changed == {ids[0]}
    assert after == {ids[0]: ("new", NoticeState.CLAIMED), ids[1]: ("", NoticeState.CREATED)}


@pytest.mark.postgres
def test_a_table_is_measured_once_it_has_doubled(postgres_store: Store) -> None:
    with postgres_store.transaction() as session:
        session.execute(text("TRUNCATE doorways"))  # rows of other tests keep their place in the file
        session.execute(text("ANALYZE doorways"))
        measured = [session.scalar(ROWS)]
        for first, count in ((0, 100), (100, 700), (800, 400), (1200, 800)):
            ADD.run(session, [door(f"d{number:08}", 1, "r" * 80) for number in range(first, first + count)])
            measure_anew(session, Doorway)
            measured.append(session.scalar(ROWS))
    assert measured == [0, 0, 800, 800, 2000]  # neither a few pages nor half as much again is a reason


def test_sqlite_is_not_measured(sqlite_store: Store) -> None:
    with sqlite_store.transaction() as session:
        measure_anew(session, Doorway)


@pytest.mark.postgres
def test_the_first_of_many_are_found_by_walking_an_index(postgres_store: Store) -> None:
    with postgres_store.transaction() as session:
        session.execute(text("TRUNCATE doorways"))
        session.execute(text("ANALYZE doorways"))
        ADD.run(session, [door(f"d{number:08}") for number in range(2_000)])
        first = "EXPLAIN SELECT * FROM doorways WHERE name >= 'd' AND reason = '' ORDER BY name LIMIT 1"
        with in_the_order_of_an_index(session):
            assert session.scalar(text("SHOW enable_sort")) == "off"
            assert "Sort" not in " ".join(session.scalars(text(first)))
        assert session.scalar(text("SHOW enable_sort")) == "on"


def test_sqlite_walks_its_indexes_anyway(sqlite_store: Store) -> None:
    with sqlite_store.transaction() as session, in_the_order_of_an_index(session):
        ADD.run(session, [door("d1")])
    assert len(doors(sqlite_store)) == 1
