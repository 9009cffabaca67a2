"""The choices of the check form, in the words and the order of the form (S0 part 2)."""

from __future__ import annotations

from core.labels import Labelled


class Identity(Labelled):
    """Who took the meal: exactly one (CHK-3)."""

    OWN = "own", "本校學生"
    NOT_OWN = "not_own", "非本校學生"
    OTHER = "other", "其他"


class SchoolKnown(Labelled):
    """Whether the school of somebody else's pupil is known (CHK-3)."""

    UNKNOWN = "unknown", "不知所屬學校"
    KNOWN = "known", "知悉所屬學校"


class Need(Labelled):
    """Whether there is need: exactly one (CHK-4)."""

    REPORTED = "reported", "有需求，但前因幸福保衛站計畫已通報為高風險家庭，目前無特殊情事"
    TO_REPORT = "to_report", "有需求，尚未通報或另有重要情事需重新通報"
    NONE = "none", "無需求"


class NeedCause(Labelled):
    """Why there is need (CHK-6)."""

    NEGLECT = "neglect", "主要照顧者疏忽"
    PRISON = "prison", "主要照顧者入獄"
    MISSING = "missing", "主要照顧者失蹤"
    OTHER = "other", "其他"


class NeedMeasure(Labelled):
    """What the school does where there is need (CHK-6)."""

    BREAKFAST_COUPONS = "breakfast_coupons", "早餐券"
    LUNCH_SUBSIDY = "lunch_subsidy", "營養午餐補助"
    RENAI_FUND = "renai_fund", "仁愛基金"
    AFTER_SCHOOL_CARE = "after_school_care", "課後照顧"
    HAND_IN_HAND = "hand_in_hand", "攜手計畫"
    COUNSELLING = "counselling", "個案輔導"
    OTHER = "other", "其他"


class NoNeedCause(Labelled):
    """Why the meal was taken without need (CHK-7)."""

    MISUNDERSTANDS = "misunderstands", "誤（不）解方案（如：以為新福利皆可使用、好奇、好玩等）"
    ON_PURPOSE = "on_purpose", "瞭解方案、故意使用（如：家長價值偏差，要求學生使用；或學生價值偏差等）"
    WRONGLY = "wrongly", "錯用方案（如：福利依賴、福利選擇等）"
    OTHER = "other", "其他"


class NoNeedMeasure(Labelled):
    """What the school does where there is none (CHK-7)."""

    EXPLAINED = "explained", "幸福保衛站方案說明"
    VALUES = "values", "價值澄清"
    PARENTS = "parents", "請家長協助指導學生"
    WATCH = "watch", "學校列管追蹤"
    PASSED_ON = "passed_on", "轉知提供服務之相關資源單位"
    OTHER = "other", "其他"


class Told(Labelled):
    """What the explanation is made of: one text with need (CHK-6), three labelled ones without (CHK-7)."""

    EXPLANATION = "explanation", "學校補充說明"
    HARDSHIP = "hardship", "案家是否有經濟困難"
    WHY_TAKEN = "why_taken", "學生取餐原因"
    MEALS = "meals", "案家是否提供餐點"


class UrgentSign(Labelled):
    """What is never queued (CHK-11): the store's report lists them, and the school may see them first."""

    ABUSE = "abuse", "身上有受虐傷痕"
    THREAT = "threat", "有遭受暴力威脅之傾向"
    LOST = "lost", "走失兒少"
    DANGER = "danger", "遭遇危難向超商求助"


class Act(Labelled):
    """What is done with a check."""

    SUBMIT = "submit", "送出"
    RETURN = "return", "退件"


class FormOrigin(Labelled):
    """Where the answers shown come from."""

    EMPTY = "empty", "尚未填寫"
    DRAFT = "draft", "草稿"
    SENT = "sent", "已送出"


class NeedHint(Labelled):
    """What S0 counts as need and what not: shown beside the choice (CHK-9)."""

    HARDSHIP = "hardship", "家裡突遭經濟困境，沒有錢吃飯"
    NO_MEALS = "no_meals", "家長不提供餐點，也不給餐費"
    NEGLECT = "neglect", "照顧者有照顧疏失，孩子必須自己覓食"
    MISUSE = "misuse", "誤用"
    PLAYING = "playing", "在外面玩、遊蕩、蹺家不回家吃"
    DISLIKE = "dislike", "不想吃家裡準備的餐點"


COUNT_AS_NEED = frozenset({NeedHint.HARDSHIP, NeedHint.NO_MEALS, NeedHint.NEGLECT})  # CHK-9
