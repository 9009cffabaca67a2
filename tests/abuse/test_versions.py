"""Old and new version side by side (A61): what only the newer one knows stops nothing here, and is left to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.sqlite import dialect
from structlog.testing import capture_logs

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.opening import check_schema
from bot.settings import load_settings
from core import migrations
from core.access import system
from core.accounts.models import Permission, Unit
from core.audit import Door
from core.checks.models import Check, CheckState
from core.clock import FixedClock
from core.context import Core
from core.database import EnumText
from core.duties.models import Duty
from core.errors import SetupError
from core.newer import unknown
from core.notices.models import Notice, NoticeKind, NoticeState
from core.notices.service import ToAccount
from core.secrets import new_key, new_token
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_bound_account, a_check, a_dispatch
from tests.duties import owe
from tests.journeys.town import a_town
from tests.scheduler.post import Post, a_post

PERMISSIONS = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
MORNING = timedelta(hours=22, minutes=30)
"""From ten in the morning to the next day's half past eight."""


@pytest.fixture
def post(core: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core, clock) as office:
        yield office


def write(core: Core, statement: str, **values: object) -> None:
    """Write as a newer version does, past what this one would refuse."""
    with core.store.transaction() as session:
        session.execute(text(statement), values)


def told(core: Core, kind: NoticeKind) -> set[int | None]:
    with core.store.reading() as session:
        return set(session.scalars(select(Notice.account_id).where(Notice.kind == kind)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notices SET kind = 'survey' WHERE dedupe_key = 'newer'",
        "UPDATE notices SET urgency = 'tomorrow' WHERE dedupe_key = 'newer'",
    ],
)
def test_a61_a_notice_of_a_kind_only_a_newer_version_knows_is_left_to_it_and_the_others_flow(
    post: Post, core: Core, statement: str
) -> None:
    ann, ben = a_bound_account(core), a_bound_account(core)
    for key, bound in (("newer", ann), ("after", ann), ("ben", ben)):
        post.say(ToAccount(bound.account.id), key)
    write(core, statement)
    assert post.run() == 2
    assert {post.notice(key).state for key in ("after", "ben")} == {NoticeState.ACCEPTED}
    newer = post.notice("newer")
    assert (newer.state, newer.tries, newer.lease) == (NoticeState.CREATED, 0, None)


def test_a61_a_duty_of_a_kind_only_a_newer_version_knows_stops_no_sweep(core: Core, clock: FixedClock) -> None:
    people = [_owing(core) for _ in range(2)]
    write(core, "UPDATE duties SET kind = 'visit' WHERE unit_id = :unit", unit=people[0].account.unit_id)
    clock.move(timedelta(minutes=5))
    for _ in range(2):
        collect_reminders(core, clock.now())
        clock.move(timedelta(minutes=2))
    assert told(core, NoticeKind.REMINDER) == {people[1].account.id}
    with core.store.reading() as session:
        newer = session.scalars(select(Duty).where(Duty.unit_id == people[0].account.unit_id)).one()
    assert (newer.reminded_at, newer.kind.label) == (None, "visit")


def test_a61_somebody_of_a_role_only_a_newer_version_knows_keeps_nobodys_digest(core: Core, clock: FixedClock) -> None:
    people = [a_bound_account(core, permissions=PERMISSIONS) for _ in range(2)]
    for each in people:
        owe(core, a_dispatch(core, _unit_of(core, each)))
    clock.move(MORNING)
    collect_reminders(core, clock.now())
    write(core, "UPDATE accounts SET role = 'auditor' WHERE id = :id", id=people[0].account.id)
    say_digests(core, clock.now())
    assert told(core, NoticeKind.DIGEST) == {people[1].account.id}
    write(core, "UPDATE accounts SET role = 'caseworker' WHERE id = :id", id=people[0].account.id)
    say_digests(core, clock.now())
    assert told(core, NoticeKind.DIGEST) == {each.account.id for each in people}


