"""A61 by hand: a button pressed in an older version overwrites nothing whose state only a newer version knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from core.access import system
from core.accounts.models import Role
from core.accounts.requests.models import RequestState
from core.accounts.requests.queries import queued_requests
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from core.errors import Conflict, FrontdoorError, NotFound
from core.helpdesk import answering
from core.helpdesk.answering import Reply
from core.helpdesk.service import end
from core.notices.service import ToAccount, dismiss, release
from tests.builders import a_bound_account, an_account
from tests.core.accounts.requests.asking import Asking, somebody
from tests.core.helpdesk.conftest import Desk, a_desk
from tests.scheduler.post import a_post

NEWER = "on_hold"


def write(core: Core, table: str, column: str = "state") -> None:
    """Write as a newer version does, past what this one would refuse."""
    with core.store.transaction() as session:
        session.execute(text(f"UPDATE {table} SET {column} = :newer"), {"newer": NEWER})  # noqa: S608 (our own names)


def stored(core: Core, table: str, column: str = "state") -> str:
    with core.store.reading() as session:
        return str(session.execute(text(f"SELECT {column} FROM {table}")).scalar_one())  # noqa: S608 (our own names)


@pytest.fixture
def desk(core_sqlite: Core) -> Desk:
    return a_desk(core_sqlite)


@pytest.mark.parametrize(
    "act",
    [
        lambda ctx, number: answering.answer(ctx, number, Reply("請清除 Cookie。", 1)),
        answering.solve,
    ],
)
def test_a61_an_agent_is_told_to_wait_for_the_newer_version(desk: Desk, act: Callable[[Context, int], object]) -> None:
    number = desk.asks().number
    write(desk.core, "help_requests")
    with pytest.raises(Conflict, match="系統正在更新"), desk.core.transaction(desk.ann, Door.DESK) as ctx:
        act(ctx, number)
    assert stored(desk.core, "help_requests") == NEWER


@pytest.mark.parametrize("act", [answering.take, answering.reopen])
def test_a61_who_takes_a_request_leaves_its_state_to_the_newer_version(
    desk: Desk, act: Callable[[Context, int], object]
) -> None:
    number = desk.asks().number
    write(desk.core, "help_requests")
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        act(ctx, number)
    assert stored(desk.core, "help_requests") == NEWER


def test_a61_who_writes_goes_on_and_who_ends_is_told_to_wait(desk: Desk) -> None:
    desk.asks()
    write(desk.core, "help_requests")
    desk.writes("還是白的")
    with pytest.raises(Conflict), desk.core.transaction(system("chat"), Door.CHAT) as ctx:
        end(ctx, desk.person)
    assert stored(desk.core, "help_requests") == NEWER


@pytest.mark.parametrize(
    ("column", "refused"), [("state", Conflict), ("kind", NotFound)], ids=["a newer state", "a newer kind"]
)
def test_a61_a_request_of_an_account_is_decided_where_it_is_understood(
    core_sqlite: Core, column: str, refused: type[FrontdoorError]
) -> None:
    number = somebody(core_sqlite).files_email()
    helpdesk = Asking(core_sqlite, an_account(core_sqlite, role=Role.HELPDESK, permissions=()))
    write(core_sqlite, "account_requests", column)
    for act in (helpdesk.approves, helpdesk.refuses):
        with pytest.raises(refused):
            act(number)
    assert stored(core_sqlite, "account_requests", column) == NEWER
    with core_sqlite.reading(helpdesk.actor, Door.DESK) as ctx:
        assert queued_requests(ctx, None, RequestState.FILED, 0, 10).rows == ()


def test_a61_a_notice_in_a_newer_state_is_neither_sent_nor_dismissed_by_hand(
    core_sqlite: Core, clock: FixedClock
) -> None:
    with a_post(core_sqlite, clock) as post:
        post.say(ToAccount(a_bound_account(core_sqlite).account.id))
        write(core_sqlite, "notices")
        with core_sqlite.transaction(system("test"), Door.DESK) as ctx:
            assert (release(ctx, [1]), dismiss(ctx, [1])) == (0, 0)
        assert post.run() == 0
    assert stored(core_sqlite, "notices") == NEWER
