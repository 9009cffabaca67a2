"""How decisions about closing came about: whether a case may be closed (CLOSE-11), and its bucket (CLOSE-10).

The pure workings come first; below, what loads their facts for who asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.closures.earliest import Assessment, Condition
from core.closures.kinds import ClosureState, Need
from core.closures.queries import can_close
from core.closures.rules import bucket
from core.context import Context
from core.dates import roc
from core.due_words import roc_day
from core.explaining import Decision, DecisionStep, Question

MET, NO_WORK_HELPS = "符合", "尚未符合，無法以補資料達成"
ASSUMED = "尚待評估，先以符合估算"


def closing_working(assessment: Assessment, *, assumes_no_risk: bool = False) -> Decision:
    """Return each condition of closing with its rule, met or from when, and the earliest date (CLOSE-11).

    ``assumes_no_risk``: nobody said yet whether a risk remains, and none is assumed.
    """
    result = "可以結案" if assessment.can_close else "還不能結案"
    return Decision(Question.CLOSING, "CLOSE-11", tuple(_to_closing(assessment, assumes_no_risk)), result)


def bucket_working(state: ClosureState | None) -> Decision:
    """Return the steps to the bucket of an opened case; None: no form was sent (CLOSE-10)."""
    form = DecisionStep("結案單", "尚未送出" if state is None else state.label, "CLOSE-9")
    return Decision(Question.CLOSURE_BUCKET, "CLOSE-10", (form,), bucket(state).label)


def explain_closing(ctx: Context, opened_id: int) -> tuple[Decision, Decision]:
    """Return whether a service may be closed, and its bucket, with how that came about; raises ``NotFound``."""
    answer = can_close(ctx, opened_id)
    return closing_working(answer.assessment, assumes_no_risk=answer.assumes_no_risk), bucket_working(answer.state)


def _to_closing(assessment: Assessment, assumes_no_risk: bool) -> Iterator[DecisionStep]:
    for condition in assessment.conditions:
        is_assumed = assumes_no_risk and condition.need is Need.NO_RISK and condition.is_met
        yield DecisionStep(condition.need.label, ASSUMED if is_assumed else _standing(condition), condition.rule)
    earliest = roc_day(assessment.earliest) if assessment.earliest else "無法推算"
    yield DecisionStep("最早可結案", earliest, "CLOSE-11")
    if assessment.apply_by is not None:
        yield DecisionStep("申請期限", roc_day(assessment.apply_by), "CLOSE-11")


def _standing(condition: Condition) -> str:
    if condition.is_met:
        return MET
    if condition.met_from is None:
        return NO_WORK_HELPS
    missing = "".join(f"，缺 {roc(each.first)}–{roc(each.last)}" for each in condition.windows)
    return f"尚未符合{missing}，最早 {roc(condition.met_from)}"
