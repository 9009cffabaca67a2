"""The list of accounts (ACC-1, ACC-4): what is wrong with a row is found before any of the file is put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.accounts.ends import keep_ends
from core.accounts.flaws import Flaw
from core.accounts.listing import write_listed_account
from core.accounts.models import Account, Role, Unit, UnitKind
from core.accounts.rules import CODE_DIGITS, NAME_AT_MOST, flaw_of_permissions, flaw_of_term
from core.accounts.service import TITLE_AT_MOST, AccountFacts
from core.context import Context
from core.errors import InvalidInput
from core.imports import cells
from core.imports.results import Problem, Put
from core.imports.rows import Column, Numbered, RowReader

PHONE_AT_MOST = 40
COLUMNS = {
    "code": Column("帳號", cells.account_code),
    "name": Column("姓名", cells.text(NAME_AT_MOST)),
    "national_id": Column("身分證字號", cells.national_id),
    "email": Column("電子郵件", cells.email),
    "unit_code": Column("單位代碼", cells.code()),
    "role": Column("角色", cells.choice(Role)),
    "title": Column("職稱", cells.optional_text(TITLE_AT_MOST)),
    "phone": Column("聯絡電話", cells.optional_text(PHONE_AT_MOST)),
    "starts_on": Column("啟用日期", cells.day),
    "ends_on": Column("到期日期", cells.day),
    "permissions": Column("權限", cells.permissions),
    "certificate": Column("憑證到期日", cells.certificate, is_optional=True),
}


@dataclass(frozen=True)
class AccountImport:
    """Checks and puts in accounts."""

    ctx: Context
    units: Mapping[str, UnitKind]
    owners: Mapping[str, str]
    """Whose a stored national ID or e-mail address is: the account's code, by its look-up key."""
    listed: Mapping[str, str | None]
    """Which address the list gave each account last, by its look-up key: given again, it is not taken again."""

    def read(self, row: RowReader) -> Numbered[AccountFacts] | None:
        """Return a row's facts, or None when a cell is wrong."""
        for name in ("code", "national_id", "email"):
            row.once(name)
        self._check_identity(row)
        self._check_unit(row)
        starts, ends = row.get("starts_on", date), row.get("ends_on", date)
        if starts and ends and flaw_of_term(starts, ends):
            row.refuse("ends_on", Flaw.DATES.text)
        return row.made(AccountFacts)

    def problems(self, rows: Sequence[RowReader], right: Sequence[Numbered[AccountFacts]]) -> Iterator[Problem]:  # noqa: ARG002
        """Yield nothing: what is doubled among rows is seen as they are read."""
        yield from ()

    def put(self, rows: Sequence[Numbered[AccountFacts]]) -> Iterator[Put | Problem]:
        """Put the accounts in."""
        touched: list[Account] = []
        for row in rows:
            try:
                written = write_listed_account(self.ctx, row.facts)
            except InvalidInput as wrong:
                yield Problem(row.number, wrong.field, str(wrong))
                continue
            if written.put is not Put.SAME:
                touched.append(written.account)
            yield written.put
        keep_ends(self.ctx, *touched)

    def _check_identity(self, row: RowReader) -> None:
        """Note a code that does not belong to the ID; where it does, an ID or address that is another account's."""
        code, national_id = row.get("code", str), row.get("national_id", str)
        if code and national_id and code[-CODE_DIGITS:] != national_id[-CODE_DIGITS:]:
            row.refuse("code", Flaw.CODE_DIGITS.text)
            return
        self._check_owner(row, "national_id", Flaw.NATIONAL_ID_USED)
        self._check_owner(row, "email", Flaw.EMAIL_USED)

    def _check_owner(self, row: RowReader, name: str, flaw: Flaw) -> None:
        code, value = row.get("code", str), row.get(name, str)
        key = self.ctx.vault.look_up(name, value) if value else ""
        if code and self.owners.get(key, code) != code and self.listed.get(code) != key:
            row.refuse(name, flaw.text)

    def _check_unit(self, row: RowReader) -> None:
        """Note an unknown unit, or permissions its people may not hold (ACC-4)."""
        unit, permissions = row.get("unit_code", str), row.get("permissions", frozenset)
        if unit is None:
            return
        kind = self.units.get(unit)
        if kind is None:
            row.refuse("unit_code", Flaw.UNIT_UNKNOWN.text)
        elif permissions and flaw_of_permissions(kind, permissions):
            row.refuse("permissions", Flaw.SCHOOL_PERMISSION.text)


def account_import(ctx: Context) -> AccountImport:
    """Return the import of accounts, with what is stored looked up in two queries."""
    units = {row.code: row.kind for row in ctx.session.execute(select(Unit.code, Unit.kind))}
    owners: dict[str, str] = {}
    listed: dict[str, str | None] = {}
    keys = (Account.national_id_key, Account.email_key, Account.listed_email_key)
    for row in ctx.session.execute(select(Account.code, *keys)):
        owners |= {row.national_id_key: row.code, row.email_key: row.code}
        listed[row.code] = row.listed_email_key
    return AccountImport(ctx, units, owners, listed)
