"""How decisions about dispatches came about: its bucket (REPLY-2), which opening is true (REPLY-6), the light (REC-7).

The pure workings come first; below, what loads their facts for who asks. Of the light, units that are not the
asker's are counted and not named (ACC-10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.access import Action, require
from core.context import Context
from core.dates import roc, roc_moment
from core.dispatches import rules
from core.dispatches.models import Case, Dispatch, DispatchState, Opening
from core.dispatches.refusals import OPENING_WHY
from core.dispatches.reply_form import OpenedBefore, true_opening
from core.dispatches.services import opened_before
from core.due_words import roc_day
from core.duties.models import Duty, SubjectKind
from core.duties.rules import is_late
from core.errors import NotFound
from core.explaining import Decision, DecisionStep, Question
from core.secrets import folded

NAMED_AT_MOST = 8
LONGEST_NUMBER = 40

_DONE = {  # what became of a part that owes nothing and is not open
    DispatchState.CLOSED: "已結案",
    DispatchState.SUBMITTED: "已回覆，未開案",
    DispatchState.ANSWERED: "已回覆，未開案",
}


@dataclass(frozen=True)
class BucketFacts:
    """What decides a dispatch's bucket; ``due_at`` is its open duty's last moment."""

    state: DispatchState
    dispatched_on: date
    returned_at: datetime | None
    due_at: datetime | None
    reviews: bool = False
    """The asker reviews replies."""


@dataclass(frozen=True)
class NamedPart:
    """A unit's part in a case and when it was dispatched; without a name it is another's, and only counted."""

    part: rules.Part
    dispatched_on: date
    unit_name: str = ""


def bucket_working(facts: BucketFacts, now: datetime) -> Decision:
    """Return the steps to the bucket of a dispatch (REPLY-2)."""
    found = rules.bucket(facts.state, facts.due_at, now, reviews=facts.reviews)
    return Decision(Question.DISPATCH_BUCKET, "REPLY-2", tuple(_to_bucket(facts, now)), found.label)


def opening_working(before: OpenedBefore) -> Decision:
    """Return the steps to the one kind of opening that is true for a family at a unit (REPLY-6)."""
    true, day = true_opening(before), before.open_since or before.closed_on
    goes_on = f"是，{roc(before.open_since)} 開案" if before.open_since else "否"
    closed = f"是，{roc(before.closed_on)} 結案" if before.closed_on else "否"
    others = "、".join(each.label for each in Opening if each in rules.OPENS and each is not true)
    steps = (
        DecisionStep("貴單位目前服務這個家庭", goes_on, "REPLY-6"),
        DecisionStep("貴單位曾服務並結案", closed, "REPLY-6"),
        DecisionStep("所以", OPENING_WHY[true.value].format(day=roc(day) if day else ""), "REPLY-6"),
        DecisionStep("不能選", others, "REPLY-6"),
    )
    return Decision(Question.OPENING, "REPLY-6", steps, true.label)


def light_working(parts: Sequence[NamedPart], assigned: rules.Assignment | None = None) -> Decision:
    """Return the steps to the light of a case: how it was assigned, each part, and the two questions (REC-7)."""
    all_parts = [each.part for each in parts]
    owes = sum(part.state in rules.OWES_REPLY for part in all_parts)
    serves = sum(part.is_open for part in all_parts)
    light = rules.case_light(all_parts)
    steps = (
        *_of_assignment(assigned),
        *_of_parts(parts),
        DecisionStep("尚未回覆", f"{owes} 件", "REC-7"),
        DecisionStep("開案服務中", f"{serves} 件", "REC-7"),
    )
    return Decision(Question.LIGHT, "REC-7", steps, light.label)


def explain_bucket(ctx: Context, dispatch_id: int) -> Decision:
    """Return how a dispatch came to its bucket; raises ``NotFound`` for another unit's (ACC-10)."""
    row = _seen(ctx, dispatch_id, "explain_dispatch")
    about = (Duty.subject_kind == SubjectKind.DISPATCH, Duty.subject_id == row.id, Duty.ended_at.is_(None))
    due_at = ctx.session.scalar(select(Duty.due_at).where(*about))
    reviews = ctx.actor.may(Action.REVIEW_REPLIES)
    return bucket_working(BucketFacts(row.state, row.dispatched_on, row.returned_at, due_at, reviews), ctx.now)


