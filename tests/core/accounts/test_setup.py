"""首次設定密碼 costs the same work for every account, known or not (A24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select

from core.access import Actor, system
from core.accounts.models import Account, Unit
from core.accounts.service import set_password
from core.accounts.setup import offer_setup, set_first_password
from core.audit import AuditRow, Door, verify
from core.context import Core
from core.notices.models import Notice
from core.otp.models import Challenge
from tests.builders import an_account

NOBODY = "ZZ0000"
WRITES = ("INSERT", "UPDATE", "DELETE")


def offers(core: Core, code: str) -> str | None:
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        return offer_setup(ctx, code, "a browser")


def sets(core: Core, challenge: str) -> bool:
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        return set_first_password(ctx, challenge, "00000000", "a browser", "a new password of mine")


def work(core: Core, act: Callable[[], object]) -> Counter[str]:
    """Return how many statements of which kind an act takes."""
    made: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        made.append(statement.split(maxsplit=1)[0])

    event.listen(core.store.engine, "before_cursor_execute", note)
    act()
    event.remove(core.store.engine, "before_cursor_execute", note)
    return Counter(made)


def with_password(core: Core) -> Account:
    account = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, "correct horse battery")
    return account


def just_asked(core: Core) -> Account:
    account = an_account(core)
    offers(core, account.code)
    return account


KINDS: dict[str, Callable[[Core], Account]] = {
    "bare": an_account,
    "with password": with_password,
    "disabled": lambda core: an_account(core, disabled_at=core.clock.now()),
    "ended": lambda core: an_account(core, ends_on=core.clock.now().date() - timedelta(days=1)),
    "asked for a moment ago": just_asked,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a24_a_first_password_costs_the_same_work_whether_or_not_a_code_is_sent(core: Core, kind: str) -> None:
    account = KINDS[kind](core)
    offers(core, NOBODY)
    known, unknown = (work(core, partial(offers, core, code)) for code in (account.code, NOBODY))
    for each in WRITES:
        assert abs(known[each] - unknown[each]) <= 1, f"{known} against {unknown}"
    assert abs(known.total() - unknown.total()) <= 8, f"{known} against {unknown}"


def test_a24_a_wrong_code_costs_the_same_work_whether_or_not_one_was_sent(core: Core) -> None:
    challenge = offers(core, an_account(core).code)
    assert challenge
    known, unknown = (work(core, partial(sets, core, each)) for each in (challenge, "x" * len(challenge)))
    assert abs(known.total() - unknown.total()) <= 3, f"{known} against {unknown}"


def test_what_is_done_for_nobody_leaves_nothing(core: Core) -> None:
    offers(core, NOBODY)
    sets(core, "unknown")
    with core.store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) for each in (Account, Unit, Challenge, Notice)]
        noted = session.scalars(select(AuditRow.subject)).all()
    assert (counts, noted) == ([0, 0, 0, 0], ["account:by_code"])
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert verify(ctx.session, ctx.vault) is None


def test_a_code_is_sent_where_there_is_no_password_yet_and_nowhere_else(core: Core) -> None:
    bare, other = an_account(core), with_password(core)
    assert offers(core, bare.code)
    assert offers(core, other.code) is None
    with core.store.reading() as session:
        assert session.scalars(select(Challenge.account_id)).all() == [bare.id]
