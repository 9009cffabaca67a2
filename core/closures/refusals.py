"""Why a closure form, or an act on it, is refused, in words for whoever did it."""

from __future__ import annotations

from datetime import date, datetime

from core.closures.kinds import Act, ClosureState
from core.dates import roc, roc_moment
from core.errors import Conflict
from core.refusals import Refusal


class ClosureRefusal(Refusal):
    """One way to break CLOSE; a condition of closing (``Need``) has the member of its own name."""

    GROUND = "ground", "CLOSE-1", "結案事由", "沒有選結案事由。", "請選已無脆弱家庭情事、已無學籍或應屆畢業。"
    NO_RISK = (
        "no_risk",
        "CLOSE-2",
        "結案事由",
        "案家仍有脆弱家庭情事，不能以「已無脆弱家庭情事」結案。",
        "請繼續服務；若已無學籍或應屆畢業，請改選該事由。",
    )
    SIX_MONTHS = (
        "six_months",
        "CLOSE-2",
        "結案日期",
        "自最後一次派案起追蹤未滿六個月。",
        "請於 {met_from} 以後結案，並持續填寫工作紀錄。",
    )
    STABLE = (
        "stable",
        "CLOSE-2",
        "就學情形",
        "最近一筆工作紀錄的就學情形不是「穩定」（{light}）。",
        "請持續服務，待就學穩定並填寫工作紀錄後再申請。",
    )
    WINDOWS = "windows", "CLOSE-2", "工作紀錄", "工作紀錄缺 {windows}。", "請補登這些期間實際提供的服務。"
    LEFT = (
        "left",
        "CLOSE-3",
        "結案事由",
        "在結案日期以前，沒有轉學或放棄學籍的日期。",
        "請填寫轉學或放棄學籍的日期；休學仍具學籍，須繼續追蹤服務。",
    )
    GRADUATION = "graduation", "CLOSE-4", "畢業日期", "沒有畢業日期。", "請填寫畢業日期。"
    JULY = (
        "july",
        "CLOSE-4",
        "結案日期",
        "應追蹤至畢業當年 7/31（{reasons}）。",
        "請於 {met_from} 以後結案，工作紀錄登打至 7 月。",
    )
    JULY_RECORD = "july_record", "CLOSE-4", "工作紀錄", "畢業當年 7 月沒有工作紀錄。", "請補登 7 月實際提供的服務。"
    NEW_REPORT = (
        "new_report",
        "CLOSE-5",
        "再通報",
        "仍有脆弱家庭情事，且欲轉介的單位尚未服務這個家庭，卻沒有再通報的時間與序號。",
        "請先至關懷e起來再次通報（應屆畢業於 7/31 前通報會回派原校），再填寫時間與序號。",
    )
    HAND_OVER = (
        "hand_over",
        "CLOSE-5",
        "橫向聯繫",
        "欲轉介的單位已在服務這個家庭，但沒有橫向聯繫的紀錄。",
        "請以電話聯繫並交接，再填寫單位與時間。",
    )
    SCHOOL_TRANSFER = (
        "school_transfer",
        "CLOSE-5",
        "就學轉銜",
        "僅有就學輔導議題，且升（轉）學至大專校院或外縣市學校，但沒有轉銜的紀錄。",
        "請透過教育部就學輔導系統轉銜，再填寫日期。",
    )
    NO_SIBLING_AT_RISK = (
        "no_sibling_at_risk",
        "CLOSE-6",
        "手足",
        "仍有脆弱家庭情事，且手足仍就讀貴校，不能結案。",
        "請就手足部分繼續服務並填寫工作紀錄；已寫的結案單內容可改寫成工作紀錄。",
    )
    MONTH_RECORD = (
        "month_record",
        "CLOSE-8",
        "結案日期",
        "結案日期須在最後一筆工作紀錄當天或之後，且在同一個月（最後一筆：{last}）。",
        "請先完成結案當月的工作紀錄，或更正結案日期。",
    )

    NO_CLOSING_DATE = "no_closing_date", "CLOSE-8", "結案日期", "沒有結案日期。", "請填寫結案日期。"
    CLOSING_IN_FUTURE = (
        "closing_in_future",
        "CLOSE-8",
        "結案日期",
        "結案日期 {closing_on} 還沒到（今天是 {today}）。",
        "請填寫今天或以前的日期，或到時候再送出。",
    )
    NO_REASON = "no_reason", "CLOSE-7", "結案原因", "沒有勾選結案原因。", "請在 15 個項目中至少勾選一項。"
    NO_REMAINING = "no_remaining", "CLOSE-7", "處遇目標達成情形", "沒有說明風險是否解除。", "請選是否仍有脆弱家庭情事。"
    NO_SCHOOLING = "no_schooling", "CLOSE-7", "現況：就學情形", "沒有寫就學情形。", "請說明目前就學是否穩定。"
    NO_CARE = (
        "no_care",
        "CLOSE-7",
        "現況：受家庭照顧情形",
        "沒有寫受家庭照顧情形。",
        "請說明食衣住行育醫是否良好。",
    )
    NO_DESTINATION = (
        "no_destination",
        "CLOSE-7",
        "現況：去向",
        "沒有選去向。",
        "請選仍就讀本校、轉入或升學的學校、就業或待業中。",
    )
    NO_PLACE = "no_place", "CLOSE-7", "現況：去向", "沒有寫去向的名稱。", "請寫出轉入、升學的學校或去處。"
    NO_SIBLINGS = (
        "no_siblings",
        "CLOSE-6",
        "現況：手足",
        "手足仍就讀貴校，但沒有寫手足的情形。",
        "請說明手足的就學情形與受家庭照顧情形。",
    )
    NO_SERVICES = "no_services", "CLOSE-7", "服務歷程概述", "沒有寫服務歷程概述。", "請簡述學校提供的協助。"
    NO_GOALS = "no_goals", "CLOSE-7", "處遇目標達成情形", "沒有寫處遇目標達成情形。", "請依通報事由說明達成情形。"
    NO_LEFTOVER = (
        "no_leftover",
        "CLOSE-7",
        "處遇目標達成情形：尚有之情事",
        "仍有脆弱家庭情事，但沒有寫是什麼。",
        "請說明尚有的情事。",
    )
    LONG_SUMMARY = (
        "long_summary",
        "CLOSE-7",
        "補充說明",
        "補充說明共 {length} 個字，超過 1000 個字。",
        "請縮短各項說明。",
    )

    WRONG_STATE = (
        "wrong_state",
        "CLOSE-9",
        "結案單",
        "這張結案單目前是「{state}」，不能{act}。",
        "請先看過這張結案單現在的內容。",
    )
    NO_RETURN_REASON = "no_return_reason", "CLOSE-9", "退件原因", "退件沒有寫原因。", "請寫出要補充或更正什麼。"
    LONG_RETURN_REASON = (
        "long_return_reason",
        "CLOSE-9",
        "退件原因",
        "退件原因有 {length} 個字，超過 {at_most} 個字。",
        "請縮短退件原因。",
    )
    OWN_FORM = "own_form", "CLOSE-9", "結案單", "這張結案單是您自己送出的。", "請由另一位督導審核。"


def sent_already(state: ClosureState, sent_at: datetime) -> Conflict:
    """Return the refusal of a second form."""
    return Conflict(
        f"這個案件在 {roc_moment(sent_at)} 已經送出結案單，目前是「{state.label}」。"
        "請開啟那張結案單；被退件時可以修改後再送出，或刪除。"
    )


def done_already(who: str, at: datetime, act: Act) -> Conflict:
    """Return that somebody else was first with a form."""
    return Conflict(f"這張結案單已由 {who} 在 {roc_moment(at)} {act.label}，這次沒有變更。請先看過現在的內容。")


def sent_again(who: str, at: datetime) -> Conflict:
    """Return that the form is not any more what was shown to who decides."""
    return Conflict(
        f"這張結案單在您開啟之後有變更（{who}在 {roc_moment(at)} 送出），這次沒有決定。請先看過現在的內容，再審核。"
    )


def closed_elsewhere(closed_on: date) -> Conflict:
    """Return that a service is over."""
    return Conflict(f"這個案件貴單位已於 {roc(closed_on)} 結案，不需要再處理結案單。")
