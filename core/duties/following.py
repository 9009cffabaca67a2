"""Duties follow the state of what they are about: the one owed now is open, its siblings are ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty


@dataclass(frozen=True)
class Subject:
    """What duties are about, who owes them, and who of the unit is named for it."""

    kind: SubjectKind
    id: int
    unit_id: int
    account_id: int | None = None


def follow(ctx: Context, subject: Subject, owing: Owing | None, kinds: Sequence[DutyKind]) -> None:
    """Open or move what is owed about a subject, and end its other duties; ``kinds`` stand in the order they arise.

    What was owed before is met; what would only have come later (the state went back) is void.
    """
    reached = kinds.index(owing.kind) if owing else len(kinds)
    for place, kind in enumerate(kinds):
        if place != reached:
            ending = Ending.MET if place < reached else Ending.VOID
            end_duty(ctx, kind, subject.kind, subject.id, ending)
    if owing is not None:
        begin(ctx, subject, owing)


def begin(ctx: Context, subject: Subject, owing: Owing | None) -> None:
    """Open what is owed about a subject that is new, so that nothing can be open about it yet."""
    if owing is None:
        return
    open_duty(
        ctx,
        NewDuty(
            kind=owing.kind,
            subject_kind=subject.kind,
            subject_id=subject.id,
            unit_id=subject.unit_id,
            account_id=subject.account_id,
            counted_from=owing.counted_from,
            due_at=owing.due_at,
        ),
    )
