"""What staff ask about the codes of permissions and accounts, answered from the rule book in the bot's words."""

from __future__ import annotations

from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import Topic

CODES = (
    Topic(
        Intent.FAQ_PERMISSION_CODES,
        "權限代碼各是什麼？",
        (
            "學校與社工用的：90097 各局處社工（回覆派案、寫工作紀錄、結案），2462 幸福保衛站檢核作業（回檢核單）。",
            "局處用的：90098 各局處督導（審核與退件），90099 各局處窗口。90100 市府權限（市府端使用）。",
            "9003 是高風險多維度分析，只限市府內網。2461 是幸福保衛站通報作業。",
            "學校只能申請 90097 與 2462，由社會局審核；您有哪些，輸入「申請權限」可看。",
        ),
        "ACC-4", HelpKind.PERMISSION, (choices.PERMISSIONS,),
    ),
    Topic(
        Intent.FAQ_ACCOUNT_CODE,
        "帳號怎麼編？跟身分證有關嗎？",
        (
            "社政系統的帳號是 2 個英文字母加 4 個數字，例如 AB1234；4 個數字是您身分證統號的末四碼。",
            "帳號不是整組身分證統號，請不要把統號傳到聊天室。忘記自己的帳號，請問客服。",
        ),
        "ACC-1", HelpKind.LOGIN, (choices.REGISTRATION,),
    ),
)  # fmt: skip
