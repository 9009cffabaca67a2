"""Why a work record is refused, in words for whoever wrote it."""

from __future__ import annotations

from datetime import date

from core.dates import roc
from core.errors import Conflict
from core.refusals import Refusal


class RecordRefusal(Refusal):
    """One way to break REC-4."""

    NO_DATE = "no_date", "REC-4", "服務日期", "沒有服務日期。", "請填寫實際提供服務的日期。"
    IN_FUTURE = (
        "in_future",
        "REC-4",
        "服務日期",
        "服務日期 {served_on} 還沒到（今天是 {today}）。",
        "請填寫實際提供服務的日期。",
    )
    BEFORE_DISPATCH = (
        "before_dispatch",
        "REC-4",
        "服務日期",
        "服務日期 {served_on} 早於派案日 {dispatched_on}。",
        "請填寫派案日當天或之後的日期。",
    )
    NO_WAY = "no_way", "REC-4", "服務方式", "沒有選服務方式。", "請選家訪、電訪、面談、書信或其他。"
    NO_OTHER_WAY = "no_other_way", "REC-4", "服務方式", "選了「其他」，但沒有說明。", "請寫出是什麼方式。"
    NOBODY = "nobody", "REC-4", "主要服務對象", "沒有主要服務對象。", "請選一位家庭成員，或直接填寫姓名。"
    NOT_A_NAME = (
        "not_a_name",
        "REC-4",
        "主要服務對象",
        "「{served}」不是姓名，看不出服務的是誰。",
        "請選一位家庭成員，或直接填寫姓名。",
    )
    LONG_NAME = "long_name", "REC-4", "主要服務對象", "主要服務對象超過 60 個字。", "請只填寫姓名。"
    NO_SERVICE = "no_service", "REC-4", "服務內容", "沒有勾選服務內容。", "請在 20 個項目中至少勾選一項。"
    NO_OTHER_SERVICE = "no_other_service", "REC-4", "服務內容", "勾選了「其他」，但沒有說明。", "請寫出是什麼服務。"
    NO_SCHOOLING = "no_schooling", "REC-4", "就學情形", "沒有選就學情形。", "請選不穩定、正趨穩定或穩定其中一項。"
    LONG_NOTE = (
        "long_note",
        "REC-4",
        "工作說明",
        "工作說明有 {length} 個字，超過 1000 個字。",
        "請縮短；完整的輔導紀錄請留在校內。",
    )


def closed_already(closed_on: date) -> Conflict:
    """Return the refusal of work on a service that is over."""
    return Conflict(f"這個案件貴單位已於 {roc(closed_on)} 結案，不能再填寫。若又有狀況，請至關懷e起來重新通報。")
