"""The choices and states of the closure form (S0 part 7)."""

from __future__ import annotations

from core.labels import Labelled


class Ground(Labelled):
    """On what ground a case is closed (CLOSE-1)."""

    NO_RISK = "no_risk", "已無脆弱家庭情事"
    LEFT = "left", "已無學籍（轉學、放棄學籍）"
    GRADUATING = "graduating", "應屆畢業"


class ClosingReason(Labelled):
    """Why, as the form lists it (CLOSE-7)."""

    TRANSFERRED = "transferred", "轉案至其他縣市或單位"
    HOME_AND_STABLE = "home_and_stable", "個案已返家並生活穩定"
    FAMILY_IMPROVED = "family_improved", "個案家庭功能已改善"
    PROBLEM_SOLVED = "problem_solved", "個案求助問題已解決"
    NEEDS_MET = "needs_met", "個案需求已提供適切資源"
    ADOPTED_OUT = "adopted_out", "個案已出養，個案家庭無其他服務需求"
    ADOPTED = "adopted", "個案已被認養，個案家庭無其他服務需求"
    DIED = "died", "個案已死亡，個案家庭無其他服務需求"
    OUT_OF_SCOPE = "out_of_scope", "個案問題已非本單位服務範圍"
    REFUSED = "refused", "個案拒絕服務"
    UNWILLING = "unwilling", "個案無意願接受服務"
    LOST = "lost", "個案行蹤不明，失去聯絡"
    UNCOOPERATIVE = "uncooperative", "個案及其家屬完全不合作，專業關係無法維繫"
    ABROAD = "abroad", "已出境"
    OTHER = "other", "其他"


class Remaining(Labelled):
    """What is left of the family's risk (CLOSE-5)."""

    NONE = "none", "已無脆弱家庭情事"
    SCHOOLING_ONLY = "schooling_only", "僅有就學輔導議題"
    RISK = "risk", "仍有脆弱家庭情事"


class Leave(Labelled):
    """How a pupil stopped coming; one on leave still belongs to the school (CLOSE-3)."""

    TRANSFERRED = "transferred", "轉學"
    GAVE_UP = "gave_up", "放棄學籍"
    ON_LEAVE = "on_leave", "休學"


class Destination(Labelled):
    """Where the pupil goes (CLOSE-7)."""

    STAYS = "stays", "仍就讀本校"
    CITY_SCHOOL = "city_school", "本市學校"
    OTHER_COUNTY_SCHOOL = "other_county_school", "外縣市學校"
    COLLEGE = "college", "大專校院"
    WORKS = "works", "就業"
    SEEKS_WORK = "seeks_work", "待業中"
    OTHER = "other", "其他"


class OnwardStep(Labelled):
    """What must happen before a family with needs left moves on (CLOSE-5)."""

    NEW_REPORT = "new_report", "至關懷e起來再次通報"
    HAND_OVER = "hand_over", "以電話聯繫已在服務的單位並交接"
    SCHOOL_TRANSFER = "school_transfer", "透過教育部就學輔導系統轉銜"


class JulyReason(Labelled):
    """Why a graduating pupil is followed to 31 July (CLOSE-4)."""

    TOO_SHORT = "too_short", "畢業前追蹤未滿六個月"
    UNSTABLE = "unstable", "畢業前就學情形未達穩定"
    RISK = "risk", "仍有脆弱家庭情事"


class Need(Labelled):
    """What closing asks for: one condition each (CLOSE-11)."""

    GROUND = "ground", "有結案事由"
    NO_RISK = "no_risk", "已無脆弱家庭情事"
    SIX_MONTHS = "six_months", "自最後一次派案起滿六個月"
    STABLE = "stable", "就學情形穩定（綠燈）"
    WINDOWS = "windows", "工作紀錄沒有缺漏"
    LEFT = "left", "已無學籍（轉學、放棄學籍）"
    GRADUATION = "graduation", "已知畢業日"
    JULY = "july", "追蹤至畢業當年 7/31"
    JULY_RECORD = "july_record", "工作紀錄登打至 7 月"
    NEW_REPORT = "new_report", "已再次通報"
    HAND_OVER = "hand_over", "已電話交接"
    SCHOOL_TRANSFER = "school_transfer", "已由就學輔導系統轉銜"
    NO_SIBLING_AT_RISK = "no_sibling_at_risk", "沒有仍須服務的在校手足"
    MONTH_RECORD = "month_record", "已完成結案當月的工作紀錄"


class ClosureState(Labelled):
    """Where a closure form stands (CLOSE-9)."""

    APPLIED = "applied", "結案申請中"
    RETURNED = "returned", "督導退件"
    APPROVED = "approved", "已結案"
    DELETED = "deleted", "已刪除"


class Act(Labelled):
    """What is done with a closure form once it was sent (CLOSE-9)."""

    APPROVE = "approve", "核可結案"
    RETURN = "return", "退件"
    RESEND = "resend", "修改並送出"
    DELETE = "delete", "刪除"


class ClosureBucket(Labelled):
    """What a unit counts (CLOSE-10)."""

    IN_PROGRESS = "in_progress", "處理中個案"
    APPLIED = "applied", "結案申請中"
    RETURNED = "returned", "督導退件"
    CLOSED = "closed", "已結案"


class Finding(Labelled):
    """What a unit is asked to look at before a semester (CLOSE-12)."""

    PUPIL_LEFT = "pupil_left", "學籍已不在貴校"
    MISSING_RECORDS = "missing_records", "工作紀錄有缺漏"
    RETURNED_FORM = "returned_form", "結案單遭退件"
