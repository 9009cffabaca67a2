"""What staff ask about checks and dispatches, answered from the rule book in the bot's words."""

from __future__ import annotations

from core.cards import Say
from core.checks.kinds import COUNT_AS_NEED, NeedHint
from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import Topic

SERVICES = Say(label="個案清單", text="個案清單")


def _hints(*, need: bool) -> str:
    return "、".join(hint.label for hint in NeedHint if (hint in COUNT_AS_NEED) is need)


CHECKS = (
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
            "不是本校學生，就勾「非本校學生」，知道學校就填；需求只有本校學生要評估。",
        ),
        "CHK-3、CHK-4、CHK-5、CHK-7、CHK-9", HelpKind.CASE, (), ("有需求",),
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

REPLIES = (
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
            "每一次派案各自計算，所以別的單位回了，您的單位還是要回自己的那一份。慈輝班的學生會派給兩校，也是各自回覆。",
            "再次派案會重新起算：工作紀錄的期間與結案的 6 個月都從最後一次派案日算。",
        ),
        "REPLY-0、REC-8", HelpKind.CASE, (choices.DUTIES,), ("重複派案",),
    ),
    Topic(
        Intent.FAQ_ASSESSMENT,
        "評估單要寫嗎？",
        (
            "回覆單每一件都要寫；評估單只在派案單註明需要時才寫，而且要先送出，才能送回覆單。",
            "「存檔」還可以改；「送出」之後就不能再修改，請確認後再送。",
            "有沒有註明，看派案單的補充說明；那裡問到親職教育的，回覆單也要寫有沒有提供。評估單不算工作紀錄。",
        ),
        "REPLY-3、REPLY-10、REC-2", HelpKind.CASE, (choices.DUTIES,), ("評估表",),
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
            "接案要填主責人員；補充說明寫通報後的現況、就學與受照顧情形、學校提供的資源。想建議其他單位，也寫在這裡。",
        ),
        "REPLY-5、REPLY-6、REPLY-8", HelpKind.CASE, (SERVICES,), ("重新開案", "新接案"),
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
        "DUTY-1、DUTY-2", HelpKind.CASE, (choices.DUTIES,), ("逾期怎麼辦",),
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
    Topic(
        Intent.FAQ_REPORT_FORM,
        "通報表在哪裡填？",
        (
            "在「關懷e起來」（https://ecare.mohw.gov.tw）線上填，不用下載表單。",
            "送出後記下通報的時間與案號，檢核單和結案單會用到。",
            "自殺防治等另有通報表的，請問校內負責的同仁，或輸入「聯絡電話」。",
        ),
        "CHK-5、REC-8", HelpKind.CASE, (Say(label="聯絡電話", text="聯絡電話"),), ("通報單",),
        with_hotlines=True,
    ),
)  # fmt: skip
