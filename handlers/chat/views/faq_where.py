"""What staff ask about where things are done, and about who is not to be reached, from the rule book and the manual."""

from __future__ import annotations

from core.cards import Say
from core.helpdesk.models import HelpKind
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import Topic

WHERE = (
    Topic(
        Intent.FAQ_REPLY_FORM,
        "回覆單、紀錄要在哪裡填？",
        (
            "都在社政系統網站填，這裡只看得到期限與進度，不能代填。",
            "回覆單與評估單：左側【P121W 派案/回覆作業】，點「待回覆」的數字，再按「點我查閱」開啟表單。",
            "工作紀錄與結案單：左側【P131 服務歷程清單】，點「處理中個案」，再按「編輯」。",
            "檢核單：左側【P001 幸福保衛站】的【P002L 分案檢核作業】。",
            "左側沒有這個選項，多半是少了權限，請輸入「可以申請哪些權限」。",
        ),
        "REPLY-3、REC-4、CHK-2", HelpKind.CASE, (choices.DUTIES,), ("在哪裡填",),
    ),
    Topic(
        Intent.FAQ_UNREACHABLE,
        "聯絡不到案家怎麼寫？",
        (
            "聯繫結果一定要填：聯絡不到或不讓訪視，就選聯繫不到，並寫明原因。",
            "請寫清楚每一次的日期、時間、方式與對方的反應，例如電話沒人接、到家沒人在。",
            "找不到人、拒絕、不配合不能單獨當作不開案的理由，要說明評估後沒有脆弱家庭情事。",
            "覺得孩子可能有危險，不必等，請直接撥 110 或 113。",
        ),
        "REPLY-4、REPLY-7", HelpKind.CASE, (Say(label="不開案", text="不開案"),), ("聯絡不到",),
        with_hotlines=True,
    ),
    Topic(
        Intent.FAQ_DESK,
        "客服在哪裡回覆提問？",
        (
            "在管理台的「客服」：點一件提問，就能回覆、轉給同仁、寫內部註記、標記解決。",
            "常用的話存成罐頭回覆；內部註記只有客服看得到。",
            "信箱變更、展延與權限的申請，在管理台的「申請審核」。",
            "使用者說有危險時，先請他撥 110、113 或 1925，再繼續對話。",
        ),
        "HELP-4、HELP-5、HELP-6", HelpKind.OTHER, (Say(label="客服提問", text="客服提問"),), (),
        with_hotlines=True,
    ),
)  # fmt: skip
