"""The tables of menus: which there are at LINE now, and whose phone was given which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.language.models import Language
from core.secrets import Sealed


class MenuKind(Labelled):
    """Whom a menu is for."""

    UNBOUND = "unbound", "還沒綁定"
    CASEWORK = "casework", "承辦人"
    UNITS = "units", "督導與窗口"
    DESK = "desk", "客服與管理員"


class RichMenu(Base):
    """A menu that stands at LINE: one tab of one kind in one language. ``richmenu sync`` writes them all anew."""

    __tablename__ = "rich_menus"

    menu_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """LINE's id of it."""
    kind: Mapped[MenuKind] = mapped_column(EnumText(MenuKind))
    language: Mapped[Language] = mapped_column(
        EnumText(Language), default=Language.CHINESE, server_default=Language.CHINESE.value
    )
    is_opening: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The tab of its kind and language that is shown first: what a person is linked to."""
    is_first: Mapped[bool]
    """The same of the Chinese ones alone: what a version that knows no languages links people to (A61)."""


class MenuLink(Base):
    """A person whose phone was given a menu of their own; whoever has no row sees everybody's menu."""

    __tablename__ = "menu_links"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the LINE user id."""
    line_user: Mapped[Sealed]
    menu_id: Mapped[str] = mapped_column(String(64))
    """What LINE was asked to show last."""
    linked_at: Mapped[datetime | None]
    """When LINE took it; None: not yet, or it was found to show something else."""
    busy_until: Mapped[datetime | None]
    """Somebody asks LINE at this moment, or it failed and is left alone until then."""
    checked_at: Mapped[datetime] = mapped_column(index=True)
    """When it was last looked at what LINE shows."""
