"""Who should see which menu, and does not: by the role of the account that is bound, and by the person's language.

Somebody's language is what their account chose, else what they asked for in the chat, else Chinese. Whoever is not
bound sees everybody's menu, which is Chinese, and is given one of their own only where they asked for another language.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import SQLColumnExpression

from core.accounts.models import Account, Binding, Role
from core.inbox.models import Conversation
from core.language.models import Language
from core.menus.models import MenuLink, RichMenu
from core.menus.rules import menu_of
from core.secrets import Sealed


def languages(session: Session) -> tuple[Language, ...]:
    """Return the languages that menus stand in at LINE; one that only a newer version speaks is left to it (A61)."""
    ours = RichMenu.language.in_(Language)
    return tuple(session.scalars(select(RichMenu.language).where(RichMenu.is_opening, ours).distinct()))


def wrong(now: datetime, spoken: Collection[Language]) -> Select[str, Sealed, str]:
    """Return who was not given the menu of their role and, of the ``spoken`` languages, their own."""
    due = _due(spoken).subquery()
    is_theirs = and_(RichMenu.kind == due.c.kind, RichMenu.language == due.c.language, RichMenu.is_opening)
    return (
        select(due.c.person, due.c.line_user, RichMenu.menu_id)
        .join(RichMenu, is_theirs)
        .outerjoin(MenuLink, MenuLink.person == due.c.person)
        .where(is_free(now))
        .where(
            or_(MenuLink.person.is_(None), MenuLink.linked_at.is_(None), MenuLink.menu_id != RichMenu.menu_id),
        )
    )


def leftover(now: datetime, spoken: Collection[Language]) -> Select[str, Sealed]:
    """Return who shows a menu of their own and should see everybody's."""
    bound = select(Binding.id).where(Binding.person == MenuLink.person, _has_account()).exists()
    asked = select(Conversation.person).where(Conversation.person == MenuLink.person, _speaks_other(spoken)).exists()
    return select(MenuLink.person, MenuLink.line_user).where(is_free(now), ~bound, ~asked)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody asks LINE about this person at this moment."""
    return or_(MenuLink.busy_until.is_(None), MenuLink.busy_until <= now)


def _due(spoken: Collection[Language]) -> CompoundSelect[str, Sealed, str, str]:
    """Return everybody who should see a menu of their own, with its kind and language."""
    kind = case({role.value: menu_of(role).value for role in Role}, value=Account.role)
    chosen, asked = (_one_of(spoken, each) for each in (Account.language, Conversation.language))
    language = func.coalesce(chosen, asked, Language.CHINESE)
    bound = (
        select(Binding.person, Binding.line_user, kind.label("kind"), language.label("language"))
        .join(Account, Account.id == Binding.account_id)
        .outerjoin(Conversation, Conversation.person == Binding.person)
        .where(_has_account())
    )
    unbound = select(
        Conversation.person, Conversation.line_user, literal(menu_of(None).value).label("kind"), asked
    ).where(_speaks_other(spoken))
    return union_all(bound, unbound)


def _one_of(
    spoken: Collection[Language], column: SQLColumnExpression[Language | None]
) -> ColumnElement[Language | None]:
    """Return a language where it is one of these; else nothing."""
    return case((column.in_(spoken), column))


def _has_account() -> ColumnElement[bool]:
    """A binding that stands; whoever blocked us sees no menu, and gets theirs when they are back."""
    return and_(Binding.ended_at.is_(None), Binding.blocked_at.is_(None))


def _speaks_other(spoken: Collection[Language]) -> ColumnElement[bool]:
    """Somebody of the chat who is not bound, has not blocked us, and asked for another language than Chinese."""
    others = [each for each in spoken if each is not Language.CHINESE]
    is_bound = select(Binding.id).where(Binding.person == Conversation.person, Binding.ended_at.is_(None)).exists()
    return and_(Conversation.language.in_(others), Conversation.blocked_at.is_(None), ~is_bound)