def explain_opening(ctx: Context, dispatch_id: int) -> Decision:
    """Return which kind of opening is true for a dispatch, and why; raises ``NotFound`` for another unit's."""
    row = _seen(ctx, dispatch_id, "explain_opening")
    return opening_working(opened_before(ctx, row))


def explain_light(ctx: Context, number: str) -> Decision:
    """Return how a case came to its light; raises ``NotFound`` where none of the asker's units has part in it."""
    require(ctx.actor, Action.SEE_DISPATCHES)
    wanted = folded(number)
    if not wanted.isprintable() or len(wanted) > LONGEST_NUMBER:
        raise NotFound
    asked = select(Dispatch).join(Case, Case.id == Dispatch.case_id).where(Case.number == wanted)
    rows = ctx.session.scalars(asked.order_by(Dispatch.dispatched_on.desc(), Dispatch.id.desc())).all()
    parts = [_named(ctx, row) for row in rows]
    if not any(each.unit_name for each in parts):
        raise NotFound
    ctx.note("explain_light", f"case:{wanted}")
    return light_working(parts, rules.assignment(rows[0].case.received_on, (row.dispatched_on for row in rows)))


def _to_bucket(facts: BucketFacts, now: datetime) -> Iterator[DecisionStep]:
    yield DecisionStep("派案日", roc_day(facts.dispatched_on), "REPLY-1")
    yield DecisionStep("回覆期限", roc_day(rules.due_on(facts.dispatched_on)), "REPLY-1")
    yield DecisionStep("目前", facts.state.label, "REPLY-11")
    if facts.returned_at is not None and facts.due_at is not None:
        yield DecisionStep("退件時間", roc_moment(facts.returned_at), "REPLY-11")
        yield DecisionStep("更正期限", roc_moment(facts.due_at), "REPLY-11")
    if facts.due_at is not None:
        standing = "已逾期" if is_late(facts.due_at, now) else "期限內"
        yield DecisionStep(f"在 {roc_moment(now)}", standing, "DUTY-1")


def _of_assignment(assigned: rules.Assignment | None) -> Iterator[DecisionStep]:
    """Yield how the intake kept its own clock."""
    if assigned is not None:
        standing = "逾期" if assigned.is_late else "期限內"
        yield DecisionStep("受理日", roc_day(assigned.received_on), "REPLY-16")
        yield DecisionStep("派案期限（一般案件，受理後 3 日）", roc_day(assigned.last_day), "REPLY-16")
        yield DecisionStep("首次派案", f"{roc_day(assigned.assigned_on)}，{standing}", "REPLY-16")


def _of_parts(parts: Sequence[NamedPart]) -> Iterator[DecisionStep]:
    """Yield a step a part of the asker's units, newest first, a unit's under its name, and one that counts the rest."""
    mine = [each for each in parts if each.unit_name]
    named: dict[str, list[NamedPart]] = {}
    for each in mine[:NAMED_AT_MOST]:
        named.setdefault(each.unit_name, []).append(each)
    for unit, (first, *others_of_it) in named.items():
        yield DecisionStep(f"{unit}（{roc(first.dispatched_on)} 派案）", _standing(first.part), "REC-7")
        for each in others_of_it:
            yield DecisionStep(f"{roc(each.dispatched_on)} 派案", _standing(each.part), "REC-7")
    others = (each for each in parts if not each.unit_name)
    rest = Counter(_standing(each.part) for each in (*mine[NAMED_AT_MOST:], *others))
    if rest:
        words = "、".join(f"{standing} {count} 件" for standing, count in rest.items())
        yield DecisionStep("其餘派案", words, "REC-7")


def _standing(part: rules.Part) -> str:
    if part.state in rules.OWES_REPLY:
        return "尚未回覆"
    return "開案服務中" if part.is_open else _DONE[part.state]


def _named(ctx: Context, row: Dispatch) -> NamedPart:
    name = row.unit.name if ctx.actor.units.holds(row.unit_id) else ""
    return NamedPart(rules.Part(row.state, row.opening), row.dispatched_on, name)


def _seen(ctx: Context, dispatch_id: int, act: str) -> Dispatch:
    require(ctx.actor, Action.SEE_DISPATCHES)
    row = ctx.session.get(Dispatch, dispatch_id)
    if row is None:
        raise NotFound
    require(ctx.actor, Action.SEE_DISPATCHES, row.unit_id)
    ctx.note(act, f"dispatch:{row.id}")
    return row
