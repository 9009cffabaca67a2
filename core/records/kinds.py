"""The choices of the work record, in the order of the form (S0 part 6)."""

from __future__ import annotations

from core.labels import Labelled


class Way(Labelled):
    """How the contact was made (REC-4)."""

    HOME_VISIT = "home_visit", "家訪"
    PHONE = "phone", "電訪"
    INTERVIEW = "interview", "面談"
    LETTER = "letter", "書信"
    OTHER = "other", "其他"


class Service(Labelled):
    """What was done (REC-4)."""

    AFTER_SCHOOL_CARE = "after_school_care", "課後照顧"
    NIGHT_ANGEL = "night_angel", "夜光天使點燈服務"
    TUITION_SUBSIDY = "tuition_subsidy", "學雜費補助"
    TEXTBOOK_SUBSIDY = "textbook_subsidy", "教科書補助"
    BREAKFAST_COUPONS = "breakfast_coupons", "早餐券"
    LUNCH_SUBSIDY = "lunch_subsidy", "營養午餐補助"
    HAND_IN_HAND = "hand_in_hand", "攜手計畫"
    RENAI_FUND = "renai_fund", "仁愛基金"
    TZUHUI_CLASS = "tzuhui_class", "慈輝班"
    SPECIAL_EDUCATION = "special_education", "特教專業服務"
    COUNSELLING = "counselling", "個案輔導"
    PARENTING_LECTURE = "parenting_lecture", "親職講座"
    DRUG_COUNSELLING = "drug_counselling", "藥物戒治輔導"
    CONSULTATION = "consultation", "面談諮詢"
    STRUCTURED_VISIT = "structured_visit", "建構家訪"
    PARENTING_GROUP = "parenting_group", "幸福甜甜圈親職小團體"
    FAMILY_EMPOWERMENT = "family_empowerment", "家庭展能教育支持計劃"
    FAMILY_NETWORK = "family_network", "建構最需要關懷家庭輔導網絡方案"
    FAMILY_COURSE = "family_course", "家庭教育諮商輔導課程"
    OTHER = "other", "其他"


class Schooling(Labelled):
    """How the pupil's schooling stands: decides the education light (REC-6)."""

    UNSTABLE = "unstable", "就學情形不穩定"
    BECOMING_STABLE = "becoming_stable", "就學情形正趨穩定"
    STABLE = "stable", "就學情形穩定"


class EducationLight(Labelled):
    """The light of the education bureau's part (REC-6)."""

    R = "R", "就學情形不穩定"
    Y = "Y", "就學情形正趨穩定"
    G = "G", "就學情形穩定"


class ProblemType(Labelled):
    """What the report ticked as the family's problems (REC-5)."""

    POVERTY = "poverty", "經濟困難"
    EMPLOYMENT = "employment", "就業問題"
    CARER_GONE = "carer_gone", "照顧者死亡、出走、重病或服刑"
    CONFLICT = "conflict", "家庭衝突"
    WEAK_SUPPORT = "weak_support", "支持系統薄弱"
    UNSTABLE_MARRIAGE = "unstable_marriage", "照顧者婚姻關係不穩定"
    MENTAL_ILLNESS = "mental_illness", "照顧者罹患精神疾病，未就醫或未持續就醫"
    SUICIDE = "suicide", "家中成員曾有自殺傾向或紀錄"
    ALCOHOL = "alcohol", "照顧者有酒癮問題，未接受相關戒癮治療"
    MEDICATION = "medication", "照顧者有藥癮問題，未接受相關戒癮治療"
    DRUGS = "drugs", "照顧者有毒癮問題"
    NEGLECT = "neglect", "照顧者養育疏忽或管教失當"
    DEVIANCE = "deviance", "兒童少年行為偏差"
    HARD_TO_RAISE = "hard_to_raise", "兒童少年不易教養"
    OTHER = "other", "其他"


class WindowPolicy(Labelled):
    """How often an opened case needs a record: REC-1, or the other policy of REC-3."""

    THIRTY_DAYS = "thirty-days", "每 30 天至少一筆"
    CALENDAR_MONTH = "calendar-month", "每月至少一筆"


class EntryKind(Labelled):
    """What stands in a family's service history (REC-2)."""

    REPORT = "report", "通報"
    DISPATCH = "dispatch", "派案"
    HAND_OVER = "hand_over", "移轉"
    ASSESSMENT = "assessment", "評估"
    REPLY = "reply", "回覆"
    RECORD = "record", "工作紀錄"
    CLOSURE = "closure", "結案"
