"""What other systems send and are answered, as JSON: strict types, no unknown field, dates in ISO 8601 only.

A list's columns may hold what people type; a machine has one way to write a date. What a value may be beyond its type
is decided by the core, at this door as at the others.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from core.accounts.models import CodeChannel
from core.checks.kinds import UrgentSign
from core.checks.models import CheckState
from core.clock import TAIPEI
from core.dispatches.models import DispatchState, Opening
from core.imports.cells import CODE_AT_MOST, NAME_AT_MOST, NAMES_AT_MOST
from core.imports.checks import AREA_AT_MOST, CHAIN_AT_MOST, SHOP_AT_MOST
from core.imports.dispatches import REPORTED_BY_AT_MOST
from core.imports.results import Put
from core.machines.notices import TEXT_AT_MOST, TITLE_AT_MOST
from core.otp.rules import TYPED_AT_MOST, VoidReason
from core.paging import ROWS_AT_MOST
from core.records.kinds import ProblemType

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
ISO_DAY, ISO_MOMENT = "iso_day", "iso_moment"


def _iso_day(value: object) -> object:
    """Read a day; refuse what is one to pydantic but not in ISO: seconds since 1970, a moment at midnight."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError(ISO_DAY, "an ISO date, 2026-03-04")


def _iso_moment(value: object) -> object:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        with suppress(ValueError):
            return datetime.fromisoformat(value.upper())
    raise PydanticCustomError(ISO_MOMENT, "an ISO date and time with its offset, 2026-03-04T10:00:00+08:00")


def _in_taipei(moment: datetime) -> datetime:
    return moment.astimezone(TAIPEI)


Day = Annotated[date, BeforeValidator(_iso_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_iso_moment)]
Said = Annotated[datetime, AfterValidator(_in_taipei)]
"""A moment we say: Taipei's wall clock with its offset."""
AccountCode = Annotated[
    str, Field(pattern="^[A-Za-z]{2}[0-9]{4}$", description="帳號：兩個英文字母加四個數字。", examples=["AB1234"])
]
UnitCode = Annotated[str, Field(max_length=CODE_AT_MOST, description="單位代碼。", examples=["S01"])]
Name = Annotated[str, Field(max_length=NAME_AT_MOST)]


class Piece(BaseModel):
    """A JSON object; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spoken(BaseModel):
    """A JSON object that we answer with: all of its fields are there."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_mode="serialization")  # type: ignore[typeddict-unknown-key]  # read by openapi-pydantic


class Nothing(Piece):
    """No field at all."""


class CodePurpose(StrEnum):
    """What another system may ask a code for: the mail says it, so it says no more than is true (A21)."""

    MAIN_SYSTEM = "main_system"


class CodeAsked(Piece):
    """請求寄送驗證碼。"""

    account: AccountCode
    purpose: CodePurpose = Field(description="用途，會寫在寄給本人的訊息裡；驗證碼不能用於其他用途。")


class CodeSent(Spoken):
    """驗證碼已受理寄送。帳號不存在、停用或暫停時回應也相同，只是沒有寄出。"""

    challenge: str = Field(description="驗證時放進網址；只有同一把金鑰能用。")
    channel: CodeChannel = Field(description="寄送方式：mail 電子郵件、line LINE。密碼核對無誤後才告訴使用者。")
    expires_at: Said = Field(description="從這一刻起失效。")


class ChallengeAddress(Piece):
    """The address of a code."""

    challenge: str = Field(description="請求驗證碼時得到的 challenge。")


class CodeTyped(Piece):
    """使用者輸入的驗證碼。"""

    code: str = Field(min_length=1, max_length=TYPED_AT_MOST, description="8 個數字；全形與空白可以。")


class CodeRight(Spoken):
    """正確；這組驗證碼已用掉。"""

    result: Literal["ok"] = "ok"


class CodeWrong(Spoken):
    """不正確。"""

    result: Literal["wrong"] = "wrong"
    tries_left: int = Field(ge=0, description="還可以試幾次；0 表示已作廢。")
    text: str = Field(description="給使用者看的說明。")


class CodeVoid(Spoken):
    """已作廢，或不是這把金鑰請求的。"""

    result: Literal["void"] = "void"
    reason: VoidReason
    text: str = Field(description="給使用者看的說明。")


class NoticeAsked(Piece):
    """請求通知一個帳號。"""

    account: AccountCode
    kind: Literal["reminder", "account", "decision"] = Field(
        description="種類：reminder 提醒、account 帳號通知、decision 審核結果。"
    )
    title: str = Field(description=f"標題，最多 {TITLE_AT_MOST} 個字。", examples=["資料補正通知"])
    text: str = Field(description=f"內文，最多 {TEXT_AT_MOST} 個字，可以換行。", examples=["請於本週內補正附件。"])
    urgency: Literal["routine", "at_once"] = Field(
        default="routine", description="routine 一般、at_once 即時；兩者都不打斷夜間安靜時段。"
    )


class NoticeTaken(Spoken):
    """已受理，稍後以 LINE 或電子郵件送出。"""

    result: Literal["accepted"] = "accepted"


