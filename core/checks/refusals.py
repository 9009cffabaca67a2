"""Why a check form, or an act on a check, is refused, in words for whoever did it."""

from __future__ import annotations

from datetime import datetime

from core.dates import roc_moment
from core.errors import Conflict
from core.labels import Labelled
from core.refusals import Refusal

NUMBER_FIELD = "檢核編號"


class CheckRefusal(Refusal):
    """One way to break CHK-3 to CHK-8, or CHK-10."""

    NO_IDENTITY = "no_identity", "CHK-3", "身分確認", "沒有選身分。", "請選本校學生、非本校學生或其他其中一項。"
    NO_NATIONAL_ID = (
        "no_national_id",
        "CHK-3",
        "身分證字號",
        "選了「本校學生」，但沒有身分證字號。",
        "請填寫學生的身分證字號。",
    )
    WRONG_NATIONAL_ID = (
        "wrong_national_id",
        "CHK-3",
        "身分證字號",
        "身分證字號不正確。",
        "請核對英文字母與 9 個數字後再填一次。",
    )
    NO_SCHOOL_KNOWN = (
        "no_school_known",
        "CHK-3",
        "所屬學校",
        "選了「非本校學生」，但沒有選是否知道所屬學校。",
        "請選不知所屬學校，或知悉所屬學校並寫出校名。",
    )
    NO_SCHOOL = "no_school", "CHK-3", "所屬學校", "選了「知悉所屬學校」，但沒有寫校名。", "請寫出學生所屬的學校。"
    NO_OTHER_IDENTITY = "no_other_identity", "CHK-3", "身分確認", "選了「其他」，但沒有說明。", "請寫出是什麼身分。"
    IDENTITY_MIXED = (
        "identity_mixed",
        "CHK-3",
        "身分確認",
        "選了「{chosen}」，卻也填了別項身分的內容，看不出是哪一項。",
        "身分只能是一項：請清除不適用的內容，或改選身分。",
    )

    NO_NEED = (
        "no_need",
        "CHK-4",
        "資源需求評估",
        "本校學生的需求評估沒有選。",
        "請選已通報過的有需求、須通報的有需求或無需求其中一項。",
    )
    NEED_MIXED = (
        "need_mixed",
        "CHK-4",
        "資源需求評估",
        "需求評估選了「{chosen}」，卻也填了別項的內容，看不出是哪一項。",
        "需求只能是一項：請清除不適用的內容，或改選需求。",
    )
    NEED_UNCHOSEN = (
        "need_unchosen",
        "CHK-4",
        "資源需求評估",
        "填了原因、處理或說明，但沒有選需求。",
        "請選有需求或無需求其中一項，或清除這些內容。",
    )

    NO_REPORT_TIME = (
        "no_report_time",
        "CHK-5",
        "通報時間",
        "沒有「關懷e起來」的通報時間。",
        "請先至關懷e起來通報，再填寫通報時間。",
    )
    REPORT_IN_FUTURE = (
        "report_in_future",
        "CHK-5",
        "通報時間",
        "通報時間 {reported_at} 還沒到（現在是 {now}）。",
        "請先至關懷e起來通報，再填寫實際的通報時間。",
    )
    NO_REPORT_NUMBER = (
        "no_report_number",
        "CHK-5",
        "通報案號",
        "沒有「關懷e起來」的通報案號。",
        "請先至關懷e起來通報，再填寫通報案號。",
    )

    NO_CAUSE = "no_cause", "CHK-6", "原因", "沒有勾選原因。", "請在主要照顧者疏忽、入獄、失蹤、其他中至少勾選一項。"
    NO_OTHER_CAUSE = "no_other_cause", "CHK-6", "原因", "原因勾選了「其他」，但沒有說明。", "請寫出是什麼原因。"
    NO_MEASURE = "no_measure", "CHK-6", "學校處理", "沒有勾選學校處理。", "請在 7 個項目中至少勾選一項。"
    NO_OTHER_MEASURE = (
        "no_other_measure",
        "CHK-6",
        "學校處理",
        "學校處理勾選了「其他」，但沒有說明。",
        "請寫出是什麼處理。",
    )
    NO_EXPLANATION = (
        "no_explanation",
        "CHK-6",
        "學校補充說明",
        "沒有學校補充說明。",
        "請說明這一次的取餐原因、案家是否有能力提供餐食，以及後續輔導。",
    )

    NO_CAUSE_WITHOUT = (
        "no_cause_without",
        "CHK-7",
        "原因",
        "沒有勾選原因。",
        "請在誤（不）解方案、故意使用、錯用方案、其他中至少勾選一項。",
    )
    NO_OTHER_CAUSE_WITHOUT = (
        "no_other_cause_without",
        "CHK-7",
        "原因",
        "原因勾選了「其他」，但沒有說明。",
        "請寫出是什麼原因。",
    )
    NO_MEASURE_WITHOUT = (
        "no_measure_without",
        "CHK-7",
        "學校處理",
        "沒有勾選學校處理。",
        "請在 6 個項目中至少勾選一項。",
    )
    NO_OTHER_MEASURE_WITHOUT = (
        "no_other_measure_without",
        "CHK-7",
        "學校處理",
        "學校處理勾選了「其他」，但沒有說明。",
        "請寫出是什麼處理。",
    )
    NO_HARDSHIP = (
        "no_hardship",
        "CHK-7",
        "案家是否有經濟困難",
        "沒有說明案家是否有經濟困難。",
        "請寫有或無，以及怎麼知道的。",
    )
    NO_WHY_TAKEN = (
        "no_why_taken",
        "CHK-7",
        "學生取餐原因",
        "沒有說明學生這一次為什麼取餐。",
        "請寫出這一次的取餐原因。",
    )
    NO_MEALS = (
        "no_meals",
        "CHK-7",
        "案家是否提供餐點",
        "沒有說明案家是否提供餐點。",
        "請寫有或無，以及平常怎麼用餐。",
    )

    ONLY_REFERS = (
        "only_refers",
        "CHK-8",
        "學校補充說明",
        "「{part}」只寫了「同上」一類的話。",
        "每一筆檢核單都是獨立事件，請寫出這一次的情形。",
    )
    LONG_TEXT = (
        "long_text",
        "CHK-6",
        "學校補充說明",
        "{part}共 {length} 個字，超過 {at_most} 個字。",
        "請縮短後再送出。",
    )

    NOT_CHECKED = (
        "not_checked",
        "CHK-10",
        "檢核單",
        "這張檢核單目前是「{state}」，還沒有送出，不能退件。",
        "請等學校送出後再審核。",
    )
    NO_RETURN_REASON = "no_return_reason", "CHK-10", "退件原因", "退件沒有寫原因。", "請寫出要補充或更正什麼。"
    LONG_RETURN_REASON = (
        "long_return_reason",
        "CHK-10",
        "退件原因",
        "退件原因共 {length} 個字，超過 {at_most} 個字。",
        "請縮短後再送出。",
    )
    OWN_FORM = "own_form", "CHK-10", "檢核單", "這張檢核單是您自己送出的。", "請由另一位督導審核。"