def test_a61_a_language_only_a_newer_version_speaks_is_answered_in_chinese(
    core_sqlite: Core, clock: FixedClock
) -> None:
    with a_town(core_sqlite, clock) as town:
        phone = town.phone("林老師")
        phone.says("選單")
        write(core_sqlite, "UPDATE conversations SET language = 'vi'")
        phone.says("選單").sees("聯絡客服")


def test_a61_a_language_of_an_account_that_is_unknown_stops_no_batch(post: Post, core: Core) -> None:
    ann, ben = a_bound_account(core), a_bound_account(core)
    for key, bound in (("ann", ann), ("ben", ben)):
        post.say(ToAccount(bound.account.id), key)
    write(core, "UPDATE accounts SET language = 'vi' WHERE id = :id", id=ann.account.id)
    post.run()
    assert {post.notice(key).state for key in ("ann", "ben")} == {NoticeState.ACCEPTED}


def test_a61_an_unknown_state_is_read_as_itself_logged_once_and_written_by_nobody(core: Core) -> None:
    checks = [a_check(core).id for _ in range(3)]
    write(core, "UPDATE checks SET state = 'paused' WHERE id != :id", id=checks[0])
    unknown.cache_clear()
    with capture_logs() as logs, core.store.reading() as session:
        states = [session.get_one(Check, each).state for each in checks]
    assert states[0] is CheckState.WAITING
    assert [(each.label, each in tuple(CheckState)) for each in states[1:]] == [("paused", False)] * 2
    assert [(each["event"], each["enum"]) for each in logs] == [("value.unknown", "CheckState")]
    with pytest.raises(ValueError, match="paused"):
        EnumText(CheckState).process_bind_param("paused", dialect())
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ctx.session.get_one(Check, checks[1]).shop = "永和門市"
    with core.store.reading() as session:
        assert session.execute(text("SELECT state FROM checks WHERE shop = '永和門市'")).scalar() == "paused"


def test_a61_columns_that_a_newer_version_added_are_in_nobodys_way(core_sqlite: Core, clock: FixedClock) -> None:
    with core_sqlite.store.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
    tables = [name for name in names if name not in ("alembic_version", "sqlite_sequence")]
    for name in tables:
        write(core_sqlite, f"ALTER TABLE {name} ADD COLUMN newer_note VARCHAR(20)")
        write(core_sqlite, f"ALTER TABLE {name} ADD COLUMN newer_count INTEGER NOT NULL DEFAULT 0")
    owing = _owing(core_sqlite)
    with a_town(core_sqlite, clock) as town:
        town.phone("林老師").says("選單").sees("選單")
        town.settle()
    assert told(core_sqlite, NoticeKind.REMINDER) | {owing.account.id} == {owing.account.id}


@pytest.fixture
def newer(core_sqlite: Core) -> Core:
    """A house whose database a newer version has brought up to date."""
    write(core_sqlite, "UPDATE alembic_version SET version_num = '9999'")
    return core_sqlite


def test_a61_a_process_starts_and_is_ready_on_a_schema_that_a_newer_version_brought(newer: Core) -> None:
    check_schema(newer)
    settings = load_settings(secret_key=new_token(), data_key=new_key())
    app = create_app(settings, newer, LineChannel("token", "http://127.0.0.1:9"), lambda: None)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["schema"]) == (200, "9999")


def test_a61_an_upgrade_by_an_older_version_leaves_a_newer_schema_as_it_is(newer: Core) -> None:
    migrations.upgrade(newer.store)
    assert migrations.current(newer.store) == "9999"


def test_a61_a_schema_of_an_older_version_is_not_worked_on(core_sqlite: Core) -> None:
    write(core_sqlite, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(SetupError, match="frontdoor db upgrade"):
        check_schema(core_sqlite)


def _owing(core: Core) -> Bound:
    """Store somebody who is told of a check at once."""
    bound = a_bound_account(core, permissions=PERMISSIONS)
    owe(core, a_check(core, _unit_of(core, bound)))
    return bound


def _unit_of(core: Core, bound: Bound) -> Unit:
    with core.store.reading() as session:
        return session.get_one(Unit, bound.account.unit_id)
