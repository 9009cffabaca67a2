"""What a cell may hold: one small reader a kind of column; each returns a value or raises what is wrong with the cell.

A reader is a function from a cell to its value. It is told neither the column nor the row: ``rows.py`` knows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TypeAlias, TypeVar

from core.accounts.certificates import Certificate
from core.accounts.flaws import Flaw
from core.accounts.models import Permission
from core.accounts.rules import is_account_code, is_email, is_national_id
from core.clock import TAIPEI
from core.dates import parse_date, parse_moment
from core.errors import InvalidInput
from core.imports.files import Cell, Unreadable
from core.labels import Labelled
from core.secrets import folded

T = TypeVar("T")
E = TypeVar("E", bound=Labelled)
Reader: TypeAlias = Callable[[Cell], T]

CODE_AT_MOST = 40
SLASH = "/"
NAME_AT_MOST = 60
NAMES_AT_MOST = 50
CHOICES_AT_MOST = 1000

_BETWEEN = re.compile(r"[、,，;；\r\n]+")
_REQUIRED = "這一格必填，請補上。"
_IS_DATE = "這一格在試算表裡是日期或時間格式，應為文字。請改成文字格式再匯入。"
_HAS_CONTROL = "這一格含有看不見的控制字元。請刪除後重新輸入。"
_NO_ADDRESS = "編號的「/」前後都要有字，也不能只是句點。請核對編號後更正。"
_HAS_TIME = "這裡只要日期，不要時間。請只填日期，例如 114/11/21。"
_NO_TIME = "這裡要有日期與時間。請先寫日期、空一格再寫 24 小時制的時間，例如 114/11/21 14:05。"


def is_blank(cell: Cell) -> bool:
    """Return whether nothing stands in a cell; what cannot be read is not blank."""
    return isinstance(cell, str) and not clean(cell)


def optional(read: Reader[T]) -> Reader[T | None]:
    """Return a reader that gives None for a blank cell."""
    return lambda cell: None if is_blank(cell) else read(cell)


def optional_text(at_most: int) -> Reader[str]:
    """Return a reader that gives the empty text for a blank cell."""
    read = text(at_most)
    return lambda cell: "" if is_blank(cell) else read(cell)


def text(at_most: int) -> Reader[str]:
    """Return a reader of one line of text, trimmed; format characters (direction, zero width) are dropped."""

    def read(cell: Cell) -> str:
        return _limited(clean(_written(cell)), at_most)

    return read


def code(at_most: int = CODE_AT_MOST) -> Reader[str]:
    """Return a reader of a code or number: full width as half width, without spaces, case kept."""

    def read(cell: Cell) -> str:
        return _limited("".join(unicodedata.normalize("NFKC", clean(_written(cell))).split()), at_most)

    return read


def number(cell: Cell) -> str:
    """Read a case's or check's number: a code in capitals, as it is compared; it can stand in an address."""
    read = folded(code()(cell))
    if any(not part.strip(".") for part in read.split(SLASH)):
        raise InvalidInput(_NO_ADDRESS)
    return read


def choice(kind: type[E]) -> Reader[E]:
    """Return a reader of one of an enum's labels."""

    def read(cell: Cell) -> E:
        found = kind.of_label(code()(cell))
        if found is None:
            raise InvalidInput(f"只能填{'、'.join(each.label for each in kind)}其中之一。")
        return found

    return read


def choices(kind: type[E]) -> Reader[frozenset[E]]:
    """Return a reader of several of an enum's labels with 、 between them; a label may have one in it too."""
    listed = "；".join(each.label for each in kind)
    by_length = sorted(kind, key=lambda each: len(each.label), reverse=True)

    def read(cell: Cell) -> frozenset[E]:
        rest, found = _BETWEEN.sub("、", code(CHOICES_AT_MOST)(cell)).strip("、"), set[E]()
        while rest:
            each = next((each for each in by_length if f"{rest}、".startswith(f"{_plain(each)}、")), None)
            if each is None:
                unknown = rest.partition("、")[0]
                raise InvalidInput(f"沒有「{unknown[:CODE_AT_MOST]}」這個選項。可填{listed}，以、分隔。")
            found.add(each)
            rest = rest[len(_plain(each)) :].lstrip("、")
        return frozenset(found)

    return read


