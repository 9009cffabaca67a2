"""設定: what a person has chosen, and the words that change it."""

from __future__ import annotations

from datetime import time

from core.accounts.models import CodeChannel
from core.accounts.preferences import Preferences
from core.cards import Answer, Card, Line, Row, Say, Text, said
from core.language.models import Language
from handlers.chat.views import choices

TIME_EXPECTED = "請輸入時間，例如 08:30 或 8點半。"
TIME = Say(label="改提醒時間", text="提醒時間")
LANGUAGE = Say(label="換語言", text="語言")
LANGUAGES = {each: Say(label=each.label, text=each.label) for each in Language}
_KEPT = {
    Language.CHINESE: "好的，之後都用中文。",
    Language.ENGLISH: "好的，之後都用英文。姓名、學校與您寫的內容不會翻譯。",
}
_SENT_TO = {
    CodeChannel.LINE: "好的，之後的驗證碼送到 LINE（這個聊天室）。",
    CodeChannel.MAIL: "好的，之後的驗證碼寄到您登記的信箱。",
}
TO_LINE = Say(label="驗證碼用 LINE", text="驗證碼用LINE")
TO_MAIL = Say(label="驗證碼用信箱", text="驗證碼用信箱")


def shown(chosen: Preferences) -> Answer:
    """Return what is chosen now, with the words that change it."""
    by_line = chosen.code_channel is CodeChannel.LINE
    where = "LINE（這個聊天室）" if by_line else f"信箱 {chosen.address}"
    other = TO_MAIL if by_line else TO_LINE
    card = Card(
        title="設定",
        preview="這裡是您目前的設定。",
        blocks=(
            Row(label="每日提醒", value=f"工作日 {chosen.digest_at:%H:%M}，有事才通知"),
            Row(label="驗證碼送到", value=where),
            Row(label="語言", value=chosen.language.label),
            Line(text=f"要改請輸入「{TIME.text}」、「{other.text}」或「{LANGUAGE.text}」。"),
            Line(text="提醒都送到這個聊天室；LINE 送不到的才寄到信箱。", quiet=True),
            Line(text="綁定、設定密碼與申請展延的驗證碼，為了安全一律寄到信箱。", quiet=True),
        ),
        actions=(TIME, other, LANGUAGE),
    )
    return said(card, choices=(TIME, other, LANGUAGE, choices.MENU))


def channel_kept(chosen: Preferences) -> Answer:
    """Return where codes go from now on, and what is chosen now."""
    now = shown(chosen)
    return Answer(messages=(Text(text=_SENT_TO[chosen.code_channel]), *now.messages), choices=now.choices)


def languages() -> Answer:
    """Return the question for the language: each language by its own name, so that whoever is lost finds home."""
    return said("要用哪一種語言？請選一個，或輸入「中文」或「English」。", choices=(*LANGUAGES.values(), choices.MENU))


def language_kept(language: Language) -> Answer:
    """Return which language is spoken from now on; the word for the other one is offered under it."""
    other = next(say for each, say in LANGUAGES.items() if each is not language)
    return said(_KEPT[language], choices=(choices.MENU, other))


def time_question() -> Answer:
    """Return the question for the time of the daily digest."""
    text = "每天幾點提醒您？請輸入 07:30 到 21:00 之間的時間，例如 08:30。不改了，請輸入「取消」。"
    return said(text, choices=(choices.CANCEL, choices.MENU))


def time_kept(at: time) -> Answer:
    """Return when the daily digest comes from now on."""
    return said(f"好的，之後工作日 {at:%H:%M} 提醒您（有事才通知）。新檢核、退件等急件仍會即時通知。")
