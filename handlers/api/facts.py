"""Facts of the main system: a dispatch or a check at a time, as the lists bring many."""

from __future__ import annotations

from core.checks.service import CheckFacts
from core.context import Context
from core.dispatches.facts import DispatchFacts
from core.imports.results import Put
from core.machines.facts import take_check, take_dispatch
from handlers.api.models import CheckAddress, CheckBody, DispatchAddress, DispatchBody, FactPut
from handlers.api.operations import Call, Reply

OK, CREATED = 200, 201


def put_dispatch(ctx: Context, call: Call[DispatchAddress, DispatchBody]) -> Reply:
    """Put one dispatch in."""
    address, body = call.address, call.body
    facts = DispatchFacts(
        case_number=address.case_number,
        unit_code=address.unit,
        dispatched_on=address.dispatch_date,
        received_on=body.received_on,
        child_name=body.child_name,
        state=body.state,
        needs_assessment=body.needs_assessment,
        reported_by=body.reported_by,
        national_id=body.national_id,
        household=body.household,
        area=body.area,
        responsible=body.responsible,
        opening=body.opening,
        served=body.served,
        asks_guidance=body.asks_guidance,
        other_county=body.other_county,
        problems=None if body.problems is None else frozenset(body.problems),
    )
    return _put(take_dispatch(ctx, facts))


def put_check(ctx: Context, call: Call[CheckAddress, CheckBody]) -> Reply:
    """Put one check in."""
    body = call.body
    facts = CheckFacts(
        number=call.address.number,
        unit_code=body.unit,
        assigned_at=body.assigned_at,
        happened_at=body.happened_at,
        child_name=body.child_name,
        state=body.state,
        already_high_risk=body.already_high_risk,
        chain=body.chain,
        shop=body.shop,
        area=body.area,
        born_on=body.born_on,
        has_need=body.has_need,
        urgent=body.urgent,
    )
    return _put(take_check(ctx, facts))


def _put(done: Put) -> Reply:
    return Reply(CREATED if done is Put.ADDED else OK, FactPut(result=done))
