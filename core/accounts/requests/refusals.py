"""Why a request, or a decision on one, is refused, in words for whoever did it."""

from __future__ import annotations

from datetime import date, datetime

from core.accounts.requests.models import RequestState
from core.dates import roc, roc_moment
from core.errors import Broken, Conflict, Expired
from core.refusals import Refusal

HELPDESK = "系統客服 (02)2960-3456 分機 3718"


class RequestRefusal(Refusal):
    """One way to break ACC-4, ACC-6 or ACC-7."""

    NO_ADDRESS = (
        "no_address",
        "ACC-7",
        "電子郵件",
        "這不是完整的電子郵件地址，或含有不能使用的符號。",
        "請重新輸入，例如 name@ntpc.gov.tw。",
    )
    FOREIGN = (
        "foreign",
        "ACC-7",
        "電子郵件",
        "這個地址用了看起來像英文的其他文字（實際是 {host}）。",
        "請改用只有英文與數字的地址。",
    )
    LOOK_ALIKE = (
        "look_alike",
        "ACC-7",
        "電子郵件",
        "{host} 和您目前信箱的網域看起來很像，但不一樣。",
        f"請檢查有沒有打錯；若真的是這個地址，請電洽{HELPDESK}。",
    )
    SAME_ADDRESS = "same_address", "ACC-7", "電子郵件", "這就是目前登記的地址。", "請輸入要改成的新地址。"
    USED_ADDRESS = (
        "used_address",
        "ACC-7",
        "電子郵件",
        "這個地址已經有另一個帳號使用。",
        "請改用本人專用的地址，輸入「改信箱」重新開始。",
    )
    PENDING = (
        "pending",
        "ACC-8",
        "申請",
        "同一種申請還在審核中（申請 {number}，{filed} 送出）。",
        "請等候結果，或輸入「撤回申請 {number}」後重新申請。",
    )
    TOO_EARLY = (
        "too_early",
        "ACC-6",
        "展延",
        "使用期限到 {ends_on}，現在還不能申請展延。",
        "最早 {first_on} 可以申請，到時候再輸入「展延」。",
    )
    HELD = "held", "ACC-4", "權限", "這個帳號已經有「{permission}」。", "不必再申請。"
    NOT_HELD = "not_held", "ACC-4", "權限", "這個帳號沒有「{permission}」。", "不必申請停用。"
    SCHOOL = (
        "school",
        "ACC-4",
        "權限",
        "學校不能申請「{permission}」。",
        "學校只能申請 90097（各局處社工）與 2462（幸福保衛站檢核作業）。",
    )
    INTRANET = (
        "intranet",
        "ACC-4",
        "權限",
        "「{permission}」只限市府內網使用，這裡不能申請。",
        "請在市府內網的主系統申請。",
    )
    NO_REASON = "no_reason", "ACC-8", "理由", "沒有寫理由。", "請寫出為什麼不核准，申請人會看到。"
    LONG_REASON = "long_reason", "ACC-8", "理由", "理由超過 {at_most} 個字。", "請縮短。"
    OWN = "own", "ACC-8", "申請", "這是您自己的申請，不能由您審核。", "請由另一位同仁審核。"
    CLOSED = "closed", "ACC-6", "帳號", "申請人的帳號已停用。", "請先確認帳號狀態，或不予核准。"


STOP_OVER = (
    f"這個連結已經失效：可能超過 24 小時、已經攔下過，或申請沒有成立。如果變更不是您本人做的，請儘快電洽{HELPDESK}。"
)
OLD_TAKEN = f"原來的地址已經有另一個帳號使用，無法自動改回。請儘快電洽{HELPDESK}。"


def too_early(ends_on: date, first_on: date) -> Broken:
    """Return that an extension cannot be asked for yet, and from when on (ACC-6)."""
    return RequestRefusal.TOO_EARLY.broken(ends_on=roc(ends_on), first_on=roc(first_on))


def pending(number: int, filed_at: datetime) -> Broken:
    """Return that the same is asked for already."""
    return RequestRefusal.PENDING.broken(number=str(number), filed=roc_moment(filed_at))


def decided_already(number: int, state: RequestState, by: str, at: datetime | None) -> Conflict:
    """Return who was first, when, and with what outcome (A32)."""
    when = f"在 {roc_moment(at)} " if at else ""
    who = f"（{by}）" if by and state is not RequestState.STOPPED else ""
    return Conflict(f"申請 {number} {when}{state.label}{who}，這次沒有變更。")


def stop_over() -> Expired:
    """Return that the old mailbox's link works no more."""
    return Expired(STOP_OVER)


def old_taken() -> Conflict:
    """Return that the old address cannot be put back."""
    return Conflict(OLD_TAKEN)
