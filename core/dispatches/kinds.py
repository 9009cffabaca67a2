"""The choices of the assessment and the reply, in the order of the forms (S0 part 5)."""

from __future__ import annotations

from core.labels import Labelled


class VisitWay(Labelled):
    """How the family was interviewed for the assessment."""

    HOME_VISIT = "home_visit", "家訪"
    PHONE = "phone", "電訪"
    AT_THE_OFFICE = "at_the_office", "至機構面談"
    LETTER = "letter", "函件"
    OTHER = "other", "其他"


class RiskGroup(Labelled):
    """A group of the assessment's items; each is scored by itself (REPLY-14)."""

    ECONOMY = "economy", "經濟"
    SUPPORT = "support", "支持資源"
    RELATIONS = "relations", "家庭關係"
    HEALTH = "health", "健康"
    CARE = "care", "家中兒童少年、老人、身障者照顧情形"


class Risk(Labelled):
    """An item of the assessment that is found at the family (REPLY-14); the value is its group and its place there."""

    DEBT = "economy_1", "負債（積欠卡債、地下錢莊、房租、健保費等債務，房貸不計）"
    UNEMPLOYED = "economy_2", "負擔家計者失業（非自願失業或重複失業），且未領取補助"
    EARNER_GONE = "economy_3", "負擔家計者死亡、出走、重病、服刑、甫出監等"
    UNSTABLE_INCOME = "economy_4", "工作收入不穩定致無法負擔基本生活開銷"

    NO_RELATIVES = "support_1", "未與親屬往來或未獲任何親屬協助"
    NO_GOVERNMENT_HELP = "support_2", "未接受政府單位（社會局、學校、就業服務站、衛生所、區公所、里長等）的補助或服務"
    NO_FRIENDS = "support_3", "未接受朋友、鄰居、民間團體的關懷協助"

    VIOLENCE = "relations_1", "家庭成員遭暴力及精神虐待，或持有保護令或驗傷單"
    QUARRELS = "relations_2", "家中成員時常劇烈爭吵（每週至少發生 1 次以上或常有員警協助處理）"
    COHABITATION = (
        "relations_3",
        "無婚姻關係帶年幼子女與人同居、頻換同居人，或同居人有犯罪紀錄或從事特種行業",
    )
    SINGLE_PARENT = "relations_4", "單親扶養 18 歲以下子女"
    GRANDPARENTS = "relations_5", "隔代教養：祖父母自行照顧 18 歲以下孫子女"

    GRAVE_ILLNESS = "health_1", "家中成員罹患重大傷病，且缺乏人照顧"
    MENTAL_ILLNESS = "health_2", "家中成員罹患精神疾病，未就醫或未穩定就醫、服藥"
    DRUGS = "health_3", "家中成員有藥（毒）癮，未接受相關戒癮治療"
    ALCOHOL = "health_4", "家中成員有酒癮，未接受相關戒癮治療"
    SUICIDE = "health_5", "家中成員現有自殺計畫或意圖"

    MEALS = "care_1", "三餐未正常飲食且營養不足"
    UNCLEAN = "care_2", "兒童少年身體有異味、外表髒汙"
    LOW_SPIRITS = "care_3", "兒童少年長期精神狀況不佳或情緒不佳"
    PREGNANCY = "care_4", "兒童少年與人同居或未婚懷孕"
    BULLYING = "care_5", "兒童少年遭受校園霸凌"
    ABUSE = "care_6", "疑有家庭暴力或兒少保護（身體、精神、性虐待、殺子後自殺）事件"
    UNSAFE_HOME = "care_7", "身障、老人獨居且住所不安全"
    ALONE = "care_8", "兒少獨留、獨居"
    UNTREATED = "care_9", "疾病未就醫"
    TRUANCY = "care_10", "兒童少年未穩定就學（如：中輟等）"
    DANGEROUS_PLACES = "care_11", "兒童少年常涉及危險事件或出入危險場所（如：網咖、幫派、疑似賭博場所等）"

    @property
    def group(self) -> RiskGroup:
        """The group the form lists it in."""
        name = self.value.partition("_")[0]
        return next(group for group in RiskGroup if group.value == name)

    @property
    def place(self) -> int:
        """Its number within the group, from 1 on."""
        return int(self.value.partition("_")[2])


class Contact(Labelled):
    """What became of the contact (REPLY-4)."""

    REACHED = "reached", "已聯繫並訪視"
    NOT_REACHED = "not_reached", "無法聯繫或訪視"


class Decision(Labelled):
    """What the unit decides: exactly one (REPLY-5)."""

    OPEN = "open", "接案處理"
    NOT_OPEN = "not_open", "不開案"
    REFERRED = "referred", "不開案，已轉介其他單位"


class NotOpenReason(Labelled):
    """Why a case is not opened: the 16 of S0 (REPLY-7)."""

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
    MUST_REPORT = "must_report", "不符服務範圍依法責任通報（家庭暴力、兒少虐待、性侵害及其他法定通報項目）"
    OTHER = "other", "其他"


class Uncooperative(Labelled):
    """How the family did not cooperate: the lines under reason 13, in the reply as in the closure form."""

    HID_FACTS = "hid_facts", "隱瞞重要資料"
    ATTITUDE = "attitude", "態度"
    DANGEROUS = "dangerous", "違反法律，無法配合，對他人有造成危害之虞者"
    WRONG_REPORT = "wrong_report", "通報資訊有誤，無法與案家取得聯繫"


class Enrolment(Labelled):
    """How the child stands with the school (REPLY-12)."""

    ENROLLED = "enrolled", "在學"
    ON_LEAVE = "on_leave", "休學"
    TRANSFERRED = "transferred", "轉學"
    GAVE_UP = "gave_up", "放棄學籍"


class Urgency(Labelled):
    """How soon the intake must assign a report (REPLY-16)."""

    BY_LAW = "by_law", "法令規定應於 24 小時內處理"
    HIGH_RISK_PARTNER = "high_risk_partner", "經評估為高度風險之親密關係暴力"
    ORDINARY = "ordinary", "一般案件"


OTHER_COUNTIES = (
    *("基隆市", "臺北市", "桃園市", "新竹市", "新竹縣", "苗栗縣", "臺中市", "彰化縣", "南投縣", "雲林縣", "嘉義市"),
    *("嘉義縣", "臺南市", "高雄市", "屏東縣", "宜蘭縣", "花蓮縣", "臺東縣", "澎湖縣", "金門縣", "連江縣"),
)
"""Every county and city but our own: an address that begins with one of them lies there (REPLY-13)."""
ONE_SPELLING = str.maketrans({"台": "臺"})
"""Makes the two ways to write 臺 one, as ``OTHER_COUNTIES`` has it."""
ON_LEAVE_WORD = "休學"
