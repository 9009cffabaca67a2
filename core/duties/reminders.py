"""Gathering what is to be told of duties: routine stages for the digest, urgent ones for one notice a person and sweep.

``collect_reminders`` works one small batch in the caller's transaction and returns how much it did, so that a job
repeats it until 0; what it gathers is said by ``telling.py`` and ``digests.py``. Nothing is told twice: a duty's next
moment moves on in the same transaction. On PostgreSQL a batch locks its rows and skips those another worker holds;
SQLite has one writer at a time. The locks leave keys alone, so rows that point here need not wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import NamedTuple, cast

from sqlalchemy import Table, delete, select, tuple_

from core.accounts.models import Account
from core.among import among_these
from core.context import Context
from core.duties.courses import alone_at, course
from core.duties.models import DigestItem, Duty, UrgentItem, WhyNot
from core.duties.plans import DutyKind
from core.duties.queries import is_known
from core.duties.rules import PutOff, Stage, StageKind, Telling, digest_day, tell_or_wait
from core.duties.told import People, Told, Why
from core.duties.untold import keep_untold
from core.many import changing, inserting
from core.notices.models import Urgency
from core.notices.rules import not_before


@dataclass(frozen=True)
class _Item:
    """Why something is told, and since when."""

    stage: str
    at: datetime


@dataclass(frozen=True)
class _Due:
    """What is told now of one duty, and to whom."""

    duty_id: int
    due_at: datetime
    telling: Telling
    told: Told
    over: Told

    @property
    def stage(self) -> Stage:
        return self.telling.stage

    def each_told(self) -> Iterator[tuple[int, Why]]:
        """Yield who is told, and why; of who is told twice, the last reason counts."""
        for told in (self.told, self.over):
            for account_id in told.accounts:
                yield account_id, told.why


class _Asked(NamedTuple):
    """What is asked of a duty whose moment has come: the columns of ``_COLUMNS``, in their order."""

    id: int
    kind: DutyKind
    unit_id: int | None
    account_id: int | None
    due_at: datetime
    arose_at: datetime
    reminded_at: datetime | None


def collect_reminders(ctx: Context, limit: int) -> int:
    """Gather up to ``limit`` duties whose moment has come, each in its newest state; return how many there were (A46).

    Urgent ones wait until the sweep has gathered all of their person's, routine ones and those that go up for the
    digest. What is due today waits for no digest that comes later than the house's.
    """
    asked = (
        select(*_COLUMNS)
        .where(_DUTIES.c.ended_at.is_(None), _DUTIES.c.remind_at <= ctx.now, is_known())
        .order_by(_DUTIES.c.remind_at, _DUTIES.c.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    duties = [_Asked(*row) for row in ctx.session.execute(asked).all()]
    people, decisions = People(ctx), _Decisions(ctx)
    people.prepare(duties)
    decided = [(duty, decisions.of(duty)) for duty in duties]
    _move_on(ctx, decided)
    due = [_due(duty, telling, people) for duty, telling in decided if isinstance(telling, Telling)]
    _put_routine(ctx, [each for each in due if not each.telling.is_urgent])
    urgent = [each for each in due if each.telling.is_urgent]
    _put_in_urgent(ctx, ((each, *whom, ctx.now) for each in urgent for whom in each.each_told()))
    keep_untold(ctx, ((each.duty_id, stage) for each in due for stage in each.telling.merged), WhyNot.MERGED)
    nobody = ((each.duty_id, each.stage) for each in due if not each.told.accounts and not each.over.accounts)
    keep_untold(ctx, nobody, WhyNot.NOBODY)
    return len(duties)


def tell_in_digest(ctx: Context, duties: Iterable[Duty], why: Why) -> None:
    """Put open duties into the next digest of those who owe them and of those who stand over them, for a reason."""
    people = People(ctx)
    told = {(account_id, duty.id) for duty in duties for each in (people.of(duty), people.over(duty))
            for account_id in each.accounts}  # fmt: skip
    _put_in_digests(ctx, dict.fromkeys(told, _Item(why.value, ctx.now)))


def tell_those_over(ctx: Context, duties: Iterable[Duty], why: Why) -> None:
    """Put open duties into the next digest of those who stand over who owes them, for a reason."""
    people = People(ctx)
    told = {(account_id, duty.id) for duty in duties for account_id in people.over(duty).accounts}
    _put_in_digests(ctx, dict.fromkeys(told, _Item(why.value, ctx.now)))


@dataclass
class _Decisions:
    """What is told now of each duty; duties that stand alike are decided once."""

    ctx: Context
    awake_at: datetime = field(init=False)
    known: dict[tuple[object, ...], Telling | PutOff] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.awake_at = not_before(Urgency.AT_ONCE, self.ctx.now, self.ctx.policy)

    def of(self, duty: _Asked) -> Telling | PutOff:
        key = (duty.kind, duty.due_at, duty.arose_at, duty.reminded_at)
        if key not in self.known:
            line = course(self.ctx, duty.kind, duty.due_at, duty.arose_at)
            self.known[key] = tell_or_wait(line, duty.reminded_at, self.ctx.now, self.awake_at)
        return self.known[key]


def _move_on(ctx: Context, decided: Sequence[tuple[_Asked, Telling | PutOff]]) -> None:
    """Write on each duty what was told of it last, and when it is told next; what is put off is not told yet."""
    rows: list[dict[str, object]] = []
    for duty, telling in decided:
        if isinstance(telling, PutOff):
            rows.append({"its_id": duty.id, "told_at": duty.reminded_at, "next_at": telling.until})
        else:
            rows.append({"its_id": duty.id, "told_at": telling.stage.at, "next_at": telling.next_at})
    _MOVE.run(ctx.session, rows)


def _due(duty: _Asked, telling: Telling, people: People) -> _Due:
    over = people.over(duty) if telling.goes_up else Told((), Why.GOES_UP)
    return _Due(duty.id, duty.due_at, telling, people.of(duty), over)


def _put_routine(ctx: Context, due: Iterable[_Due]) -> None:
    """Put what is routine before its people: in a digest, and where that comes too late on the due day, by itself.

    What waits for a digest already gets its newest state there; what is said by itself waits there no more.
    """
    told = {(account_id, each.duty_id): (each, why) for each in due for account_id, why in each.each_told()}
    times = _digest_times(ctx, {account_id for account_id, _ in told})
    alone: dict[tuple[int, int], tuple[_Due, int, Why, datetime]] = {}
    for pair, (each, why) in told.items():
        at = alone_at(ctx.policy, each.due_at, each.stage.at, ctx.now, times[pair[0]])
        if at is not None:
            alone[pair] = each, pair[0], why, at
    _IN_DIGESTS.run(ctx.session, [_in_digest(pair, _item(*told[pair]), times) for pair in told if pair not in alone])
    if alone:
        ctx.session.execute(delete(DigestItem).where(tuple_(DigestItem.account_id, DigestItem.duty_id).in_(alone)))
    _put_in_urgent(ctx, alone.values())


def _item(due: _Due, why: Why) -> _Item:
    return _Item(_for_who_owes(due.stage.kind).value if why is Why.OWES else why.value, due.stage.at)


def _for_who_owes(kind: StageKind) -> StageKind:
    """Return what a stage is to who owes it: where it goes up, others are asked to help, and to them it is late."""
    return StageKind.LATE if kind is StageKind.GOES_UP else kind


def _put_in_digests(ctx: Context, items: Mapping[tuple[int, int], _Item]) -> None:
    times = _digest_times(ctx, {account_id for account_id, _ in items})
    _IN_DIGESTS.run(ctx.session, [_in_digest(pair, item, times) for pair, item in items.items()])


def _in_digest(pair: tuple[int, int], item: _Item, times: Mapping[int, time]) -> dict[str, object]:
    account_id, duty_id = pair
    on_day = digest_day(item.at, times[account_id])
    return {"account_id": account_id, "duty_id": duty_id, "stage": item.stage, "on_day": on_day}


def _put_in_urgent(ctx: Context, told: Iterable[tuple[_Due, int, Why, datetime]]) -> None:
    """Put what is urgent before who owes it, and before who stands over them where it goes up: a check waits for no
    working day, whoever is told of it. Each comes with whom it is told, why, and when it is said.
    """
    rows = {
        (account_id, each.duty_id): {
            "account_id": account_id,
            "duty_id": each.duty_id,
            "stage": each.stage.kind.value,
            "why": why.value,
            "at": each.stage.at,
            "say_at": say_at,
        }
        for each, account_id, why, say_at in told
    }
    _IN_URGENT.run(ctx.session, [*rows.values()])


def _digest_times(ctx: Context, account_ids: Collection[int]) -> dict[int, time]:
    asked = select(Account.id, Account.digest_at).where(among_these(Account.id, account_ids))
    own = ctx.session.execute(asked) if account_ids else ()
    return {row.id: ctx.policy.digest_time(row.digest_at) for row in own}


_ONE = ("account_id", "duty_id")  # what stands there of a duty for a person already gets its newest state
_IN_DIGESTS = inserting(
    cast("Table", DigestItem.__table__), ("account_id", "duty_id", "stage", "on_day"), key=_ONE, newest=("stage",)
)
_IN_URGENT = inserting(
    cast("Table", UrgentItem.__table__),
    ("account_id", "duty_id", "stage", "why", "at", "say_at"),
    key=_ONE,
    newest=("stage", "why", "at"),
)
_DUTIES = cast("Table", Duty.__table__)
_COLUMNS = tuple(_DUTIES.c[name] for name in _Asked._fields)
_MOVE = changing(
    {"its_id": _DUTIES.c.id.type, "told_at": _DUTIES.c.reminded_at.type, "next_at": _DUTIES.c.remind_at.type},
    lambda row: (
        _DUTIES.update()
        .where(_DUTIES.c.id == row["its_id"])
        .values(reminded_at=row["told_at"], remind_at=row["next_at"])
    ),
)
"""Statements built once: what is gathered is many rows a sweep."""
