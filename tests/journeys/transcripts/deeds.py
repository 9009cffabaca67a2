"""What happens off the phone, as lines that begin with ＊: the table of all of them, and those that bring cases in.

A deed is a function under the line it is written as. ``stage.py`` looks a line up in the
table; what it names in 〈〉 comes as an argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.access import system
from core.accounts.models import Account
from core.accounts.queries import actor_of
from core.accounts.service import AccountFacts, extend_account, put_account
from core.audit import Door
from core.checks.kinds import UrgentSign
from core.checks.models import CheckState
from core.checks.service import CheckFacts, put_check
from core.clock import TAIPEI
from core.context import Context
from core.dates import parse_date
from core.dispatches.facts import DispatchFacts
from core.dispatches.families import assign_families
from core.dispatches.models import Case, Dispatch, DispatchState, Opened, Opening
from core.dispatches.service import put_dispatch
from tests.builders import a_case, a_national_id
from tests.journeys.transcripts.cast import the_unit
from tests.services import a_service

if TYPE_CHECKING:
    from tests.journeys.transcripts.stage import Stage

Deed = Callable[..., None]


@dataclass(frozen=True)
class Entry:
    """One kind of line and what it does."""

    pattern: re.Pattern[str]
    own: int
    """How many signs are its own, and no argument."""
    deed: Deed


DEEDS: list[Entry] = []


def written(line: str) -> Callable[[Deed], Deed]:
    """Do this for lines like ``line``: 〈name〉 stands for an argument of the function."""
    parts = re.split(r"〈(\w+)〉", line)
    pattern = "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))

    def keep(deed: Deed) -> Deed:
        DEEDS.append(Entry(re.compile(pattern), sum(map(len, parts[::2])), deed))
        return deed

    return keep


def does(stage: Stage, line: str) -> None:
    """Do what a line says: the entry that fits and has most words of its own."""
    fitting = [(each, found) for each in DEEDS if (found := each.pattern.fullmatch(line))]
    assert fitting, f"nobody knows how to do this: {line}"
    entry, found = max(fitting, key=lambda each: each[0].own)
    entry.deed(stage, **found.groupdict())


def as_person(stage: Stage, name: str, act: Callable[[Context], object]) -> None:
    """Do something in the case module as one of the people."""
    account = stage.person(name).account
    assert account, f"{name} has no account"
    with stage.town.core.transaction(system("test"), Door.DESK) as ctx:
        actor = actor_of(ctx.session, account.id, ctx.today)
        assert actor, f"{name} may not act"
        act(ctx.as_actor(actor))


def as_system(stage: Stage, act: Callable[[Context], object]) -> None:
    """Do something in the case module as an import does."""
    with stage.town.core.transaction(system("import"), Door.COMMAND) as ctx:
        act(ctx)


def dispatch_of(ctx: Context, number: str, unit_id: int | None = None) -> Dispatch:
    """Return the newest dispatch of a case."""
    asked = select(Dispatch).join(Case, Case.id == Dispatch.case_id).where(Case.number == number)
    mine = asked.where(Dispatch.unit_id == unit_id) if unit_id else asked
    found = ctx.session.scalars(mine.order_by(Dispatch.dispatched_on.desc(), Dispatch.id.desc())).first()
    assert found, f"there is no dispatch of {number}"
    return found


def service_of(ctx: Context, number: str) -> Opened:
    """Return the service that was opened on a case."""
    asked = select(Opened).join(Case, Case.id == Opened.case_id).where(Case.number == number)
    found = ctx.session.scalars(asked).first()
    assert found, f"nobody serves {number}"
    return found


@written("主系統匯入派案 〈number〉，〈unit〉，〈day〉，〈child〉")
def dispatch(stage: Stage, number: str, unit: str, day: str, child: str) -> None:
    """Bring a dispatch in; marks may follow the child's name: 王小明，已回覆，需評估單，家人 王小華、王大明."""
    name, *marks = child.split("，")
    given = dict(mark.split(" ", 1) for mark in marks if " " in mark)
    states = [state for mark in marks if (state := DispatchState.of_label(mark))]
    openings = [opening for mark in marks if (opening := Opening.of_label(mark))]
    facts = DispatchFacts(
        case_number=number,
        unit_code=the_unit(stage.town.core, unit).code,
        dispatched_on=parse_date(day),
        received_on=parse_date(given.get("受理", day)),
        child_name=name,
        state=states[0] if states else DispatchState.WAITING,
        needs_assessment="需評估單" in marks,
        reported_by=given.get("通報", ""),
        national_id=a_national_id(int(given["證號"])) if "證號" in given else None,
        household=tuple(given["家人"].split("、")) if "家人" in given else (),
        area=given.get("地區", ""),
        responsible=given.get("個管"),
        opening=openings[0] if openings else None,
        served=given.get("服務"),
    )
    as_system(stage, lambda ctx: put_dispatch(ctx, facts))