class DispatchAddress(Piece):
    """What a dispatch is known by (REPLY-0)."""

    case_number: str = Field(description="案件編號。", examples=["WK00017"])
    unit: str = Field(description="單位代碼。", examples=["S01"])
    dispatch_date: Day = Field(description="派案日期。", examples=["2026-03-04"])


class DispatchBody(Piece):
    """主系統裡的一筆派案，欄位與匯入檔相同。"""

    received_on: Day = Field(description="受理日期。")
    child_name: Name = Field(description="案主姓名。", examples=["王小明"])
    state: DispatchState = Field(description="案件狀態：waiting 待回覆、submitted 待審核、answered 已回覆、"
                                 "returned 退件、closed 已結案。")  # fmt: skip
    needs_assessment: bool = Field(description="是否需要評估單。")
    reported_by: str = Field(default="", max_length=REPORTED_BY_AT_MOST, description="通報單位。")
    national_id: str | None = Field(default=None, max_length=CODE_AT_MOST, description="案主身分證統號。")
    household: tuple[Name, ...] = Field(default=(), max_length=NAMES_AT_MOST, description="戶內人口的姓名。")
    area: str = Field(default="", max_length=AREA_AT_MOST, description="居住地區。")
    responsible: Name | None = Field(default=None, description="個管人員姓名。")
    opening: Opening | None = Field(
        default=None,
        description="開案情形：in_progress 處理中個案、new 新接案、reopened 重新開案、not_open 不開案。",
    )
    served: Name | None = Field(default=None, description="服務對象，與案主不同時才填。")
    asks_guidance: bool | None = Field(default=None, description="回覆是否要說明親職教育；不填：不變更。")
    other_county: bool | None = Field(default=None, description="是否為外縣市家庭；不填：不變更。")
    problems: tuple[ProblemType, ...] | None = Field(
        default=None, max_length=len(ProblemType), description="通報單勾選的問題類型；不填：不變更。"
    )


class CheckAddress(Piece):
    """What a check is known by."""

    number: str = Field(description="檢核編號。", examples=["C1150001"])


class CheckBody(Piece):
    """主系統裡的一張幸福保衛站檢核單，欄位與匯入檔相同。"""

    unit: UnitCode
    assigned_at: Moment = Field(description="分派時間。")
    happened_at: Moment = Field(description="發生時間。")
    child_name: Name = Field(description="兒少姓名。", examples=["林小華"])
    state: CheckState = Field(description="案件狀態：waiting 待檢核、checked 已檢核、returned 退件。")
    already_high_risk: bool = Field(description="是否為教育局高風險在案。")
    chain: str = Field(default="", max_length=CHAIN_AT_MOST, description="通報超商別。")
    shop: str = Field(default="", max_length=SHOP_AT_MOST, description="門市。")
    area: str = Field(default="", max_length=AREA_AT_MOST, description="地區。")
    born_on: Day | None = Field(default=None, description="出生日期。")
    has_need: bool | None = Field(default=None, description="檢核結果是否有需求；不知道就不填。")
    urgent: frozenset[UrgentSign] = Field(
        default=frozenset(),
        description="危急徵兆：abuse 受虐傷痕、threat 暴力威脅、lost 走失、danger 求助。中心會立刻接到通知。",
    )


class FactPut(Spoken):
    """放進來的結果。同樣的內容再送一次是 same，不會有任何改變。"""

    result: Put


class DutiesAddress(Piece):
    """Which duties are asked for."""

    unit: UnitCode
    start: int = Field(default=0, ge=0, le=2**31 - 1, description="從第幾筆開始，由 0 算起。")
    limit: int = Field(default=20, ge=1, le=ROWS_AT_MOST, description="最多幾筆。")


class ReckoningStep(Spoken):
    """算法的一步。"""

    label: str
    value: str


class CountedDayOff(Spoken):
    """期間內的放假日，照樣計入。"""

    day: date
    why: str = Field(description="為什麼放假。")


class DutyWorking(Spoken):
    """期限怎麼算的：從哪件事起算、依哪一條規則、每一步，以及期間內的放假日。"""

    rule: str = Field(description="規則編號，例如 REPLY-1。")
    event: str = Field(description="起算的事，例如 dispatched。")
    event_label: str = Field(description="起算的事的中文名稱。")
    event_at: Said
    steps: tuple[ReckoningStep, ...]
    days_off: tuple[CountedDayOff, ...]


class DutyOwed(Spoken):
    """一項待辦。"""

    kind: str = Field(description="種類，例如 reply、check。")
    kind_label: str = Field(description="種類的中文名稱。")
    number: str = Field(description="案件編號、檢核編號或帳號。")
    counted_from: Said = Field(description="期限從何時起算。")
    due_at: Said = Field(description="最後一刻；過了就是逾期。")
    is_late: bool
    days_left: int = Field(description="離期限還有幾天；負數是已過的天數。")
    working: DutyWorking


class DutiesOwed(Spoken):
    """一個單位現在的待辦，最急的在前。"""

    unit: str
    unit_name: str
    total: int = Field(ge=0)
    late: int = Field(ge=0, description="其中已逾期的。")
    duties: tuple[DutyOwed, ...]
    next_start: int | None = Field(description="下一頁從這裡開始；沒有下一頁時是 null。")
