"""Duties follow the state of what they are about: the one owed now is open, its siblings are ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.context import Context
from core.duties.models import Ending, SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duties, open_duties, open_duty


@dataclass(frozen=True)
class Subject:
    """What duties are about, who owes them, and who of the unit is named for it."""

    kind: SubjectKind
    id: int
    unit_id: int
    account_id: int | None = None


def follow_all(ctx: Context, owed: Sequence[tuple[Subject, Owing | None]], kinds: Sequence[DutyKind]) -> None:
    """Open or move what is owed about subjects of one kind, and end their other duties, by few statements.

    ``kinds`` stand in the order they arise: what was owed before is met; what would only have come later (the state
    went back) is void.
    """
    endings: dict[tuple[DutyKind, int], Ending] = {}
    for subject, owing in owed:
        reached = kinds.index(owing.kind) if owing else len(kinds)
        endings |= {(kind, subject.id): Ending.MET for kind in kinds[:reached]}
        endings |= {(kind, subject.id): Ending.VOID for kind in kinds[reached + 1 :]}
    if owed:
        end_duties(ctx, owed[0][0].kind, endings)
    begin_all(ctx, owed)


def begin(ctx: Context, subject: Subject, owing: Owing | None) -> None:
    """Open what is owed about a subject that is new, so that nothing can be open about it yet."""
    if owing is not None:
        open_duty(ctx, _new(subject, owing))


def begin_all(ctx: Context, owed: Iterable[tuple[Subject, Owing | None]]) -> None:
    """Open what is owed about many subjects that are new, by few statements."""
    open_duties(ctx, [_new(subject, owing) for subject, owing in owed if owing is not None])


def _new(subject: Subject, owing: Owing) -> NewDuty:
    return NewDuty(
        kind=owing.kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        unit_id=subject.unit_id,
        account_id=subject.account_id,
        counted_from=owing.counted_from,
        due_at=owing.due_at,
    )
