"""How a check came to the bucket it counts in: each event, each deadline, the rule of each step, the result (CHK-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.checks import rules
from core.checks.kinds import Act, Need
from core.checks.models import CheckBucket
from core.dates import roc_moment
from core.explaining import Decision, DecisionStep, Question


@dataclass(frozen=True)
class Event:
    """A check was sent or returned, when and by whom."""

    act: Act
    at: datetime
    by: str


_NO_CHOICE = {
    CheckBucket.WITH_NEED: "主系統名冊記載有需求",
    CheckBucket.WITHOUT_NEED: "沒有選有需求",
    CheckBucket.NEED_UNKNOWN: "主系統名冊未載需求",
}


def working(
    bucket: CheckBucket, assigned_at: datetime, events: Sequence[Event], due: datetime | None, need: Need | None
) -> Decision:
    """Return the steps to a bucket; ``due`` is what is owed now, ``need`` the choice of the form that stands."""
    steps = tuple(_steps(bucket, assigned_at, events, due, need))
    return Decision(Question.CHECK_BUCKET, "CHK-2", steps, bucket.label)


def _steps(
    bucket: CheckBucket, assigned_at: datetime, events: Sequence[Event], due: datetime | None, need: Need | None
) -> Iterator[DecisionStep]:
    yield DecisionStep("分派時間", roc_moment(assigned_at), "CHK-1")
    yield DecisionStep(f"檢核期限（{rules.CHECK_HOURS} 小時）", roc_moment(rules.due_at(assigned_at)), "CHK-1")
    for event in events:
        yield DecisionStep(event.act.label, f"{roc_moment(event.at)}（{event.by}）", "CHK-10")
    if due is None:
        yield DecisionStep("需求評估", need.label if need else _NO_CHOICE[bucket], "CHK-4")
    elif bucket is CheckBucket.RETURNED:
        yield DecisionStep("重新送出的期限", roc_moment(due), "CHK-10")
    yield DecisionStep("歸類", bucket.label, "CHK-2")
