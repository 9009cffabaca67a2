"""One history a family: reports of siblings join by national ID, and by nothing that two families may share (S0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from core.access import Action, require
from core.accounts.rules import is_national_id
from core.births import keep_birth
from core.context import Context
from core.dispatches.finding import is_served
from core.dispatches.models import Case, Family, Member, Opened
from core.dispatches.refusals import BAD_NAME, BAD_NATIONAL_ID, ID_FIELD, NAME_FIELD
from core.dispatches.services import renew_services
from core.errors import InvalidInput, NotFound
from core.records.following import hand_on_records
from core.secrets import Sealed, folded
from core.wording import is_blank

NAME_AT_MOST = 60


@dataclass
class _Book:
    """What is known about the families of a batch: who has which national ID, and which names each family has."""

    by_id: dict[str, Member]
    names: dict[Family, set[str]] = field(default_factory=dict)


def assign_families(ctx: Context, cases: Sequence[Case], households: Mapping[str, Iterable[str]]) -> None:
    """Give reports their families: that of the child's national ID, else a new one; ``households`` by case number.

    A report that came in before the one a family is named after gives the family its name.
    """
    book = _book(ctx, cases)
    for case in cases:
        if case.family_id is None and case.family is None:
            case.family = _family_of(ctx, case, book)
        elif case.national_id_key and _is_new_to(case, book.by_id.get(case.national_id_key)):
            _identify(ctx, case, case.national_id_key, book)
        _add_names(ctx, case, households.get(case.number, ()), book)


def know_member(ctx: Context, number: str, name: str, national_id: str, born_on: date | None = None) -> int:
    """Add a person to the family of a case, or the national ID to one who is known by name; return the family's id.

    Where the national ID is known in another family, the two are one and are joined. Raises ``InvalidInput`` for a
    name or ID that is none, ``NotFound`` for a case of a family that the asker does not serve.
    """
    require(ctx.actor, Action.REPLY)
    key = ctx.vault.look_up("national_id", _checked_id(national_id))
    family = _served_family(ctx, number)
    known = ctx.session.scalar(select(Member).where(Member.national_id_key == key).with_for_update(of=Member))
    if known is None:
        known = _member_named(ctx, family, _checked_name(name))
        known.national_id, known.national_id_key = ctx.vault.seal(folded(national_id)), key
        if born_on is not None:
            keep_birth(ctx.vault, known, born_on)
    elif known.family_id != family.id:
        family = join_families(ctx, family, known.family)
    ctx.note("know_member", f"family:{family.id}", ("name", "national_id", "birth_date"))
    ctx.session.flush()
    return family.id


def join_families(ctx: Context, one: Family, other: Family) -> Family:
    """Make two families one, named after the report that came in first; return it.

    Where a unit serves both, its older service goes on and the other ends.
    """
    ctx.session.flush()
    both = select(Family.id).where(Family.id.in_([one.id, other.id])).order_by(Family.id)
    ctx.session.execute(both.with_for_update(key_share=True))
    keep, gone = sorted((one, other), key=lambda family: _first_report(ctx, family))
    for case in ctx.session.scalars(select(Case).where(Case.family_id == gone.id)):
        case.family = keep
    _move_services(ctx, keep, gone)
    _move_members(ctx, keep, gone)
    ctx.session.flush()
    renew_services(ctx, (keep.id,))
    ctx.note("join_families", f"family:{keep.id}", ("family_id",))
    ctx.session.flush()
    return keep


def _book(ctx: Context, cases: Sequence[Case]) -> _Book:
    keys = {case.national_id_key for case in cases if case.national_id_key}
    with ctx.session.no_autoflush:
        rows = ctx.session.scalars(select(Member).where(Member.national_id_key.in_(keys)))
        return _Book({row.national_id_key: row for row in rows if row.national_id_key})


def _family_of(ctx: Context, case: Case, book: _Book) -> Family:
    key = case.national_id_key
    child = book.by_id.get(key) if key else None
    if child is not None:
        _name_after_first(ctx, child.family, case)
        return child.family
    family = Family(index_child=case.child_name, named_after=case.number)
    ctx.session.add(family)
    child = _add_member(ctx, family, case.child_name, case.child_name_key)
    book.names[family] = {case.child_name_key}
    if key:
        child.national_id, child.national_id_key = case.national_id, key
        book.by_id[key] = child
    return family


def _is_new_to(case: Case, known: Member | None) -> bool:
    return known is None or (case.family_id is not None and known.family_id != case.family_id)


def _identify(ctx: Context, case: Case, key: str, book: _Book) -> None:
    """Take in a national ID that a report had not named at first."""
    family, known = case.family, book.by_id.get(key)
    if family is None:
        return
    if known is None:
        child = _member_keyed(ctx, family, case.child_name, case.child_name_key)
        child.national_id, child.national_id_key = case.national_id, key
        book.by_id[key] = child
    elif known.family is not family:
        join_families(ctx, family, known.family)


def _name_after_first(ctx: Context, family: Family, case: Case) -> None:
    with ctx.session.no_autoflush:
        first = ctx.session.scalar(select(Case.received_on).where(Case.number == family.named_after))
    if first is not None and case.received_on < first:
        family.index_child, family.named_after = case.child_name, case.number


def _add_names(ctx: Context, case: Case, household: Iterable[str], book: _Book) -> None:
    family = case.family
    names = {ctx.vault.look_up("name", name): name for name in household}
    if family is None or not names:
        return
    if family not in book.names:
        with ctx.session.no_autoflush:
            book.names[family] = set(ctx.session.scalars(select(Member.name_key).where(Member.family_id == family.id)))
    for key, name in names.items():
        if key not in book.names[family]:
            _add_member(ctx, family, ctx.vault.seal(name), key)
            book.names[family].add(key)


def _add_member(ctx: Context, family: Family, name: Sealed, key: str) -> Member:
    member = Member(family=family, name=name, name_key=key)
    ctx.session.add(member)
    return member


def _member_named(ctx: Context, family: Family, name: str) -> Member:
    return _member_keyed(ctx, family, ctx.vault.seal(name), ctx.vault.look_up("name", name))


def _member_keyed(ctx: Context, family: Family, name: Sealed, key: str) -> Member:
    """Return the family's person of this name whose national ID is not known yet, or a new one."""
    of_this = (Member.family_id == family.id, Member.name_key == key, Member.national_id_key.is_(None))
    found = ctx.session.scalar(select(Member).where(*of_this).order_by(Member.id))
    return found or _add_member(ctx, family, name, key)


def _first_report(ctx: Context, family: Family) -> tuple[date, int]:
    row = ctx.session.execute(select(Case.received_on, Case.id).where(Case.number == family.named_after)).one()
    return row.received_on, row.id


def _move_services(ctx: Context, keep: Family, gone: Family) -> None:
    rows = ctx.session.scalars(
        select(Opened).where(Opened.family_id.in_([keep.id, gone.id])).with_for_update(of=Opened)
    )
    services = list(rows)
    going_on = {row.unit_id: row for row in services if row.family_id == keep.id and row.closed_on is None}
    for row in services:
        if row.family_id == gone.id:
            older = going_on.get(row.unit_id) if row.closed_on is None else None
            if older is not None:
                row.closed_on = ctx.today
                hand_on_records(ctx, row, older)
            row.family = keep


def _move_members(ctx: Context, keep: Family, gone: Family) -> None:
    """Move the people over; who is known by name alone in both is one row."""
    names = set(ctx.session.scalars(select(Member.name_key).where(Member.family_id == keep.id)))
    for row in ctx.session.scalars(select(Member).where(Member.family_id == gone.id)):
        if row.national_id_key is None and row.name_key in names:
            ctx.session.delete(row)
        else:
            row.family = keep


def _served_family(ctx: Context, number: str) -> Family:
    asked = select(Family).join(Case, Case.family_id == Family.id).where(Case.number == folded(number))
    family = ctx.session.scalar(asked.where(is_served(ctx)))
    if family is None:
        raise NotFound
    return family


def _checked_id(national_id: str) -> str:
    if not is_national_id(folded(national_id)):
        raise InvalidInput(BAD_NATIONAL_ID, field=ID_FIELD)
    return folded(national_id)


def _checked_name(name: str) -> str:
    if is_blank(name) or len(name) > NAME_AT_MOST:
        raise InvalidInput(BAD_NAME, field=NAME_FIELD)
    return name.strip()
