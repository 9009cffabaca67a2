"""What the months let happen in between is looked for where it matters: in requests that several notices share."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from core.access import system
from core.audit import Door
from core.cards import said
from core.context import Core
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from tests.builders import a_bound_account, a_check
from tests.city.meanwhile import Shared, shared
from tests.duties import owe


def a_request(core: Core, state: NoticeState, *, is_shared: bool) -> Shared:
    """Store a request of a reminder, and one of another notice that rides along with it or waits for itself."""
    account_id, duty_id = a_bound_account(core).account.id, owe(core, a_check(core)).id
    with core.transaction(system("test"), Door.JOB) as ctx:
        for key, duties in (("carrier", [duty_id]), ("rider", [])):
            say(
                ctx,
                to=ToAccount(account_id),
                answer=said("您好"),
                kind=NoticeKind.REMINDER,
                key=key,
                urgency=Urgency.AT_ONCE,
                duties=duties,
            )
        carrier, rider = ctx.session.scalars(select(Notice).order_by(Notice.id)).all()
        ctx.session.execute(update(Notice).values(state=state))
        rider.carried_by = carrier.id if is_shared else None
    return Shared(account_id, (duty_id,))


def test_a_request_that_waits_for_its_next_try_is_found_with_whose_it_is_and_what_it_speaks_of(
    core_sqlite: Core,
) -> None:
    assert shared(core_sqlite) == []
    request = a_request(core_sqlite, NoticeState.CREATED, is_shared=True)
    assert shared(core_sqlite) == [request]


@pytest.mark.parametrize(
    ("state", "is_shared"),
    [(NoticeState.CREATED, False), (NoticeState.CLAIMED, True), (NoticeState.ACCEPTED, True)],
)
def test_what_goes_alone_or_is_under_way_or_was_taken_is_not(
    core_sqlite: Core, state: NoticeState, *, is_shared: bool
) -> None:
    a_request(core_sqlite, state, is_shared=is_shared)
    assert shared(core_sqlite) == []