def yes_no(cell: Cell) -> bool:
    """Read 是 or 否."""
    match code()(cell):
        case "是":
            return True
        case "否":
            return False
    raise InvalidInput("只能填「是」或「否」。")


def day(cell: Cell) -> date:
    """Read a date in any form of A42, or a spreadsheet's own."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise InvalidInput(_HAS_TIME)
        return parse_date(cell.date().isoformat())
    if isinstance(cell, time):
        raise InvalidInput("這裡要填日期，不是時間。例如 114/11/21。")
    return parse_date(_written(cell))


def certificate(cell: Cell) -> Certificate:
    """Read the last day of a certificate; a blank cell says that the account is bound to none (ACC-11)."""
    return Certificate(None if is_blank(cell) else day(cell))


def moment(cell: Cell) -> datetime:
    """Read a date and time, Taipei's without an offset, as UTC; a spreadsheet's own to the second."""
    if isinstance(cell, datetime):
        parse_date(cell.date().isoformat())  # its years
        return cell.replace(microsecond=0, tzinfo=TAIPEI).astimezone(UTC)
    if isinstance(cell, time):
        raise InvalidInput(_NO_TIME)
    return parse_moment(_written(cell))


def names(cell: Cell) -> tuple[str, ...]:
    """Read names with 、 between them; a blank cell has none."""
    if is_blank(cell):
        return ()
    parts = [clean(part) for part in _BETWEEN.split(_written(cell))]
    found = tuple(_limited(part, NAME_AT_MOST) for part in parts if part)
    if len(found) > NAMES_AT_MOST:
        raise InvalidInput(f"最多 {NAMES_AT_MOST} 個姓名。請更正。")
    return found


def national_id(cell: Cell) -> str:
    """Read a national ID, right to its check digit (ACC-1)."""
    found = folded(_written(cell))
    if not is_national_id(found):
        raise InvalidInput(Flaw.NATIONAL_ID.text)
    return found


def account_code(cell: Cell) -> str:
    """Read an account's code (ACC-1)."""
    found = folded(_written(cell))
    if not is_account_code(found):
        raise InvalidInput(Flaw.CODE_FORM.text)
    return found


def email(cell: Cell) -> str:
    """Read an e-mail address."""
    found = code(at_most=300)(cell)
    if not is_email(found):
        raise InvalidInput(Flaw.EMAIL.text)
    return found


def permissions(cell: Cell) -> frozenset[Permission]:
    """Read the codes of permissions with 、 between them (ACC-4); a blank cell has none."""
    if is_blank(cell):
        return frozenset()
    known = {each.value: each for each in Permission}
    codes = [folded(part) for part in re.split(r"[、,，;；\s]+", _written(cell)) if folded(part)]
    unknown = [each for each in codes if each not in known]
    if unknown:
        raise InvalidInput(f"沒有權限代碼「{'、'.join(unknown)[:CODE_AT_MOST]}」。可填的代碼有{'、'.join(known)}。")
    return frozenset(known[each] for each in codes)


def clean(written: str) -> str:
    """Return a text on one line, trimmed, without format characters; raises ``InvalidInput`` for control characters."""
    line = " ".join(written.split())
    if line.isprintable():  # nearly all are: neither control nor format characters
        return line
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in line):
        raise InvalidInput(_HAS_CONTROL)
    return "".join(each for each in line if unicodedata.category(each) != "Cf").strip()


def _written(cell: Cell) -> str:
    """Return what is written in a cell that must not be blank."""
    if isinstance(cell, Unreadable):
        raise InvalidInput(cell.reason)
    if not isinstance(cell, str):
        raise InvalidInput(_IS_DATE)
    if is_blank(cell):
        raise InvalidInput(_REQUIRED)
    return cell


def _plain(choice: Labelled) -> str:
    """Return a label as a cell is compared with it: without spaces, every separator the same."""
    return _BETWEEN.sub("、", "".join(unicodedata.normalize("NFKC", choice.label).split()))


def _limited(found: str, at_most: int) -> str:
    if len(found) > at_most:
        raise InvalidInput(f"最多 {at_most} 個字，這一格有 {len(found)} 個字。請縮短。")
    return found
