"""``frontdoor db backup``, and the drill of ``docs/restore.md`` as it is written there (A59, A60)."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot import cli
from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.backup import copy
from core.clock import FixedClock
from core.context import Core
from core.errors import SetupError
from core.notices.models import Notice, NoticeState
from core.notices.service import ToAccount
from tests.builders import a_bound_account
from tests.scheduler.post import a_post

Run = Callable[..., Result]
DAY = timedelta(days=1)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.frontdoor, words)


def note(core: Core, act: str) -> None:
    with core.transaction(system("test"), Door.COMMAND) as ctx:
        ctx.note(act, "drill")


def states(core: Core) -> dict[str, NoticeState]:
    with core.store.reading() as session:
        return {row.dedupe_key: row.state for row in session.execute(select(Notice.dedupe_key, Notice.state))}


def test_a60_the_drill_brings_everything_back_and_sends_nothing_in_a_mass(house: Core, tmp_path: Path) -> None:
    database, kept_at = Path(str(house.store.url.database)), tmp_path / "backup.db"
    clock = house.clock
    assert isinstance(clock, FixedClock)
    with a_post(house, clock) as post:
        bound = a_bound_account(house)
        post.say(ToAccount(bound.account.id), "old")
        note(house, "before.backup")
        assert run("db", "backup", str(kept_at)).exit_code == 0
        assert post.run() == 1
        note(house, "after.backup")
        house.store.close()
        for left in database.parent.glob(f"{database.name}*"):
            left.unlink()
        shutil.copyfile(kept_at, database)
        for command in (("db", "upgrade"), ("audit", "verify")):
            assert run(*command).exit_code == 0
        assert post.run(after=DAY) == 0
        assert states(house) == {"old": NoticeState.HELD}
        with house.store.reading() as session:
            account = session.get_one(Account, bound.account.id)
        assert house.vault.open(account.name) == "陳怡君"


def test_a_backup_is_the_owners_alone_and_never_written_over_a_file(house: Core, tmp_path: Path) -> None:
    kept_at = tmp_path / "backup.db"
    assert run("db", "backup", str(kept_at)).exit_code == 0
    assert kept_at.stat().st_mode & 0o777 == 0o600
    before = kept_at.read_bytes()
    with pytest.raises(SetupError, match="there is no folder"):
        copy(house.store, tmp_path / "nowhere" / "backup.db")
    with pytest.raises(SetupError, match="exists already"):
        copy(house.store, kept_at)
    assert kept_at.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["backup.db"]


@pytest.mark.parametrize(
    ("url", "why"), [("postgresql+psycopg:///frontdoor", "pg_dump"), ("sqlite:////nowhere/at/all.db", "no database")]
)
def test_what_cannot_be_copied_is_one_line_and_leaves_nothing(  # noqa: PLR0917 (fixtures come by name)
    house: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, why: str
) -> None:
    monkeypatch.setenv("FRONTDOOR_DATABASE_URL", url)
    monkeypatch.setattr(sys, "argv", ["frontdoor", "db", "backup", str(tmp_path / "backup.db")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, house.store.is_sqlite, list(tmp_path.iterdir())) == (1, True, [])
    (line,) = capsys.readouterr().err.splitlines()
    assert why in line


def test_a_copy_that_is_not_whole_gets_no_name(house: Core, tmp_path: Path) -> None:
    house.store.close()
    path = Path(str(house.store.url.database))
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(SetupError, match="not whole"):
        copy(house.store, tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []
