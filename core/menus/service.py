"""Giving each phone its menu: who shows another than they should, what came of asking LINE, and the nightly look.

Nothing is asked of LINE in here. ``claim`` marks people as under way for a while, so that two machines never ask for
the same person at once and an older wish never overtakes a newer one; ``settle`` and ``leave_for_later`` end that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from core.context import Context
from core.database import insert_once
from core.language.models import Language
from core.menus import queries
from core.menus.models import MenuKind, MenuLink, RichMenu
from core.secrets import Sealed

ASKING = timedelta(minutes=2)  # longer than any request to LINE lasts
LATER = timedelta(minutes=10)  # after a failure


@dataclass(frozen=True)
class KnownMenu:
    """A menu that stands at LINE."""

    menu_id: str
    kind: MenuKind
    is_first: bool
    """The tab of its kind and language that is shown first."""
    language: Language = Language.CHINESE


@dataclass(frozen=True)
class Wish:
    """One person's phone should show another menu; an empty id: everybody's."""

    person: str
    line_user_id: str
    menu_id: str


def learn(ctx: Context, menus: Iterable[KnownMenu]) -> None:
    """Keep which menus stand at LINE now, instead of all known before."""
    ctx.session.execute(delete(RichMenu))
    ctx.session.add_all(_row(each) for each in menus)
    ctx.session.flush()


def claim(ctx: Context, limit: int) -> tuple[Wish, ...]:
    """Return up to so many people whose phones should change, and keep everybody else off them for two minutes."""
    spoken = queries.languages(ctx.session)
    wrong = ctx.session.execute(queries.wrong(ctx.now, spoken).limit(limit)).all()
    wishes = [_to_show(ctx, person, line_user, menu_id) for person, line_user, menu_id in wrong]
    if not wishes:
        leftover = ctx.session.execute(queries.leftover(ctx.now, spoken).limit(limit)).all()
        wishes = [_take(ctx, person, line_user, "") for person, line_user in leftover]
    return tuple(wish for wish in wishes if wish is not None)


def is_anybody_waiting(ctx: Context) -> bool:
    """Return whether ``claim`` would find somebody."""
    spoken = queries.languages(ctx.session)
    wanted = queries.wrong(ctx.now, spoken), queries.leftover(ctx.now, spoken)
    return any(ctx.session.execute(each.limit(1)).first() for each in wanted)


def is_anybody_left(ctx: Context) -> bool:
    """Return whether somebody's phone still shows another menu than it should, also where LINE did not take it."""
    late = select(MenuLink.person).where(MenuLink.linked_at.is_(None)).limit(1)
    return is_anybody_waiting(ctx) or ctx.session.scalar(late) is not None


def settle(ctx: Context, wishes: Iterable[Wish]) -> None:
    """Keep that LINE took these."""
    wishes = tuple(wishes)
    gone = [each.person for each in wishes if not each.menu_id]
    given = [each.person for each in wishes if each.menu_id]
    ctx.session.execute(delete(MenuLink).where(MenuLink.person.in_(gone)))
    taken = {"linked_at": ctx.now, "checked_at": ctx.now, "busy_until": None}
    ctx.session.execute(update(MenuLink).where(MenuLink.person.in_(given)).values(**taken))


def leave_for_later(ctx: Context, wishes: Iterable[Wish]) -> None:
    """Leave alone for ten minutes whom LINE did not take."""
    people = [each.person for each in wishes]
    until = ctx.now + LATER
    ctx.session.execute(update(MenuLink).where(MenuLink.person.in_(people)).values(busy_until=until))


def to_check(ctx: Context, since: datetime, limit: int) -> tuple[Wish, ...]:
    """Return up to so many people, with what they should show, at whose phones nobody looked since a moment."""
    rows = ctx.session.scalars(
        select(MenuLink)
        .where(MenuLink.linked_at.is_not(None), MenuLink.checked_at < since)
        .order_by(MenuLink.checked_at)
        .limit(limit)
    )
    return tuple(Wish(row.person, ctx.vault.open(row.line_user), row.menu_id) for row in rows)


def keep_checked(ctx: Context, looked_at: Sequence[Wish], shown: Sequence[str | None]) -> int:
    """Keep what the phones show, and return how many show another menu than they should: ``claim`` finds these."""
    tabs = _tabs(ctx)
    wrong = [wish for wish, menu_id in zip(looked_at, shown, strict=True) if menu_id not in tabs.get(wish.menu_id, ())]
    people = [each.person for each in looked_at]
    ctx.session.execute(update(MenuLink).where(MenuLink.person.in_(people)).values(checked_at=ctx.now))
    ctx.session.execute(
        update(MenuLink).where(MenuLink.person.in_([each.person for each in wrong])).values(linked_at=None)
    )
    return len(wrong)


def _tabs(ctx: Context) -> dict[str, frozenset[str]]:
    """Return for each tab the ids of all tabs of its kind and language: a person may have turned to another."""
    known = ctx.session.scalars(select(RichMenu)).all()
    together: dict[tuple[MenuKind, Language], set[str]] = defaultdict(set)
    for each in known:
        together[each.kind, each.language].add(each.menu_id)
    return {each.menu_id: frozenset(together[each.kind, each.language]) for each in known}


def _row(menu: KnownMenu) -> RichMenu:
    return RichMenu(
        menu_id=menu.menu_id,
        kind=menu.kind,
        language=menu.language,
        is_opening=menu.is_first,
        is_first=menu.is_first and menu.language is Language.CHINESE,
    )


def _to_show(ctx: Context, person: str, line_user: Sealed, menu_id: str) -> Wish | None:
    until = ctx.now + ASKING
    values: dict[str, object] = {
        "person": person,
        "line_user": line_user,
        "menu_id": menu_id,
        "busy_until": until,
        "checked_at": ctx.now,
    }
    if insert_once(ctx.session, MenuLink, values, key="person") is not None:
        return Wish(person, ctx.vault.open(line_user), menu_id)
    return _take(ctx, person, line_user, menu_id)


def _take(ctx: Context, person: str, line_user: Sealed, menu_id: str) -> Wish | None:
    """Mark a person as under way; None where another machine was first."""
    taken = ctx.session.scalar(
        update(MenuLink)
        .where(MenuLink.person == person, queries.is_free(ctx.now))
        .values(busy_until=ctx.now + ASKING, linked_at=None, **({"menu_id": menu_id} if menu_id else {}))
        .returning(MenuLink.person),
        execution_options={"synchronize_session": False},
    )
    return None if taken is None else Wish(person, ctx.vault.open(line_user), menu_id)
