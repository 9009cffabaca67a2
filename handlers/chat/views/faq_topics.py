"""What staff ask about the rules, with the answers: from the rule book, in the bot's words, with the rules' numbers.

``{…}`` stands for a number of a rule or of policy, so that an answer never says another number than the core reckons
with. No answer knows a person or a case: everybody may read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts.registration.refusals import PRIVATE_SCHOOLS
from core.cards import Say
from core.checks.kinds import COUNT_AS_NEED, NeedHint
from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.hotlines import HELPDESK_HOURS, HELPDESK_PHONE

SERVICES = Say(label="個案清單", text="個案清單")
CLOSING = Say(label="可以結案嗎", text="可以結案嗎")
BUREAU = "(02)2960-3456"
CENTER = "(02)2950-6801"


@dataclass(frozen=True)
class Topic:
    """One question: how it is typed, asked and answered."""

    intent: Intent
    title: str
    lines: tuple[str, ...]
    """The first is the answer in short, the others say more."""
    rules: str
    kind: HelpKind
    """What a person is asked about who is to say more."""
    next: tuple[Say, ...] = ()
    also: tuple[str, ...] = ()
    """Other words that lead here."""

    @property
    def word(self) -> str:
        """Return the word that is typed for it."""
        return self.intent.word


def _hints(*, need: bool) -> str:
    return "、".join(hint.label for hint in NeedHint if (hint in COUNT_AS_NEED) is need)


_ACCOUNTS = (
    Topic(
        Intent.FAQ_MAY_APPLY,
        "可以申請哪些權限？",
        (
            "學校只能申請兩項：90097（各局處社工）與 2462（幸福保衛站檢核作業）。",
            "90097 用來回覆派案、寫工作紀錄與結案；2462 用來回檢核單。其他代碼學校申請了也會被退。",
            "局處的督導是 90098、窗口是 90099。每一項都由社會局審核，結果會通知您。",
        ),
        "ACC-4、ACC-5", HelpKind.PERMISSION, (choices.PERMISSIONS, choices.REGISTRATION),
    ),
    Topic(
        Intent.FAQ_PRIVATE,
        "私立學校怎麼申請帳號？",
        (PRIVATE_SCHOOLS, "有了公務雲帳號，後面的步驟與公立學校相同：申請帳號、勾選權限、等社會局審核。"),
        "ACC-5", HelpKind.PERMISSION, (choices.REGISTRATION,), ("私立學校",),
    ),
    Topic(
        Intent.FAQ_CHANGE,
        "換承辦人要做什麼？",
        (
            "新承辦人用自己的帳號申請，不能共用；原承辦人的權限由管理員移除。",
            "還沒回的案件屬於單位，會自動轉給接手的人，期限不變。",
            "承辦人要異動，請先把到期日近的案件處理完，再聯絡管理員更換。",
        ),
        "ACC-9", HelpKind.PERMISSION, (choices.REGISTRATION,), ("更換承辦人", "換窗口"),
    ),
    Topic(
        Intent.FAQ_CODE_RULES,
        "驗證碼多久有效？",
        (
            "驗證碼是 {code_digits} 個數字，{otp_minutes} 分鐘內有效，只能用一次。",
            "連錯 {code_tries} 次就作廢，要重新寄送；重新寄送後，舊的那一組也作廢。",
            "兩次寄送要間隔 {resend_seconds} 秒，一小時最多 {sends_an_hour} 次、一天最多 {sends_a_day} 次。",
        ),
        "OTP-1、OTP-2、OTP-3", HelpKind.LOGIN, (choices.CODES,),
    ),
    Topic(
        Intent.FAQ_CERTIFICATE,
        "可以用自然人憑證登入嗎？",
        (
            "憑證登入與綁定都在社政系統網站辦理；這裡只記下到期日，到期前會提醒您。",
            "讀卡機或元件的問題，請先依網站的安裝說明處理；帳號密碼仍可登入。",
        ),
        "ACC-11", HelpKind.LOGIN, (), ("憑證",),
    ),
    Topic(
        Intent.FAQ_SESSION,
        "為什麼會自動登出？",
        (
            "登入後 {session_minutes} 分鐘沒有操作就會登出，畫面上有剩餘時間，可以按延長。",
            "改密碼、停用帳號或解除綁定也會立刻登出。寫比較久的表單請先存檔。",
        ),
        "ACC-3", HelpKind.LOGIN,
    ),
    Topic(
        Intent.FAQ_CONTACTS,
        "有問題要找誰？",
        (
            f"系統操作與信箱：系統客服 {HELPDESK_PHONE}，{HELPDESK_HOURS}。",
            f"密碼還原、解鎖：資訊中心 {BUREAU} 分機 8500，請本人撥打。",
            f"承辦人與權限：{BUREAU} 分機 2634；私立學校公務雲帳號：分機 2633。",
            f"幸福保衛站、派案回覆：{CENTER} 分機 24；工作紀錄、結案：分機 25。",
            "客服時間以外留言也可以，會告訴您最晚什麼時候回覆。",
        ),
        "HELP-1", HelpKind.OTHER, (choices.PERSON,), ("聯絡方式", "分機"),
    ),
    Topic(
        Intent.FAQ_REMINDERS,
        "什麼時候會提醒？",
        (
            "一般提醒每個工作日 {digest_at} 合成一則；新檢核單、退件與當天到期的會即時通知。",
            "派案回覆在到期前 3 天、1 天與當天提醒；檢核單在到期前 12 與 4 小時；工作紀錄在 7 天、1 天前與當天。",
            "{quiet_from} 到 {quiet_until} 之間只送驗證碼、進行中的對話與緊急狀況。",
            "有指定承辦人就通知承辦人，沒有就通知單位裡有權限的人。",
        ),
        "DUTY-4、DUTY-5", HelpKind.OTHER, (choices.SETTINGS,), ("提醒規則",),
    ),
)  # fmt: skip

_CHECKS = (
    Topic(
        Intent.FAQ_CHECK_HOURS,
        "檢核單多久內要回？",
        (
            "從分派給學校的那一刻起 {check_hours} 小時，算到分鐘，晚上與假日都算。",
            "逾期了仍然要回。被退件的也要回，退回後 {returned_check_hours} 小時內補正。",
            "「待檢核」「逾期未檢核」「退件」三個數字都是 0，才算回完；最常漏掉的是退件。",
        ),
        "CHK-1、CHK-2、CHK-10", HelpKind.CASE, (choices.DUTIES,), ("檢核單期限",),
    ),
    Topic(
        Intent.FAQ_NEED,
        "什麼情況算有需求？",
        (
            f"有需求：{_hints(need=True)}。",
            f"無需求：{_hints(need=False)}。",
            "有需求而還沒通報過，要先到「關懷e起來」通報，再把通報的時間與案號填進檢核單。",
            "無需求要寫三件事：家裡有沒有經濟困難、這次為什麼取餐、家裡有沒有提供餐點。",
        ),
        "CHK-4、CHK-5、CHK-7、CHK-9", HelpKind.CASE, (), ("有需求",),
    ),
    Topic(
        Intent.FAQ_DITTO,
        "說明可以寫「同上」嗎？",
        (
            "不可以。每張檢核單都是單獨的一件，要寫這一次的情形。",
            "只寫「同上」「如前次」送不出去；與同一位兒少上一張一模一樣時，會先請您確認。",
        ),
        "CHK-8", HelpKind.CASE, (), ("同上",),
    ),
)  # fmt: skip

_REPLIES = (
    Topic(
        Intent.FAQ_REPLY_DAYS,
        "派案幾天內要回覆？",
        (
            "從派案日的隔天算第 1 天，第 {reply_days} 天結束前要回，假日也算，遇連假不順延。",
            "例：111/07/28 派案，要在 111/08/07 以前回覆。",
            "輸入「回覆期限」加派案日（例如「回覆期限 111/07/28」），可以幫您算。",
        ),
        "REPLY-1", HelpKind.CASE, (choices.DUTIES, choices.WORKING), ("回覆天數",),
    ),
    Topic(
        Intent.FAQ_TWO_UNITS,
        "為什麼同一案派給兩個單位？",
        (
            "一個案家的需要可能不只一種，所以可以同時派給幾個單位，也可以再派給同一個單位。",
            "每一次派案各自計算，所以別的單位回了，您的單位還是要回自己的那一份。",
            "再次派案會重新起算：工作紀錄的區間與結案的六個月都從最後一次派案日算。",
        ),
        "REPLY-0、REC-8", HelpKind.CASE, (choices.DUTIES,), ("重複派案",),
    ),
    Topic(
        Intent.FAQ_ASSESSMENT,
        "評估單要寫嗎？",
        (
            "回覆單每一件都要寫；評估單只在派案單註明需要時才寫，而且要先送出，才能送回覆單。",
            "「存檔」還可以改；「送出」之後就不能再修改，請確認後再送。",
            "評估單不算工作紀錄。",
        ),
        "REPLY-3、REC-2", HelpKind.CASE, (choices.DUTIES,), ("評估表",),
    ),
    Topic(
        Intent.FAQ_NOT_OPENING,
        "不開案要怎麼寫？",
        (
            "至少勾一項原因，並在補充說明寫清楚為什麼。",
            "拒絕服務、無意願、找不到人、不配合、休學，不能單獨當作理由；要說明評估後沒有脆弱家庭情事。",
            "聯繫結果不論接不接案都要填。",
        ),
        "REPLY-4、REPLY-7、REPLY-12", HelpKind.CASE, (), ("不接案",),
    ),
    Topic(
        Intent.FAQ_OPENING_KIND,
        "新接案、重新開案怎麼分？",
        (
            "新接案：貴單位在這裡從來沒開過這個案家。重新開案：開過、結案了，現在再開。",
            "處理中個案：貴單位現在就開著這個案家；學校自己的輔導系統不算。",
            "系統知道哪一種才對，選錯會告訴您。",
        ),
        "REPLY-6", HelpKind.CASE, (SERVICES,), ("重新開案", "新接案"),
    ),
    Topic(
        Intent.FAQ_OTHER_CHILD,
        "案主不是我們的學生？",
        (
            "通報單以通報時的案主命名，內容不能改；派給您服務的可能是他的手足。",
            "請看派案單補充說明上的服務對象，以那位學生回覆；這裡的清單也會寫出服務對象。",
        ),
        "REPLY-9、REPLY-15", HelpKind.CASE, (choices.CASE,), ("服務對象",),
    ),
    Topic(
        Intent.FAQ_RETURNED,
        "被退件怎麼辦？",
        (
            "看退件原因，改好再送一次就可以；退件也有期限，過了就是逾期退件。",
            "回覆單：退回後 {returned_reply_days} 天內；檢核單：退回後 {returned_check_hours} 小時內。",
            "輸入「被退件」或「退件」看是哪幾件。結案單被退，請輸入「結案被退件」。",
        ),
        "REPLY-11、CHK-10", HelpKind.CASE, (choices.DUTIES,),
    ),
    Topic(
        Intent.FAQ_OVERDUE,
        "逾期的案件怎麼辦？",
        (
            "逾期了仍然要回，回了才會從清單上消失。",
            "在原系統點數字卻看不到案件，多半是受理日期的條件擋住了：把日期清空再點一次。",
            "這裡的數字與清單一定一樣，再久以前的也列得出來。",
        ),
        "DUTY-1、DUTY-2", HelpKind.CASE, (choices.DUTIES,), ("逾期",),
    ),
    Topic(
        Intent.FAQ_LIGHTS,
        "燈號是什麼意思？",
        (
            "案件燈：紅是還有單位沒回覆；黃是都回了，至少一個單位開案中；綠是沒有單位開案了。",
            "教育燈看最近一次工作紀錄的就學情形：穩定是綠、正趨穩定是黃、不穩定是紅。",
            "教育燈要是綠燈，才能以「已無情事」結案。",
        ),
        "REC-6、REC-7、CLOSE-2", HelpKind.CASE, (choices.CASE,), ("紅燈", "黃燈", "綠燈"),
    ),
)  # fmt: skip

_RECORDS = (
    Topic(
        Intent.FAQ_WINDOWS,
        "工作紀錄多久要一筆？",
        (
            "從最後一次派案日起，每 {window_days} 天一個區間，每個區間至少一筆，寒暑假也一樣。",
            "看的是服務日期，不是登打日期；漏掉的可以補登當時做過的服務。",
            "評估單與回覆單不算。每月 1 日會查之前結束的區間有沒有缺。",
        ),
        "REC-1、REC-2、REC-3", HelpKind.CASE, (choices.DUTIES,), ("工作紀錄",),
    ),
    Topic(
        Intent.FAQ_RECORD_FORM,
        "工作紀錄怎麼寫？",
        (
            "要有：服務日期、方式、服務對象的姓名、至少一項服務內容、就學情形。補充說明可寫可不寫。",
            "服務對象要寫名字，寫「個案」「案主」「學生」不行，別人看不出是誰。",
            "請不要上傳或整份貼上輔導紀錄。",
        ),
        "REC-4", HelpKind.CASE,
    ),
)  # fmt: skip

_CLOSINGS = (
    Topic(
        Intent.FAQ_CLOSING_RULES,
        "什麼情況可以結案？",
        (
            "已無情事：最後一次派案起滿 {months} 個月、就學穩定、工作紀錄沒有缺，三項都要符合。",
            "例：112/08/31 最後一次派案，113/02/29 滿 {months} 個月。",
            "學籍不在校（轉學、放棄學籍）與應屆畢業另有規定。輸入「可以結案嗎」加編號，會逐項告訴您。",
        ),
        "CLOSE-1、CLOSE-2、CLOSE-11", HelpKind.CASE, (CLOSING,), ("結案規定",),
    ),
    Topic(
        Intent.FAQ_LEAVE,
        "學生休學了怎麼辦？",
        (
            "休學仍有學籍，還是貴校的學生：要繼續追蹤，工作紀錄照寫。",
            "休學不能當作結案的理由，也不能單獨當作不開案的理由。",
        ),
        "REPLY-12、CLOSE-3", HelpKind.CASE, (CLOSING,),
    ),
    Topic(
        Intent.FAQ_TRANSFER,
        "學生轉學了怎麼辦？",
        (
            "轉學或放棄學籍，請在當月提出結案申請，期限是那個月的最後一天。",
            "還有情事而接手的單位不在案，要先再通報；已在案的，用電話交接並記下單位與日期。",
            "還有手足在貴校而情事未解除，不能結案，改追蹤手足。",
        ),
        "CLOSE-3、CLOSE-5、CLOSE-6", HelpKind.CASE, (CLOSING, Say(label="再通報", text="再通報")), ("放棄學籍",),
    ),
    Topic(
        Intent.FAQ_GRADUATION,
        "畢業生什麼時候結案？",
        (
            "畢業前服務未滿 {months} 個月、就學不穩定或正趨穩定、還有情事，只要有一項，就追蹤到當年 7/31。",
            "追蹤到 7/31 的，工作紀錄要寫到 7 月，之後才能申請結案。",
            "以上都沒有，畢業時就照一般條件結案。7/31 以前再通報，會派回原校。",
        ),
        "CLOSE-4、CLOSE-5", HelpKind.CASE, (CLOSING,), ("7/31", "7月31日", "應屆畢業"),
    ),
    Topic(
        Intent.FAQ_REPORT_AGAIN,
        "什麼時候要再通報？",
        (
            "學生轉學、畢業追到 7/31 或搬到外縣市，還有情事而接手的單位不在案：先再通報，再結案。",
            "不用再通報：情事已解除；接手的單位已在案（用電話交接並記下）；只剩就學議題、升大專或外縣市學校（用教育部的轉銜系統）。",
            "大專校院與外縣市學校不能派案，外縣市的案家只派社政。開案中有新事件，也是到「關懷e起來」再通報。",
        ),
        "CLOSE-5、REPLY-13、REC-8", HelpKind.CASE, (), ("轉銜",),
    ),
    Topic(
        Intent.FAQ_SIBLINGS,
        "還有手足在校怎麼辦？",
        (
            "情事已解除：可以結案，結案單要寫手足的就學與受照顧情形。",
            "情事未解除：不能結案，改為追蹤在校的手足，工作紀錄繼續寫。",
            "同一案家的孩子在同一份服務歷程裡，以最早通報的孩子命名。",
        ),
        "CLOSE-6", HelpKind.CASE, (CLOSING,), ("兄弟姊妹",),
    ),
    Topic(
        Intent.FAQ_RETURNED_CLOSURE,
        "結案單被退怎麼辦？",
        (
            "看退件原因，{returned_closure_days} 天內改好再送；結案日期也要一起改，不能早於最後一筆工作紀錄。",
            "還不到可以結案的時候，就把結案單刪除，案件會回到處理中，繼續服務。",
            "輸入「督導退件」看是哪幾件。",
        ),
        "CLOSE-8、CLOSE-9", HelpKind.CASE, (CLOSING, SERVICES),
    ),
    Topic(
        Intent.FAQ_CLOSING_FORM,
        "結案單怎麼寫？",
        (
            "至少勾一項結案原因；摘要寫三段：現況（就學、受照顧、去向、手足）、提供的服務、目標達成與情事是否解除。",
            "三段都不能空白，合計最多 {summary} 字。",
            "結案日期與最後一筆工作紀錄同一個月，而且不早於它；當月的工作紀錄要先寫。",
        ),
        "CLOSE-7、CLOSE-8", HelpKind.CASE, (CLOSING,), ("結案單",),
    ),
)  # fmt: skip

GROUPS: dict[str, tuple[Topic, ...]] = {
    "帳號與聯絡": _ACCOUNTS,
    "幸福保衛站檢核": _CHECKS,
    "派案與回覆": _REPLIES,
    "工作紀錄": _RECORDS,
    "結案": _CLOSINGS,
}
TOPICS: tuple[Topic, ...] = tuple(topic for group in GROUPS.values() for topic in group)