class Sentence(Labelled):
    """What is wrong with the list of checks that somebody hands in."""

    NOT_FOUND = "not_found", "查無檢核單 {number}，或不在您的權限範圍內。請確認編號後再試一次。"
    TWICE = "twice", "檢核單 {number} 在這一批裡出現兩次。每一筆檢核單只能送一次，請刪除其中一筆。"
    TOO_MANY = "too_many", "一批可以送 1 到 {at_most} 筆檢核單。請分批送出。"


def checked_already(number: str, by: str, at: datetime) -> Conflict:
    """Return that somebody has sent the check before."""
    return Conflict(
        f"檢核單 {number} 已由 {by} 在 {roc_moment(at)} 送出，這次沒有再送出。需要更正時，請督導退件後再修改。"
    )


def checked_by_list(number: str) -> Conflict:
    """Return that the check is checked by the main system's list."""
    return Conflict(f"檢核單 {number} 在主系統名冊上已檢核，不必再送出。內容有疑問時，請到主系統查看。")


def returned_already(number: str, by: str, at: datetime) -> Conflict:
    """Return that somebody has returned the check before."""
    return Conflict(
        f"檢核單 {number} 已由 {by} 在 {roc_moment(at)} 退件，這次沒有再退件。等承辦人更正後再送出，才能再審核。"
    )


def returned_by_list(number: str) -> Conflict:
    """Return that the check is returned by the main system's list."""
    return Conflict(f"檢核單 {number} 在主系統名冊上已退件，這次沒有再退件。等承辦人更正後再送出，才能再審核。")


def changed_meanwhile(number: str) -> Conflict:
    """Return that the check was sent again after it was shown to who decides."""
    return Conflict(f"檢核單 {number} 在您開啟之後又送出了一次，這次沒有退件。請先看過現在的內容，再審核。")
