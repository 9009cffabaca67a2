"""What staff ask about work records and closing, answered from the rule book in the bot's words."""

from __future__ import annotations

from core.cards import Say
from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import Topic

SERVICES = Say(label="個案清單", text="個案清單")
CLOSING = Say(label="可以結案嗎", text="可以結案嗎")

RECORDS = (
    Topic(
        Intent.FAQ_WINDOWS,
        "工作紀錄多久要一筆？",
        (
            "從最後一次派案日起，每 {window_days} 天為一段期間，每段期間至少一筆，寒暑假也一樣。",
            "看的是服務日期，不是登打日期；漏掉的可以補登當時做過的服務。",
            "評估單與回覆單不算。每月 1 日會查之前結束的期間有沒有缺。",
        ),
        "REC-1、REC-2、REC-3", HelpKind.CASE, (choices.RECORDS,),
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

CLOSINGS = (
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
            "通報時寫明還有的風險、學校做過的協助、要轉介的單位與轉入的學校；結案單再寫通報的時間與序號。",
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
            "還不到可以結案的時候，可以先把內容登打成工作紀錄，再把結案單刪除，案件會回到處理中，繼續服務。",
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
    Topic(
        Intent.FAQ_SEMESTER,
        "新學期開始前要注意什麼？",
        (
            "看處理中的個案有沒有已經轉學或畢業、學籍不在貴校的：工作紀錄補齊後，儘快申請結案；還有手足在校就改服務手足。",
            "工作紀錄不足的要補齊，被退的結案單照退件說明改好，讓督導退件的數字歸零。",
            "每學期開始前，系統會請每個單位檢視一次，並列出已知要處理的。",
        ),
        "CLOSE-12、REC-1、CLOSE-9", HelpKind.CASE, (SERVICES, choices.RECORDS), ("開學前", "新學期"),
    ),
)  # fmt: skip
