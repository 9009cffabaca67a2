"""Why a list is not taken out as a file, and what to do instead."""

from __future__ import annotations

from core.refusals import Refusal


class ExportRefusal(Refusal):
    """One way in which an export is refused."""

    NO_REASON = "no_reason", "A64", "理由", "沒有填寫理由。", "請寫明為什麼需要這份清單；理由會記錄下來。"
    LONG_REASON = "long_reason", "A64", "理由", "理由超過 {most} 字。", "請精簡後再匯出。"
    TOO_MANY = "too_many", "A64", "清單", "這份清單有 {rows} 筆，一次最多匯出 {most} 筆。", "請先縮小範圍再匯出。"
    TOO_OFTEN = "too_often", "A64", "清單", "今天已經匯出 {most} 次。", "請明天再匯出；如有急用，請洽系統管理員。"
