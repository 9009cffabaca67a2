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
from typing import NamedTuple, cast

from sqlalchemy import String, Table, insert, select, update
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


class _Noted(NamedTuple):
    """What a row says, as its columns are called."""

    at: datetime
    door: Door
    actor: str
    act: str
    subject: str
    fields: str


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
    session.info.setdefault(PENDING, []).append(_Noted(at, door, actor, act, subject, ",".join(fields)))


def subjects(kind: str, ids: Iterable[int | str]) -> Iterator[str]:
    """Yield what a list was about, each once, as many in one subject as there is room for."""
    named: list[str] = []
    for each in dict.fromkeys(ids):
        room = SUBJECT_AT_MOST - len(f"{kind}:{','.join(named)},{each}")
        if named and (room < 0 or len(named) == ROWS_A_SUBJECT):
            yield f"{kind}:{','.join(named)}"
            named = []
        named.append(str(each))
    if named:
        yield f"{kind}:{','.join(named)}"


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
    pending: list[_Noted] = session.info.pop(PENDING, [])
    if not pending:
        return
    connection = session.connection()
    last, link = connection.execute(_HEAD).one()
    rows: list[dict[str, object]] = []
    for number, noted in enumerate(pending, last + 1):
        link = _link(vault, link, number, noted)
        rows.append({"id": number, "chained": _seal(vault, link), **noted._asdict()})
    connection.execute(_ADD, rows)
    connection.execute(_MOVE_HEAD, {"last_row": last + len(rows), "chained": link})


_ROWS, _HEADS = (cast("Table", each.__table__) for each in (AuditRow, AuditHead))
_HEAD = select(_HEADS.c.last_row, _HEADS.c.chained).with_for_update()
_MOVE_HEAD = update(_HEADS)
_ADD = insert(_ROWS)
_WALK = select(_ROWS.c.id, _ROWS.c.chained, *(_ROWS.c[name] for name in _Noted._fields)).order_by(_ROWS.c.id)


def verify(session: Session, vault: Vault) -> int | None:
    """Walk the whole chain; return the number of the first row that is altered, missing or slipped in, or None."""
    before, last = GENESIS, 0
    while rows := session.execute(_WALK.where(_ROWS.c.id > last).limit(BATCH)).all():
        for number, chained, *said in rows:
            link = _link(vault, before, number, _Noted(*said))
            if number != last + 1 or not _is_whole(vault, chained, link):
                return last + 1
            before, last = link, number
    head = session.execute(select(_HEADS.c.last_row, _HEADS.c.chained)).one()
    return None if tuple(head) == (last, before) else last + 1


def _link(vault: Vault, before: str, number: int, noted: _Noted) -> str:
    at, door = noted.at.isoformat(), noted.door.value
    content = [before, number, at, door, noted.actor, noted.act, noted.subject, noted.fields]
    return vault.derive("audit", json.dumps(content, ensure_ascii=False)).hex()


def _seal(vault: Vault, link: str) -> str:
    return vault.derive("audit-seal", link).hex()


def _is_whole(vault: Vault, chained: str, link: str) -> bool:
    return any(hmac.compare_digest(chained, each) for each in (_seal(vault, link), link))
