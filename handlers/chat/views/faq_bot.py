"""What staff ask about the bot itself and about each other: who is told, who reads along, what was sent by mistake."""

from __future__ import annotations

from core.cards import Say
from core.helpdesk.models import HelpKind
from core.helpdesk.words import HELPDESK_PHONE
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_accounts import BEFORE_DUE
from handlers.chat.views.faq_topic import Topic

WHO = Say(label="誰是窗口", text="誰是窗口")
MAY_APPLY = Say(label="可以申請哪些權限", text="可以申請哪些權限")

BOT = (
    Topic(
        Intent.FAQ_WORDS,
        "這些單子差在哪？",
        (
            "派案：中心把一件通報交給您的單位，要在 {reply_days} 天內訪視、聯繫並回覆。",
            "回覆單：每件派案都要寫，說明接不接案。評估單：派案單註明需要才寫，先送出才能送回覆單。",
            "檢核單：孩子在超商取餐，學校要在 {check_hours} 小時內查明原因並回報。",
            "工作紀錄：開案後每 {window_days} 天至少一筆。結案單：不再需要服務時送出。",
            "退件：督導請您補正，改好再送一次。90097、2462 這些數字是權限代碼。",
        ),
        "REPLY-1、REPLY-3、CHK-1、REC-1", HelpKind.CASE, (choices.DUTIES, MAY_APPLY), ("派案是什麼",),
    ),
    Topic(
        Intent.FAQ_CORRECT,
        "送錯了可以收回嗎？",
        (
            "回覆單、結案單與檢核單送出後，自己不能收回：還沒審的請督導退件，改好再送一次。已經審核通過的不能再改，請問客服。",
            "評估單送出後不能再改；「存檔」的都還可以改。工作紀錄在個案結案前可以自己更正。",
            "展延、信箱與權限的申請，審核前可以撤回：輸入「我的申請」。",
            "在 LINE 傳錯的訊息，按住選「收回」，這裡與客服那邊也會一起刪掉。",
        ),
        "REPLY-3、REPLY-11、CLOSE-9、CHK-10", HelpKind.CASE, (WHO, choices.REQUESTS), ("送錯了",),
    ),
    Topic(
        Intent.FAQ_WRONG_UNIT,
        "派錯單位怎麼辦？",
        (
            "派案當天可以改派給真正負責的單位，期限不變：請窗口或中心處理。",
            "過了當天，由收到派案的單位回覆：不開案並轉介，寫明轉到哪個單位。別的單位不能代填回覆單。",
            "大專院校與外縣市的學校不能派案；外縣市的案家只能派給社政單位。",
        ),
        "REPLY-5、REPLY-13、REPLY-16", HelpKind.CASE, (WHO,), ("派錯單位",),
    ),
    Topic(
        Intent.FAQ_COLLEAGUE,
        "可以幫我提醒別人嗎？",
        (
            "我不會用您的名義傳話給同事，也不記私人行程；該提醒承辦人的，時間到了會自己提醒。",
            BEFORE_DUE,
            "逾期太久會轉知督導或窗口；單位沒有人收得到，也會告訴窗口。",
            "要催或要說明，請直接聯絡對方；要他補正，請督導在管理台退件並寫原因，他會馬上收到。",
        ),
        "DUTY-4、DUTY-5", HelpKind.OTHER, (choices.DUTIES, WHO), ("幫我提醒同事",),
    ),
    Topic(
        Intent.FAQ_DEPUTY,
        "請假時誰代收提醒？",
        (
            "待辦是單位的：同單位有權限的同事輸入「待辦」，看到的是同一份清單，用自己的帳號就能處理，不能共用帳號。",
            "指定了承辦人的案件，提醒仍先找他；他停用、沒有權限或收不到時，才通知單位裡其他有權限的人。",
            "請長假請管理員更換承辦人，期限不變，提醒會改找新的人。",
        ),
        "DUTY-4、ACC-9", HelpKind.PERMISSION, (Say(label="換承辦人", text="換承辦人"),), ("職務代理",),
    ),
    Topic(
        Intent.FAQ_WHO_READS,
        "誰看得到我打的字？",
        (
            "平常輸入的只有程式讀，加密保存約 {inbox_days} 天後刪除；同事、督導與主管看不到。",
            "輸入「客服」之後寫的，客服同仁看得到，直到那件提問結束。",
            "查了哪些案件會留下查詢紀錄。在群組裡我不回答案件，請在一對一的聊天裡問。",
        ),
        "ACC-10、HELP-5", HelpKind.OTHER, (choices.SETTINGS,), ("隱私",),
    ),
    Topic(
        Intent.FAQ_NOT_ME,
        "不是我登入的怎麼辦？",
        (
            f"請馬上撥系統客服 {HELPDESK_PHONE}，並到公務雲更改密碼；公務雲改了，這裡就要用新的。",
            "收到的驗證碼不要告訴任何人，不輸入就不會有人登入；它 {otp_minutes} 分鐘後自己失效。",
            "手機遺失請在另一支手機重新綁定，舊的會自動解除；或請客服解除。",
        ),
        "OTP-5、ACC-2", HelpKind.LOGIN, (choices.PERSON,), ("不是我登入",),
    ),
    Topic(
        Intent.FAQ_EXPORT,
        "怎麼匯出 Excel？",
        (
            "在管理台匯出，LINE 裡不傳名冊：打開任何一份清單，按「匯出 Excel」，填理由後下載。",
            "每個人只匯得出自己看得到的：承辦人是本單位，督導與窗口是所屬單位，中心是全部。",
            "姓名預設遮蔽；一次最多 {export_rows} 筆、一天最多 {exports_a_day} 次，每次都會記錄。",
        ),
        "ACC-10、DUTY-2", HelpKind.OTHER, (choices.DUTIES,), ("匯出Excel", "匯出"),
    ),
    Topic(
        Intent.FAQ_LETTERS,
        "字可以放大嗎？",
        (
            "字的大小由 LINE 決定：在 LINE 的「主頁」→「設定」→「聊天」→「字體大小」選大一點，卡片也會跟著放大。",
            "電腦版 LINE 在「設定」→「聊天」裡調整。",
            "管理台與網頁表單用瀏覽器放大：電腦按 Ctrl 與 +，手機用兩指撐開。",
        ),
        "", HelpKind.OTHER, (choices.SETTINGS,), ("字體大小",),
    ),
    Topic(
        Intent.FAQ_USER_BINDING,
        "怎麼幫使用者解除綁定？",
        (
            "在管理台「帳號查詢」找到帳號，按「手機遺失：解除 LINE 綁定」；他會收到信，登入也會結束。",
            "先確認是本人：請他從登記的信箱或電話聯絡。",
            "只是換手機不必解除：他用新手機綁定同一個帳號，舊的會自動解除。這裡輸入「解除綁定」，解的是您自己的。",
        ),
        "ACC-6、OTP-5", HelpKind.OTHER, (Say(label="客服提問", text="客服提問"),),
    ),
)  # fmt: skip
