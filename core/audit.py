"""The audit: who did or saw what, when, through which door, chained by a keyed hash.

``record`` notes a row in the running transaction; the rows are chained at its commit, so the head of the chain is
locked only for that moment. ``verify`` walks the chain. Field names are recorded, never their values.

Each link is made of the one before; only the newest is stored, in the head. A row holds a seal of its link: without the
key nobody gets from a row to a link, so the newest rows cannot be cut off and the head put back to an earlier row.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import String, Table, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Base, EnumText
from core.labels import Labelled
from core.masking import mask_national_id
from core.secrets import Vault

PENDING = "frontdoor_audit"
GENESIS = "0" * 64
BATCH = 1000
SUBJECT_AT_MOST, ROWS_A_SUBJECT = 120, 10
NOTHING, WORDS = "none", "?"
_CODE = re.compile(r"[A-Za-z0-9._:-]*")
_NATIONAL_ID = re.compile(r"[A-Za-z][0-9]{9}")


class Door(Labelled):
    """Where a request came in."""

    CHAT = "chat", "LINE"
    PAGE = "page", "手機網頁"
    DESK = "desk", "管理台"
    API = "api", "介接"
    COMMAND = "command", "指令"
    JOB = "job", "排程"


class AuditRow(Base):
    """One act or showing. Rows are only ever added."""

    __tablename__ = "audit_rows"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The place in the chain, from 1 on without a gap."""
    at: Mapped[datetime]
    door: Mapped[Door] = mapped_column(EnumText(Door))
    actor: Mapped[str] = mapped_column(String(64), index=True)
    """The account's code, or what acted (a job's name)."""
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(SUBJECT_AT_MOST), index=True)
    fields: Mapped[str] = mapped_column(String(400), default="")
    """Names of the fields changed or shown, comma-separated."""
    chained: Mapped[str] = mapped_column(String(64))
    """The seal of this row's link; of rows from before there were seals, the link itself."""


class AuditHead(Base):
    """The last link of the chain: one row, locked while rows are added."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_row: Mapped[int]
    chained: Mapped[str] = mapped_column(String(64))
    """Keyed hash over the link before and the last row."""


def record(
    session: Session,
    at: datetime,
    door: Door,
    actor: str,
    *,
    act: str,
    subject: str,
    fields: Iterable[str] = (),
) -> None:
    """Note one act or showing; it is chained and stored when the transaction commits."""
    row = AuditRow(at=at, door=door, actor=actor, act=act, subject=subject, fields=",".join(fields))
    session.info.setdefault(PENDING, []).append(row)


def subjects(kind: str, ids: Iterable[int | str]) -> Iterator[str]:
    """Yield what a list was about, each once, as many in one subject as there is room for; an empty one says so."""
    named: list[str] = []
    for each in dict.fromkeys(ids):
        room = SUBJECT_AT_MOST - len(f"{kind}:{','.join(named)},{each}")
        if named and (room < 0 or len(named) == ROWS_A_SUBJECT):
            yield f"{kind}:{','.join(named)}"
            named = []
        named.append(str(each))
    yield f"{kind}:{','.join(named) or NOTHING}"


def address(what: str, named: Mapping[str, object]) -> str:
    """Return a subject for what was asked by an address, with what the address names: whose it was that was refused.

    A name may be typed where a code is asked for, or a national ID: of words stands only that there were some, and IDs
    are masked (ACC-10).
    """
    return " ".join((what, *(f"{name}={_named(str(value))}" for name, value in named.items())))[:SUBJECT_AT_MOST]


def _named(value: str) -> str:
    code = "".join(each for each in value if each.isprintable())
    if _CODE.fullmatch(code) is None:
        return WORDS
    return mask_national_id(code) if _NATIONAL_ID.fullmatch(code) else code


def chain_pending(session: Session, vault: Vault) -> None:
    """Chain and store what was noted in this transaction; called once, as the last act before its commit."""
    rows: list[AuditRow] = session.info.pop(PENDING, [])
    if not rows:
        return
    head = session.scalars(select(AuditHead).with_for_update()).one()
    for row in rows:
        head.last_row += 1
        row.id = head.last_row
        head.chained = _link(vault, head.chained, row)
        row.chained = _seal(vault, head.chained)
    session.connection().execute(_ADD, [{name: getattr(row, name) for name in _ADDED} for row in rows])


_ADD = insert(cast("Table", AuditRow.__table__))
_ADDED = tuple(AuditRow.__table__.columns.keys())


def verify(session: Session, vault: Vault) -> int | None:
    """Walk the whole chain; return the number of the first row that is altered, missing or slipped in, or None."""
    before, last = GENESIS, 0
    while rows := list(session.scalars(select(AuditRow).where(AuditRow.id > last).order_by(AuditRow.id).limit(BATCH))):
        for row in rows:
            link = _link(vault, before, row)
            if row.id != last + 1 or not _is_whole(vault, row, link):
                return last + 1
            before, last = link, row.id
    head = session.scalars(select(AuditHead)).one()
    return None if (head.last_row, head.chained) == (last, before) else last + 1


def _link(vault: Vault, before: str, row: AuditRow) -> str:
    content = [before, row.id, row.at.isoformat(), _text(row.door), row.actor, row.act, row.subject, row.fields]
    return vault.derive("audit", json.dumps(content, ensure_ascii=False)).hex()


def _seal(vault: Vault, link: str) -> str:
    return vault.derive("audit-seal", link).hex()


def _is_whole(vault: Vault, row: AuditRow, link: str) -> bool:
    return any(hmac.compare_digest(row.chained, each) for each in (_seal(vault, link), link))


def _text(value: StrEnum) -> str:
    return value.value
