"""What speaks against a dispatch that comes in: the unit cannot receive it, or the report's text is another one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Unit, UnitKind
from core.context import Context
from core.dispatches import rules
from core.dispatches.facts import DispatchFacts
from core.dispatches.known import Known, look_up
from core.dispatches.models import Case
from core.dispatches.refusals import REPORT_FIELDS
from core.dispatches.refusals import ReplyRefusal as Refused
from core.errors import Broken
from core.records.reported import reported_problems


@dataclass(frozen=True)
class RefusedRow:
    """A row of a batch, by its place, and a rule that it breaks."""

    place: int
    broken: Broken


def refused_rows(ctx: Context, batch: Sequence[DispatchFacts]) -> tuple[RefusedRow, ...]:
    """Return what the rules say against rows that are to be put in, changing nothing."""
    require(ctx.actor, Action.IMPORT)
    return refused(ctx, batch, look_up(ctx, batch))


def refused(ctx: Context, batch: Sequence[DispatchFacts], known: Known) -> tuple[RefusedRow, ...]:
    """Return every rule that rows of a batch break (REPLY-13, REPLY-15)."""
    receivers = receivers_of(ctx, known.units.values())
    reports = _reports(ctx, batch, known)
    return tuple(
        RefusedRow(place, broken)
        for place, facts in enumerate(batch)
        for broken in (*_receiving(facts, known, receivers), *_changed_report(facts, reports[facts.key.case_number]))
    )


def receivers_of(ctx: Context, unit_ids: Collection[int]) -> dict[int, rules.Receiver]:
    """Return units as receivers of dispatches: a bureau with welfare centres below it is social affairs."""
    units = list(ctx.session.scalars(select(Unit).where(Unit.id.in_(unit_ids))))
    centres = ctx.session.scalars(select(Unit.path).where(Unit.kind == UnitKind.WELFARE_CENTRE)).all()
    above = {int(part) for path in centres for part in path.strip("/").split("/")}
    chain = {int(part) for unit in units for part in unit.path.strip("/").split("/")}
    in_question = (Unit.id.in_(chain & above), Unit.kind.in_([UnitKind.BUREAU, UnitKind.WELFARE_CENTRE]))
    social = set(ctx.session.scalars(select(Unit.id).where(*in_question)))
    return {unit.id: _receiver(unit, social) for unit in units}


def _receiver(unit: Unit, social: set[int]) -> rules.Receiver:
    over = {int(part) for part in unit.path.strip("/").split("/")}
    return rules.Receiver(unit.name, unit.kind, is_social_affairs=bool(over & social))


def lies_outside(facts: DispatchFacts, before: Case | None) -> bool:
    """Return whether a family lives in another county: by its address, or because a list said so of it (REPLY-13)."""
    told = facts.other_county
    if told is None and before is not None and before.area == facts.area:
        told = before.other_county
    return bool(told) or rules.is_other_county(facts.area)


def _receiving(facts: DispatchFacts, known: Known, receivers: Mapping[int, rules.Receiver]) -> Iterator[Broken]:
    """Yield why the unit of a new dispatch cannot receive it (REPLY-13)."""
    if facts.key in known.dispatches:
        return
    outside = lies_outside(facts, known.cases.get(facts.key.case_number))
    broken = rules.why_not_receive(receivers[known.units[facts.unit_code]], other_county=outside)
    if broken is not None:
        yield broken


def _changed_report(facts: DispatchFacts, before: Mapping[str, object]) -> Iterator[Broken]:
    """Yield each text of a report that is not as it came in; what is left blank says nothing (REPLY-15)."""
    for name, heading in REPORT_FIELDS.items():
        text = getattr(facts, name)
        if text and before[name] and text != before[name]:
            broken = Refused.REPORT_TEXT.broken(field=heading, number=facts.key.case_number)
            yield replace(broken, field=heading)


def _reports(ctx: Context, batch: Sequence[DispatchFacts], known: Known) -> dict[str, Mapping[str, object]]:
    """Return the reports of a batch by number as they came in: stored, or else by the first row that names them."""
    reports: dict[str, Mapping[str, object]] = {}
    for facts in batch:
        number = facts.key.case_number
        if number not in reports:
            case = known.cases.get(number)
            first = {name: getattr(facts, name) for name in REPORT_FIELDS}
            reports[number] = _stored(ctx, case) if case else first
    return reports


def _stored(ctx: Context, case: Case) -> dict[str, object]:
    return {
        "child_name": ctx.vault.open(case.child_name),
        "national_id": ctx.vault.open(case.national_id) if case.national_id else None,
        "reported_by": case.reported_by,
        "received_on": case.received_on,
        "problems": reported_problems(ctx, case.id),
    }
