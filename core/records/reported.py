"""Which problems a report ticked: kept once they are known, carried into each work record of its case (REC-5)."""

from __future__ import annotations

from core.context import Context
from core.records.kinds import ProblemType
from core.records.models import ReportedProblems
from core.records.rules import carried_problems
from core.records.stored import opened_problems, sealed_problems


def reported_problems(ctx: Context, case_id: int) -> frozenset[ProblemType]:
    """Return what a report ticked; empty: nobody said."""
    row = ctx.session.get(ReportedProblems, case_id)
    return frozenset(opened_problems(ctx.vault, row.problems)) if row else frozenset()


def keep_problems(ctx: Context, case_id: int, problems: frozenset[ProblemType]) -> bool:
    """Keep what a report ticked, and return whether that is new; records written from now on carry it."""
    if problems == reported_problems(ctx, case_id):
        return False
    row = ctx.session.get(ReportedProblems, case_id)
    if row is None:
        row = ReportedProblems(case_id=case_id)
        ctx.session.add(row)
    row.problems = sealed_problems(ctx.vault, carried_problems(problems))
    ctx.session.flush()
    return True
