"""What is asked about requests: the desk's lists and threads, and one's own history (HELP-5, DUTY-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, UnaryExpression, and_, func, or_, select, true

from core.access import Action, require
from core.accounts.models import Account, Unit
from core.context import Context
from core.helpdesk.models import NEXT_DUE, OWES_NOTHING, HelpEntry, HelpKind, HelpRequest, HelpState
from core.helpdesk.searching import entries_with, says
from core.helpdesk.standing import IS_SOLVED, IS_UNSOLVED, is_late
from core.labels import Labelled
from core.paging import ROWS_AT_MOST, Page, clamped

SOLVED_COUNTED = 1000  # solved ones grow without end: more than so many are not counted
OWN_A_PAGE = 5
SEARCHED_AT_MOST = 200  # entries opened for one search
NUMBER_DIGITS = 9  # of a number that somebody looks for
NAMELESS = "LINE 使用者"


class DeskList(Labelled):
    """A list of the desk."""

    MINE = "mine", "我的"
    UNASSIGNED = "unassigned", "未指派"
    LATE = "late", "逾時限"
    WAITING = "waiting", "等候提問人"
    UNSOLVED = "unsolved", "未解決"
    SOLVED = "solved", "已解決"
    ALL = "all", "全部"


@dataclass(frozen=True)
class RequestRow:
    """A request in a list of the desk."""

    number: int
    kind: HelpKind
    state: HelpState
    subject: str
    who: str
    unit_name: str
    agent: str
    asked_at: datetime
    state_at: datetime
    due_at: datetime | None
    """When the first answer, and after it the solution, is owed; None while it waits or is solved."""
    is_late: bool
    newest_entry: int
    is_mine: bool
    """Whether the agent who looks has it."""


@dataclass(frozen=True)
class OwnHelp:
    """A request as who asked sees it (HELP-5)."""

    number: int
    kind: HelpKind
    state: HelpState
    subject: str
    asked_at: datetime
    state_at: datetime
    answer_by: datetime | None


def counts(ctx: Context) -> Mapping[DeskList, int]:
    """Return how many requests each list of the desk holds, as long as the lists themselves (DUTY-2).

    One walk through the index of what is unsolved, which has state and agent side by side. Of what is solved no more
    than ``SOLVED_COUNTED`` are counted, there and among all: one more stands for however many there are.
    """
    require(ctx.actor, Action.ANSWER_HELP)
    unsolved = select(HelpRequest.state, HelpRequest.agent_id, func.count()).where(IS_UNSOLVED)
    found: Counter[DeskList] = Counter()
    for state, agent_id, count in ctx.session.execute(unsolved.group_by(HelpRequest.state, HelpRequest.agent_id)):
        for each in _lists_of(ctx, state, agent_id):
            found[each] += count
    found[DeskList.LATE] = _count(ctx, _in_list(ctx, DeskList.LATE))
    solved = select(HelpRequest.id).where(IS_SOLVED).limit(SOLVED_COUNTED + 1).subquery()
    found[DeskList.SOLVED] = ctx.session.scalar(select(func.count()).select_from(solved)) or 0
    found[DeskList.ALL] = found[DeskList.UNSOLVED] + found[DeskList.SOLVED]
    return {each: found[each] for each in DeskList}


def in_list(ctx: Context, which: DeskList, start: int = 0, limit: int = 50) -> Page[RequestRow]:
    """Return a list: what is due first stands first, what waits longest too; solved ones, and all, newest first.

    Where the number of the list is bounded, its total is at least so high that a page follows wherever rows do.
    """
    require(ctx.actor, Action.ANSWER_HELP)
    where, rows = _in_list(ctx, which), clamped(limit)
    # The numbers are taken in order from an index, and not the rows with all that is sealed in them.
    numbers = ctx.session.scalars(
        select(HelpRequest.id).where(where).order_by(*_order(which)).offset(start).limit(rows + 1)
    ).all()
    total = max(counts(ctx)[which], start + len(numbers) if numbers else 0)
    return Page(total, request_rows(ctx, _rows(ctx, numbers[:rows])), start)


def search(ctx: Context, asked: str, limit: int = 50) -> tuple[RequestRow, ...]:
    """Return the request of this number, those of this account or full name, then those in which somebody wrote it.

    Each newest first; written texts are looked for from two signs on. At most ``SEARCHED_AT_MOST`` entries are opened.
    Of what was asked for only the length stands in the audit.
    """
    require(ctx.actor, Action.ANSWER_HELP)
    numbers = list(dict.fromkeys((*_named(ctx, asked), *_written(ctx, asked))))[: clamped(limit)]
    ctx.note("help.searched", f"signs:{len(asked)}")
    return request_rows(ctx, _rows(ctx, numbers))


def own_help(ctx: Context, person: str, start: int = 0) -> Page[OwnHelp]:
    """Return a LINE user's own requests, newest first (HELP-5)."""
    is_own = HelpRequest.person == person
    rows = ctx.session.scalars(
        select(HelpRequest).where(is_own).order_by(HelpRequest.id.desc()).offset(start).limit(OWN_A_PAGE)
    )
    return Page(_count(ctx, is_own), tuple(own_row(ctx, row) for row in rows), start)


def recent_of(ctx: Context, person: str) -> OwnHelp | None:
    """Return a LINE user's newest request that is unsolved, or None."""
    row = ctx.session.scalar(
        select(HelpRequest)
        .where(HelpRequest.person == person, HelpRequest.state != HelpState.SOLVED)
        .order_by(HelpRequest.id.desc())
        .limit(1)
    )
    return None if row is None else own_row(ctx, row)


