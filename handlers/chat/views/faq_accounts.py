"""What staff ask about accounts, codes, reminders and whom to call, answered from the rule book in the bot's words."""

from __future__ import annotations

from core.accounts.registration.refusals import PRIVATE_SCHOOLS
from core.helpdesk.models import HelpKind
from core.helpdesk.words import HELPDESK_HOURS, HELPDESK_PHONE
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import BUREAU, CENTER, Topic

BEFORE_DUE = "到期前的提醒：派案回覆 {reply_before}；檢核單 {check_before}；工作紀錄 {record_before}。"

ACCOUNTS = (
    Topic(
        Intent.FAQ_MAY_APPLY,
        "可以申請哪些權限？",
        (
            "學校只能申請兩項：90097（各局處社工）與 2462（幸福保衛站檢核作業）。",
            "90097 用來回覆派案、寫工作紀錄與結案；2462 用來回檢核單。其他代碼不開放學校申請。",
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
            "原承辦人經手過的紀錄都留著，服務歷程不會中斷。",
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
            "先用帳號密碼登入，到「個人帳號管理」綁定，之後才能用憑證與 PIN 碼登入；PIN 碼連錯 3 次，卡片會鎖住。",
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
            "系統網址 https://social.ntpc.gov.tw，請自行輸入，搜尋引擎上的連結常常是錯的。",
            "客服時間以外留言也可以，會告訴您預計什麼時候回覆。",
        ),
        "HELP-1", HelpKind.OTHER, (), ("聯絡方式", "分機"),
    ),
    Topic(
        Intent.FAQ_REMINDERS,
        "什麼時候會提醒？",
        (
            "一般提醒每個工作日 {digest_at} 合成一則；新檢核單、退件與當天到期的會即時通知。",
            BEFORE_DUE,
            "{quiet_from} 到 {quiet_until} 之間只送驗證碼、進行中的對話與緊急狀況。",
            "有指定承辦人就通知承辦人，沒有就通知單位裡有權限的人。",
        ),
        "DUTY-4、DUTY-5", HelpKind.OTHER, (choices.SETTINGS,), ("提醒規則",),
    ),
)  # fmt: skip
