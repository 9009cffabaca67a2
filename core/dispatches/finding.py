"""Finding a family by any of its members: by the exact name or the national ID, through their keyed hashes (S0).

Who may see a family is who serves it: a unit to which one of its reports was dispatched (ACC-10).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from core.access import Action, require
from core.accounts.rules import is_national_id
from core.context import Context
from core.dispatches.models import Case, Dispatch, Family, Member
from core.masking import mask_name
from core.paging import Page
from core.scoping import within
from core.secrets import folded

FAMILIES_AT_MOST = 10
NAMES_AT_MOST = 10
NUMBERS_AT_MOST = 5


@dataclass(frozen=True)
class FamilyRow:
    """A family as lists and cards show it; names are masked."""

    family_id: int
    child: str
    """The child it is named after."""
    number: str
    """The number of the report it is named after."""
    members: tuple[str, ...]
    cases: tuple[str, ...]
    """The numbers of its reports, newest first."""


def find_families(ctx: Context, text: str) -> Page[FamilyRow]:
    """Return the newest families of a person, given by exact name or national ID, as far as the asker serves them."""
    require(ctx.actor, Action.SEE_FAMILIES)
    found = (_has_member(ctx, text), is_served(ctx))
    total = ctx.session.scalar(select(func.count()).select_from(Family).where(*found)) or 0
    listed = select(Family).where(*found).order_by(Family.id.desc()).limit(FAMILIES_AT_MOST)
    rows = tuple(family_row(ctx, family) for family in ctx.session.scalars(listed))
    ctx.note_search("find_families", "families", [row.family_id for row in rows], ("name", "national_id"))
    return Page(total, rows)


def is_served(ctx: Context) -> ColumnElement[bool]:
    """Return the condition that one of the asker's units serves, or served, a family."""
    if ctx.actor.units.everything:
        return exists().where(Case.family_id == Family.id)
    mine = within(ctx.actor.units, Dispatch.unit_id)
    return exists().where(Case.family_id == Family.id, Dispatch.case_id == Case.id, mine)


def _has_member(ctx: Context, text: str) -> ColumnElement[bool]:
    """Return the condition that a text names one of a family's people; ways to write one name count as one."""
    plain = folded(text)
    if is_national_id(plain):
        return _any(Member.national_id_key == ctx.vault.look_up("national_id", plain))
    written = {plain, plain.replace("台", "臺"), plain.replace("臺", "台")}
    return _any(Member.name_key.in_({ctx.vault.look_up("name", each) for each in written}))


def _any(is_it: ColumnElement[bool]) -> ColumnElement[bool]:
    return Family.id.in_(select(Member.family_id).where(is_it))


def family_row(ctx: Context, family: Family) -> FamilyRow:
    """Return a family that the asker serves, with the reports of it that are theirs; names are masked."""
    people = select(Member.name).where(Member.family_id == family.id).order_by(Member.id).limit(NAMES_AT_MOST)
    reports = select(Case.number).where(Case.family_id == family.id).order_by(Case.received_on.desc(), Case.id.desc())
    if not ctx.actor.units.everything:
        mine = select(Dispatch.case_id).where(within(ctx.actor.units, Dispatch.unit_id))
        reports = reports.where(Case.id.in_(mine))
    return FamilyRow(
        family_id=family.id,
        child=mask_name(ctx.vault.open(family.index_child)),
        number=family.named_after,
        members=tuple(mask_name(ctx.vault.open(name)) for name in ctx.session.scalars(people)),
        cases=tuple(ctx.session.scalars(reports.limit(NUMBERS_AT_MOST))),
    )