def request_rows(ctx: Context, rows: Sequence[HelpRequest]) -> tuple[RequestRow, ...]:
    """Return requests as the desk lists them; the names shown are audited."""
    people = _people(ctx, {each for row in rows for each in (row.account_id, row.agent_id) if each is not None})
    ctx.note_rows("show_help", "helps", [row.id for row in rows], ("subject", "name"))
    return tuple(_row(ctx, row, people) for row in rows)


def _named(ctx: Context, asked: str) -> Iterator[int]:
    """Yield the numbers of requests that are named by their number, or by the code or name of who asked."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= NUMBER_DIGITS else 0
    code = asked.upper() if asked.isprintable() else ""  # PostgreSQL takes no NUL, and no code holds a control sign
    names = or_(Account.code == code, Account.name_key == ctx.vault.look_up("name", asked))
    for named in (HelpRequest.id == number, HelpRequest.account_id.in_(select(Account.id).where(names))):
        newest = select(HelpRequest.id).where(named).order_by(HelpRequest.id.desc())
        yield from ctx.session.scalars(newest.limit(ROWS_AT_MOST))


def _written(ctx: Context, asked: str) -> Iterator[int]:
    """Yield the numbers of requests in which somebody wrote this; several times where they wrote it so often."""
    hits = entries_with(ctx, asked)
    if hits is None:
        return
    entries = select(HelpEntry).where(HelpEntry.id.in_(hits)).order_by(HelpEntry.id.desc()).limit(SEARCHED_AT_MOST)
    yield from (entry.request_id for entry in ctx.session.scalars(entries) if says(ctx, entry, asked))


def _rows(ctx: Context, numbers: Sequence[int]) -> list[HelpRequest]:
    """Return requests by their numbers, in this order."""
    found = {row.id: row for row in ctx.session.scalars(select(HelpRequest).where(HelpRequest.id.in_(numbers)))}
    return [found[number] for number in numbers]


def _row(ctx: Context, row: HelpRequest, people: Mapping[int, tuple[str, str]]) -> RequestRow:
    named = ctx.vault.open(row.display_name) if row.display_name else NAMELESS
    who, unit_name = people.get(row.account_id or 0, (named, ""))
    due_at = row.answer_due_at or row.solve_due_at
    return RequestRow(
        number=row.id,
        kind=row.kind,
        state=row.state,
        subject=ctx.vault.open(row.subject),
        who=who,
        unit_name=unit_name,
        agent=people.get(row.agent_id or 0, ("", ""))[0],
        asked_at=row.asked_at,
        state_at=row.state_at,
        due_at=due_at,
        is_late=due_at is not None and ctx.now > due_at,
        newest_entry=row.newest_entry,
        is_mine=row.agent_id is not None and row.agent_id == ctx.actor.account_id,
    )


def own_row(ctx: Context, row: HelpRequest) -> OwnHelp:
    """Return a request as who asked sees it."""
    subject = ctx.vault.open(row.subject)
    return OwnHelp(row.id, row.kind, row.state, subject, row.asked_at, row.state_at, row.answer_due_at)


def _people(ctx: Context, account_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Return name and unit of accounts, one query for all."""
    rows = ctx.session.execute(
        select(Account.id, Account.name, Unit.name.label("unit")).join(Account.unit).where(Account.id.in_(account_ids))
    )
    return {row.id: (ctx.vault.open(row.name), row.unit) for row in rows}


def _in_list(ctx: Context, which: DeskList) -> ColumnElement[bool]:
    match which:
        case DeskList.MINE:
            return and_(IS_UNSOLVED, HelpRequest.agent_id == ctx.actor.account_id)
        case DeskList.UNASSIGNED:
            return and_(IS_UNSOLVED, HelpRequest.agent_id.is_(None))
        case DeskList.WAITING:
            return and_(IS_UNSOLVED, HelpRequest.state == HelpState.WAITING)
        case DeskList.LATE:
            return is_late(ctx.now)
        case DeskList.UNSOLVED:
            return IS_UNSOLVED
        case _:
            return IS_SOLVED if which is DeskList.SOLVED else true()


def _lists_of(ctx: Context, state: HelpState, agent_id: int | None) -> Iterator[DeskList]:
    """Yield the lists that an unsolved request stands in; ``_in_list`` says the same to the database."""
    yield DeskList.UNSOLVED
    if agent_id is None:
        yield DeskList.UNASSIGNED
    elif agent_id == ctx.actor.account_id:
        yield DeskList.MINE
    if state is HelpState.WAITING:
        yield DeskList.WAITING


def _order(which: DeskList) -> tuple[UnaryExpression[int] | UnaryExpression[datetime] | TextClause, ...]:
    """Return the order of a list, each as an index of what is unsolved has it; what waits owes nothing."""
    match which:
        case DeskList.SOLVED | DeskList.ALL:
            return (HelpRequest.id.desc(),)
        case DeskList.WAITING:
            return HelpRequest.state_at.asc(), HelpRequest.id.asc()
        case DeskList.LATE:
            return NEXT_DUE, HelpRequest.state_at.asc(), HelpRequest.id.asc()
        case _:
            return OWES_NOTHING, NEXT_DUE, HelpRequest.state_at.asc(), HelpRequest.id.asc()


def _count(ctx: Context, where: ColumnElement[bool]) -> int:
    return ctx.session.scalar(select(func.count()).select_from(HelpRequest).where(where)) or 0
