"""The tables of units, accounts, permissions, bindings to LINE, and sessions in a browser."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, EnumText
from core.labels import Labelled
from core.language.models import Language
from core.secrets import Sealed


class UnitKind(Labelled):
    """What a unit is."""

    CENTER = "center", "中心"
    BUREAU = "bureau", "局處"
    SCHOOL = "school", "學校"
    WELFARE_CENTRE = "welfare_centre", "社福中心"
    COLLEGE = "college", "大專校院"
    OUTSIDE_SCHOOL = "outside_school", "外縣市學校"
    OTHER = "other", "其他"


class Role(Labelled):
    """What an account does in the safety net."""

    CASEWORKER = "caseworker", "承辦人"
    CONTACT = "contact", "窗口"
    SUPERVISOR = "supervisor", "督導"
    CENTER = "center", "中心"
    HELPDESK = "helpdesk", "客服"
    ADMIN = "admin", "管理員"


class Permission(Labelled):
    """A permission of the case system, by its code (ACC-4)."""

    CASEWORKER = "90097", "各局處社工"
    SUPERVISOR = "90098", "各局處督導"
    CONTACT = "90099", "各局處窗口"
    CITY = "90100", "市府權限"
    ANALYSIS = "9003", "高風險多維度分析"
    MEAL_REPORTING = "2461", "幸福保衛站通報作業"
    MEAL_CHECKS = "2462", "幸福保衛站檢核作業"


class CodeChannel(Labelled):
    """Where one-time passwords go (OTP-4)."""

    MAIL = "mail", "電子郵件"
    LINE = "line", "LINE"


class Unit(Base):
    """A school, centre or office; ``path`` is the chain of ids from the root, so a bureau's units are a range."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[UnitKind] = mapped_column(EnumText(UnitKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), index=True)
    """``/1/4/17/``: ends in its own id."""


class Account(Base):
    """A staff member of the case system."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    """Two letters and four digits (ACC-1)."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role))
    name: Mapped[Sealed]
    name_key: Mapped[str] = mapped_column(String(64), index=True)
    national_id: Mapped[Sealed]
    national_id_key: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[Sealed]
    email_key: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[Sealed | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """The last day it may be used (ACC-6)."""
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[Sealed | None]
    """Why, in the words of who disabled it; the owner was told them."""
    listed_email_key: Mapped[str | None] = mapped_column(String(64))
    listed_ends_on: Mapped[date | None]
    listed_permissions: Mapped[str | None] = mapped_column(String(100))
    """What the list of accounts said last of what is decided here too; None: no list has named the account."""
    certificate_ends_on: Mapped[date | None]
    """The last day of the certificate the main site's login is bound to; None: it is bound to none (ACC-11)."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """argon2; None until one is set: nobody signs in with it before."""
    wrong_passwords: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    """ACC-2."""
    code_channel: Mapped[CodeChannel] = mapped_column(EnumText(CodeChannel), default=CodeChannel.MAIL)
    digest_at: Mapped[time | None]
    """The person's own time of the daily digest; None: the policy's."""
    language: Mapped[Language | None] = mapped_column(EnumText(Language, or_none=True))
    """What they are spoken to in; None: nothing was chosen, so Chinese."""

    unit: Mapped[Unit] = relationship(lazy="joined")
    grants: Mapped[list[Grant]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it holds."""
        return frozenset(grant.permission for grant in self.grants)


class Grant(Base):
    """A permission an account holds."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("account_id", "permission"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    permission: Mapped[Permission] = mapped_column(EnumText(Permission))


class UnknownSignIn(Base):
    """Wrong sign-ins under a code no account has: they lock like real ones, so that nobody learns which exist (A24)."""

    __tablename__ = "unknown_sign_ins"

    code_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the code that was typed."""
    wrong: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    tried_at: Mapped[datetime] = mapped_column(index=True)


class BindingEnd(Labelled):
    """Why a binding ended."""

    BY_USER = "by_user", "本人解除"
    REPLACED = "replaced", "綁定新手機"
    BY_STAFF = "by_staff", "管理員解除"
    ACCOUNT_ENDED = "account_ended", "帳號停用或到期"


class Binding(Base):
    """One LINE user tied to one account. At most one open binding either way: the database sees to it (A17)."""

    __tablename__ = "bindings"
    __table_args__ = (
        Index("uq_bindings_open_account", "account_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
        Index("uq_bindings_open_person", "person", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    """The keyed hash of the LINE user id."""
    line_user: Mapped[Sealed]
    bound_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    """Unfollowed: the binding stays, pushes stop."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[BindingEnd | None] = mapped_column(EnumText(BindingEnd))


class LinkToken(Base):
    """A link token LINE gave us for one person, by its hash: tells the page whose phone it is about to bind (A16)."""

    __tablename__ = "link_tokens"

    token_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LinkNonce(Base):
    """What ties the signed-in account to the ``accountLink`` event to come; stored as a hash, used once (A15)."""

    __tablename__ = "link_nonces"

    nonce_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    person: Mapped[str | None] = mapped_column(String(64))
    """Whose link token it was, where known: another person's event is refused."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A browser signed in at the desk, known by a hash of its token: what is stolen here opens nothing (ACC-3)."""

    __tablename__ = "web_sessions"

    token_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash of the token in the browser's cookie."""
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[datetime]
    last_used_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    """Signed out, or ended for them; one that only ran out has none."""