@written("主系統匯入 〈count〉 件派案，〈unit〉，〈day〉")
def many_dispatches(stage: Stage, count: str, unit: str, day: str) -> None:
    """Bring many dispatches of one day in."""
    for number in range(1, int(count) + 1):
        dispatch(stage, f"WK{number:05}", unit, day, f"林小{'一二三四五六七八九十'[number % 10]}")


@written("主系統匯入檢核單 〈number〉，〈unit〉，〈moment〉，〈child〉")
def check(stage: Stage, number: str, unit: str, moment: str, child: str) -> None:
    """Bring a check in; marks may follow the child's name: 林小華，已檢核，高風險在案，緊急."""
    name, *marks = child.split("，")
    at = at_moment(moment)
    states = [state for mark in marks if (state := CheckState.of_label(mark))]
    facts = CheckFacts(
        number=number,
        unit_code=the_unit(stage.town.core, unit).code,
        assigned_at=at,
        happened_at=at.replace(minute=0),
        child_name=name,
        state=states[0] if states else CheckState.WAITING,
        already_high_risk="高風險在案" in marks,
        chain="統一超商",
        shop="永平門市",
        urgent=frozenset(sign for sign in UrgentSign if sign.label in marks),
    )
    as_system(stage, lambda ctx: put_check(ctx, facts))


@written("主系統匯入 〈count〉 張檢核單，〈unit〉，〈moment〉")
def many_checks(stage: Stage, count: str, unit: str, moment: str) -> None:
    """Bring many checks of one moment in."""
    for number in range(1, int(count) + 1):
        check(stage, f"M{number:05}", unit, moment, f"陳小{'一二三四五六七八九十'[number % 10]}")


@written("〈unit〉從 〈day〉 起服務 〈number〉，〈child〉")
def service(stage: Stage, unit: str, day: str, number: str, child: str) -> None:
    """A unit has a case open since a day, and has written no record yet."""
    with stage.town.core.transaction(system("import"), Door.COMMAND) as ctx:
        case = a_case(ctx, number=number, child=child, received_on=parse_date(day))
        assign_families(ctx, [case], {})
        a_service(ctx, the_unit(ctx, unit), case, parse_date(day))


def at_moment(written_moment: str) -> datetime:
    """Return a moment of Taipei like 115/03/04 10:00."""
    day, time = written_moment.split(" ")
    hour, minute = time.split(":")
    found = parse_date(day)
    return datetime(found.year, found.month, found.day, int(hour), int(minute), tzinfo=TAIPEI)


@written("〈name〉的帳號改為 〈day〉 到期")
def account_ends(stage: Stage, name: str, day: str) -> None:
    """Let somebody's account end on a day; a certificate's end is kept in mind too."""

    def act(ctx: Context) -> None:
        account = ctx.session.scalars(select(Account).where(Account.code == stage.code(name))).one()
        extend_account(ctx, account, parse_date(day))

    as_system(stage, act)


@written("主系統把〈name〉的信箱改成 〈address〉")
def mailbox_changes(stage: Stage, name: str, address: str) -> None:
    """Bring the list of accounts in with another mailbox of somebody's."""

    def act(ctx: Context) -> None:
        account = ctx.session.scalars(select(Account).where(Account.code == stage.code(name))).one()
        opened = ctx.vault.open
        facts = AccountFacts(
            code=account.code,
            name=opened(account.name),
            national_id=opened(account.national_id),
            email=address,
            unit_code=account.unit.code,
            role=account.role,
            title=account.title,
            phone=opened(account.phone) if account.phone else "",
            starts_on=account.starts_on,
            ends_on=account.ends_on,
            permissions=account.permissions,
        )
        put_account(ctx, facts)

    as_system(stage, act)
