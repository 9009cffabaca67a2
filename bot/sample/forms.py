"""Forms that the sample's caseworkers have sent: replies and a closure that wait for their supervisor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, select

from bot.sample.load import ACTOR
from bot.sample.units import SCHOOLS
from core.accounts.models import Account, Grant, Permission, Unit
from core.accounts.queries import actor_of
from core.audit import Door
from core.closures.facts import Leaving, Statement
from core.closures.filing import Filing
from core.closures.form import ClosureForm, Summary
from core.closures.kinds import ClosingReason, Destination, Ground, Leave, Remaining
from core.closures.service import apply_closure
from core.context import Context, Core
from core.dispatches.kinds import Contact, Decision
from core.dispatches.models import Dispatch, DispatchState, Opened, Opening
from core.dispatches.reply_form import ReplyForm
from core.dispatches.replying import save_reply, submit_reply
from core.records.form import RecordForm
from core.records.kinds import Schooling, Service, Way
from core.records.service import add_record

REPLYING = SCHOOLS[1:4]
CLOSING = SCHOOLS[4]
GOAL = "讓孩子穩定就學，三餐有人照顧。"


@dataclass(frozen=True)
class _Sender:
    """A school's first caseworker."""

    core: Core
    account_id: int
    unit_id: int
    name: str

    @contextmanager
    def acting(self) -> Iterator[Context]:
        with self.core.transaction(ACTOR, Door.COMMAND) as ctx:
            actor = actor_of(ctx.session, self.account_id, ctx.today)
            yield ctx.as_actor(actor or ACTOR)

    def reply(self) -> None:
        """Send the reply to the newest dispatch that waits and wants no assessment."""
        with self.acting() as ctx:
            dispatch = ctx.session.scalars(
                select(Dispatch)
                .where(Dispatch.unit_id == self.unit_id, Dispatch.state == DispatchState.WAITING)
                .where(Dispatch.needs_assessment.is_(False), Dispatch.dispatched_on < ctx.today)
                .order_by(Dispatch.dispatched_on.desc(), Dispatch.id)
            ).first()
            if dispatch is not None:
                save_reply(ctx, dispatch.id, _reply(ctx.today, self.name))
                submit_reply(ctx, dispatch.id)

    def close(self) -> None:
        """Send the closure of the service that was opened last, for a child who moved to another school."""
        with self.acting() as ctx:
            service = ctx.session.scalars(
                select(Opened)
                .where(Opened.unit_id == self.unit_id, Opened.closed_on.is_(None), Opened.opened_as == Opening.NEW)
                .order_by(Opened.opened_on.desc(), Opened.id)
            ).first()
            if service is not None:
                add_record(ctx, service.id, _record(ctx.today, ctx.vault.open(service.served)))
                apply_closure(ctx, service.id, _filing(ctx.today))


def send_forms(core: Core) -> None:
    """Have some schools' caseworkers send what their supervisor has to review; the main one's duties stay as they are.

    Raises ``RulesBroken`` where the lists that were loaded do not allow it.
    """
    for unit in REPLYING:
        _sender(core, unit.code).reply()
    _sender(core, CLOSING.code).close()


def _sender(core: Core, unit_code: str) -> _Sender:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        account = ctx.session.scalars(
            select(Account)
            .join(Unit, Account.unit_id == Unit.id)
            .join(Grant, and_(Grant.account_id == Account.id, Grant.permission == Permission.CASEWORKER))
            .where(Unit.code == unit_code)
            .order_by(Account.id)
        ).first()
        if account is None:
            raise LookupError(f"the sample has no caseworker in {unit_code}")
        return _Sender(core, account.id, account.unit_id, ctx.vault.open(account.name))


def _reply(today: date, responsible: str) -> ReplyForm:
    return ReplyForm(
        contact=Contact.REACHED,
        contacted_on=today - timedelta(days=1),
        visited_on=today,
        goal=GOAL,
        decision=Decision.OPEN,
        opening=Opening.NEW,
        responsible=responsible,
        explanation="家訪時孩子與外婆在家，冰箱有食物。已提供早餐券，下週與導師一起再訪。",
    )


def _record(today: date, served: str) -> RecordForm:
    return RecordForm(
        served_on=today,
        way=Way.HOME_VISIT,
        served=served,
        services=frozenset({Service.COUNSELLING}),
        schooling=Schooling.STABLE,
    )


def _filing(today: date) -> Filing:
    summary = Summary("就學穩定", "照顧良好", "已轉學", "", "個案輔導與早餐券", "風險已解除")
    return Filing(
        ClosureForm(today, frozenset({ClosingReason.TRANSFERRED}), frozenset(), summary),
        Statement(
            ground=Ground.LEFT,
            remaining=Remaining.NONE,
            leaving=Leaving(Leave.TRANSFERRED, today - timedelta(days=1)),
            destination=Destination.CITY_SCHOOL,
        ),
    )
