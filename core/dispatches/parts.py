"""Finding one's own cases by a part: the end of a number (17, WK17, 10003), a part of a name (王, 小明), or a sentence.

Names are sealed, so there is no index of their parts: what the asker's units got last is opened and looked through,
so much of it and no more. A national ID is never found by a part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Select, select

from core.access import Action, require
from core.context import Context
from core.dispatches.finding import FamilyRow, family_row, is_served
from core.dispatches.models import Case, Dispatch, Family, Member
from core.masking import mask_name
from core.paging import Page
from core.scoping import within
from core.secrets import folded

LOOKED_THROUGH = 1000  # of the newest dispatches
SHOWN_AT_MOST = 8
WITHIN_FROM = 4  # digits that may stand anywhere in a number; fewer only at its end
LEAST_NAMED = 2  # signs of a name in a sentence: one alone stands in any word
_PART = re.compile(r"([A-Z]*)-?([0-9]+)")
_LAST_DIGITS = re.compile(r"[0-9]+$")


@dataclass(frozen=True)
class CasePart:
    """A case whose number has the part; the name is masked."""

    number: str
    child: str


@dataclass(frozen=True)
class Named:
    """Somebody as a sentence names them: the whole name or the given one, and the families in which it stands."""

    written: str
    families: tuple[FamilyRow, ...]
    """At most ``SHOWN_AT_MOST``, newest first."""


def cases_like(ctx: Context, part: str) -> tuple[CasePart, ...]:
    """Return the cases of the actor's units whose number has a part, newest first; raises ``NotAllowed``.

    Where the digits are a whole number without its zeros (17 of WK00017), only those are meant.
    """
    require(ctx.actor, Action.SEE_DISPATCHES)
    found = _PART.fullmatch(folded(part))
    if found is None:
        return ()
    rows = ctx.session.execute(
        select(Case.number, Case.child_name).where(Case.id.in_(_newest(ctx))).order_by(Case.id.desc())
    ).all()
    letters, digits = found[1], found[2]
    like = [row for row in rows if has_part(row.number, letters, digits)]
    whole = [row for row in like if _ends_as(row.number, digits)]
    shown = (whole or like)[:SHOWN_AT_MOST]
    ctx.note_search("find_cases", "cases", [row.number for row in shown], ("child_name",))
    return tuple(CasePart(row.number, mask_name(ctx.vault.open(row.child_name))) for row in shown)


def has_part(number: str, letters: str, digits: str) -> bool:
    """Return whether a number begins with these letters, if any, and ends with these digits, or has many of them."""
    if not number.startswith(letters):
        return False
    return number.endswith(digits) or (len(digits) >= WITHIN_FROM and digits in number)


def families_like(ctx: Context, text: str) -> Page[FamilyRow]:
    """Return the families the actor's units got last of which somebody's name has a part; one sign is a surname."""
    require(ctx.actor, Action.SEE_FAMILIES)
    part = _spelt(folded(text))
    families = select(Case.family_id).where(Case.id.in_(_newest(ctx)))
    people = ctx.session.execute(select(Member.family_id, Member.name).where(Member.family_id.in_(families)))
    found = {row.family_id for row in people if _is_part(part, _spelt(folded(ctx.vault.open(row.name))))}
    rows = _family_rows(ctx, found)
    ctx.note_search("find_families", "families", [row.family_id for row in rows], ("name",))
    return Page(len(found), rows)


def families_named_in(ctx: Context, sentence: str, not_behind: str = "") -> tuple[Named, ...]:
    """Return who of the families the actor's units got last is named in a sentence, in its order; ``NotAllowed``.

    ``sentence`` is without white space. A given name does not count behind a sign of ``not_behind``: a surname there
    makes it somebody else's. Nobody named is nothing that was looked for, and leaves no trace.
    """
    require(ctx.actor, Action.SEE_FAMILIES)
    read = _spelt(sentence)
    families = select(Case.family_id).where(Case.id.in_(_newest(ctx)))
    people = ctx.session.execute(select(Member.family_id, Member.name).where(Member.family_id.in_(families)))
    found: dict[str, set[int]] = {}
    for row in people:
        if written := _written(_spelt(folded(ctx.vault.open(row.name))), read, not_behind):
            found.setdefault(written, set()).add(row.family_id)
    named = tuple(
        Named(each, _family_rows(ctx, found[each]))
        for each in sorted(found, key=read.index)
        if not any(each != other and each in other for other in found)
    )
    if named:
        shown = [row.family_id for each in named for row in each.families]
        ctx.note_search("find_families", "families", shown, ("name",))
    return named


def _written(name: str, sentence: str, not_behind: str) -> str:
    """Return a name as it stands in a sentence, the whole or the given one, else an empty text."""
    if name in sentence:
        return name
    for given in (name[1:], name[2:]):  # of a surname of one sign, and of two
        place = sentence.find(given) if len(given) >= LEAST_NAMED else -1
        if place >= 0 and sentence[max(place - 1, 0) : place] not in tuple(not_behind):
            return given
    return ""


def _family_rows(ctx: Context, found: set[int]) -> tuple[FamilyRow, ...]:
    listed = select(Family).where(Family.id.in_(found), is_served(ctx)).order_by(Family.id.desc()).limit(SHOWN_AT_MOST)
    return tuple(family_row(ctx, family) for family in ctx.session.scalars(listed))


def _newest(ctx: Context) -> Select[int]:
    mine = within(ctx.actor.units, Dispatch.unit_id)
    newest = select(Dispatch.case_id).where(mine).order_by(Dispatch.id.desc()).limit(LOOKED_THROUGH).subquery()
    return select(newest.c.case_id)


def _ends_as(number: str, digits: str) -> bool:
    last = _LAST_DIGITS.search(number)
    return last is not None and int(last[0]) == int(digits)


def _spelt(name: str) -> str:
    return name.replace("臺", "台")


def _is_part(part: str, name: str) -> bool:
    return name.startswith(part) if len(part) == 1 else part in name
