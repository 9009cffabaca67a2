"""A disk that is full or read-only: refused cleanly, readyz red, nothing half done; a backup comes back whole (A59)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from bot.readiness import readiness
from bot.webhook import add_webhook, signature_of
from core import database, migrations
from core.access import system
from core.audit import Door, verify
from core.context import Core
from core.database import Store
from core.inbox.models import InboxEvent
from tests.builders import a_bound_account

SECRET = "channel secret for tests"
BODY = b'{"events": [{"type": "message", "webhookEventId": "%d", "source": {"type": "user", "userId": "U1"}}]}'


class Line:
    """LINE's side of the webhook."""

    def __init__(self, core: Core) -> None:
        app = Flask("test")
        add_webhook(app, core, SECRET, lambda: None)
        self._client: FlaskClient = app.test_client()

    def posts(self, number: int) -> int:
        raw = BODY % number
        return self._client.post(
            "/line/webhook", data=raw, headers={"X-Line-Signature": signature_of(raw, SECRET)}
        ).status_code


@contextmanager
def limited(store: Store, pragma: str) -> Iterator[None]:
    """Open every connection with this pragma for as long as the block lasts."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    store.close()
    event.listen(store.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(store.engine, "connect", limit)
        store.close()


def stored(core: Core) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(InboxEvent)) or 0


def pages(store: Store) -> int:
    with store.transaction() as session:
        session.execute(text("DELETE FROM notices"))
    with store.reading() as session:
        return int(session.scalar(text("PRAGMA page_count")) or 0)


def test_a59_a_full_file_refuses_cleanly_and_readyz_is_red(core_sqlite: Core) -> None:
    line, full = Line(core_sqlite), pages(core_sqlite.store)
    with limited(core_sqlite.store, f"max_page_count={full}"):
        answers = [line.posts(number) for number in range(200)]
        assert set(answers) == {200, 503}
        assert stored(core_sqlite) == answers.count(200)
        assert readiness(core_sqlite) == {"ready": False, "database": "OperationalError"}
    assert readiness(core_sqlite)["ready"] is True
    assert line.posts(1000) == 200


def test_a59_a_read_only_file_refuses_cleanly_and_readyz_is_red(core_sqlite: Core) -> None:
    line = Line(core_sqlite)
    with limited(core_sqlite.store, "query_only=ON"):
        assert line.posts(1) == 503
        assert readiness(core_sqlite) == {"ready": False, "database": "OperationalError"}
        with pytest.raises(OperationalError), core_sqlite.transaction(system("test"), Door.JOB) as ctx:
            a_bound_account(ctx)
    assert (stored(core_sqlite), line.posts(1)) == (0, 200)


def test_a_new_database_and_its_log_are_its_owners_alone_and_a_mode_somebody_set_stays(tmp_path: Path) -> None:
    path = tmp_path / "frontdoor.db"
    with closing(Store(f"sqlite:///{path}")) as store:
        assert not path.exists()
        with store.transaction() as session:
            session.execute(text("CREATE TABLE written (what TEXT)"))
        files = list(tmp_path.iterdir())
        assert len(files) == 3, "the file, its log, and the log's index"
        assert {each.stat().st_mode & 0o777 for each in files} == {0o600}
    path.chmod(0o640)
    with closing(Store(f"sqlite:///{path}")) as store, store.reading() as session:
        session.execute(text("SELECT what FROM written"))
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("more", "ready"), [(0, True), (1, False)])
def test_a59_a_disk_with_little_room_makes_readyz_red(
    core_sqlite: Core, monkeypatch: pytest.MonkeyPatch, more: int, *, ready: bool
) -> None:
    monkeypatch.setattr(database, "disk_usage", lambda _: Free(database.LEAST_FREE_BYTES - more))
    assert readiness(core_sqlite)["ready"] is ready


class Free:
    """A disk with so many bytes left."""

    def __init__(self, free: int) -> None:
        self.free = free


@pytest.mark.postgres
def test_a59_a_read_only_server_makes_readyz_red(core: Core) -> None:
    if core.store.is_sqlite:
        assert readiness(core)["ready"] is True
        return
    read_only = Store(f"{core.store.url.render_as_string(hide_password=False)}".replace("+psycopg", ""))
    event.listen(read_only.engine, "begin", lambda each: each.exec_driver_sql("SET TRANSACTION READ ONLY"))
    with closing(read_only):
        assert readiness(Core(read_only, core.vault, core.policy, core.clock))["ready"] is False
    assert readiness(core)["ready"] is True


def test_a59_a_look_at_readyz_leaves_nothing(core_sqlite: Core) -> None:
    before = pages(core_sqlite.store)
    for _ in range(5):
        assert readiness(core_sqlite)["ready"] is True
    assert pages(core_sqlite.store) == before


def test_a59_a_backup_taken_while_others_write_comes_back_whole(core_sqlite: Core, tmp_path: Path) -> None:
    line, copy = Line(core_sqlite), tmp_path / "backup.db"
    with closing(sqlite3.connect(str(core_sqlite.store.url.database))) as source, closing(sqlite3.connect(copy)) as to:
        assert line.posts(1) == 200
        others = iter((2,))  # a write in the middle lets the backup begin anew
        source.backup(to, pages=50, progress=lambda *_: [line.posts(number) for number in others])
    restored = Store(f"sqlite:///{copy}")
    with closing(restored), restored.reading() as session:
        assert migrations.current(restored) == migrations.head()
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert verify(session, core_sqlite.vault) is None
        assert session.scalar(select(func.count()).select_from(InboxEvent)) == 2
