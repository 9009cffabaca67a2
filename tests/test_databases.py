"""Each test finds the database as the migrations left it, whatever the test before it did."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from core import migrations
from core.access import system
from core.accounts.models import Unit, UnitKind
from core.audit import GENESIS, AuditHead, AuditRow, Door, verify
from core.clock import FixedClock
from core.context import Core
from core.database import Store
from core.inbox.models import Conversation
from core.policy import Policy
from core.secrets import Vault
from tests import builders
from tests.databases import Beginnings, PostgresDatabase, SqliteFiles, kept

MOMENT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


class Emptied:
    """Gives one emptied database after another, of one kind."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    def next(self) -> AbstractContextManager[Store]:
        if self._request.param == "sqlite":
            files: SqliteFiles = self._request.getfixturevalue("sqlite_files")
            return files.empty()
        database: PostgresDatabase = self._request.getfixturevalue("postgres_database")
        return database.empty()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def emptied(request: pytest.FixtureRequest) -> Emptied:
    return Emptied(request)


def use(store: Store, vault: Vault) -> None:
    core = Core(store, vault, Policy(), FixedClock(MOMENT))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.note("test", "database:1")
        builders.a_bound_account(ctx)
        ctx.session.add(Unit(id=4711, code="by-hand", name="x", kind=UnitKind.OTHER, path="/4711/"))
        ctx.session.add(Conversation(person="p", line_user=vault.seal("U1")))


def test_nothing_stays(emptied: Emptied, vault: Vault) -> None:
    with emptied.next() as store:
        use(store, vault)
    with emptied.next() as store, store.reading() as session:
        for table in (Unit, Conversation, AuditRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalars(select(AuditHead.chained)).all() == [GENESIS]
        assert verify(session, vault) is None


def test_numbers_begin_at_one_again_even_after_a_rollback(emptied: Emptied, vault: Vault) -> None:
    with emptied.next() as store, suppress(ZeroDivisionError), store.transaction() as session:
        session.add(Unit(code="a", name="a", kind=UnitKind.OTHER, path="/"))
        session.flush()
        raise ZeroDivisionError
    with emptied.next() as store:
        assert builders.a_unit(Core(store, vault, Policy(), FixedClock(MOMENT))).id == 1


def test_what_is_kept_comes_back_as_often_as_wanted(sqlite_store: Store, vault: Vault) -> None:
    use(sqlite_store, vault)
    put_back = kept(sqlite_store)
    for _ in range(2):
        with sqlite_store.transaction() as session:
            assert session.scalar(select(func.count()).select_from(Conversation)) == 1
            session.execute(text("DELETE FROM conversations"))
        put_back()
    with sqlite_store.reading() as session:
        assert verify(session, vault) is None


def test_a_beginning_is_built_once_and_put_back_for_the_others(emptied: Emptied, vault: Vault) -> None:
    beginnings, built = Beginnings(), list[Unit]()

    def begin(core: Core) -> Unit:
        built.append(builders.a_unit(core))
        return built[-1]

    for _ in range(2):
        with emptied.next() as store:
            core = Core(store, vault, Policy(), FixedClock(MOMENT))
            assert beginnings.of(core, begin) is built[0]
            with store.transaction() as session:
                assert session.get_one(Unit, built[0].id).name == built[0].name
                assert verify(session, vault) is None
            assert builders.a_unit(core).id == built[0].id + 1
            with pytest.raises(AssertionError, match="would be gone"):
                beginnings.of(core, begin)
    assert len(built) == 1


def test_a_beginning_of_another_moment_is_another(emptied: Emptied, vault: Vault) -> None:
    beginnings, moments = Beginnings(), list[datetime]()

    def begin(core: Core) -> Unit:
        moments.append(core.clock.now())
        return builders.a_unit(core)

    for moment in (MOMENT, MOMENT + timedelta(days=1), MOMENT):
        with emptied.next() as store:
            beginnings.of(Core(store, vault, Policy(), FixedClock(moment)), begin)
    assert moments == [MOMENT, MOMENT + timedelta(days=1)]


def test_the_schema_is_the_migrations(emptied: Emptied) -> None:
    with emptied.next() as store:
        assert migrations.current(store) == migrations.head()


def test_foreign_keys_hold(emptied: Emptied) -> None:
    with emptied.next() as store, pytest.raises(Exception, match=r"(?i)foreign key"), store.transaction() as session:
        session.execute(text("INSERT INTO otp_wrong_codes (account_id, in_a_row) VALUES (99, 0)"))
