"""What people say to somebody who just helped them: 好, 嗯, 沒事了, 在嗎, 這是什麼, 確定. Never 「看不懂」 to these."""

from __future__ import annotations

import re

from core.cards import Answer
from handlers.chat import welcome
from handlers.chat.turn import Turn
from handlers.chat.views import fallback
from handlers.chat.views import welcome as views
from handlers.chat.words import is_consent, normal

_ENDS = "[了啦喔哦吧啊唷囉齁欸~!,。]*"
_AT_EASE = re.compile(
    "(?:(?>(?:那個|那|就|我|先|都|真的|欸)*+(?:好+[的滴啊喔哦啦吧]?|OKAY|OK+|KK|[嗯恩喔哦噢]+|收到|了解|瞭解|知道|懂|明白|原來如此|沒事|沒了|沒有|不用|不必|不要|不需要"
    "|可以|這樣就好|這樣|沒問題|太好|掰+|拜拜|BYE+|讚|[👍👌🙏😊❤]+|GOTIT|ISEE|ALRIGHT|FINE|NOPE|NO|YES"
    "|謝+[你您]?|感謝|感恩|辛苦|放著|擱著|看到|明天再說|(?:要|就|可以)?(?:下班|收工|先走|先忙|休息)|先這樣|[哈嘻呵]{2,}|ㄏ{2,}|XD+)[了啦喔哦吧啊唷囉齁欸~!,。]*+))++"
)
"""One or several of them in a row: 好了好了我知道了謝謝不用了. Nothing of it is tried twice, however long."""
_BETWEEN = re.compile(r"[\s,，。、!！~]+")
_HERE = re.compile(
    f"(?:(?:你|妳|您|小幫手)?(?:還|有)?在不?(?:在|嗎|線上嗎)[啊呢]*{_ENDS}){{1,3}}|ANYONETHERE|AREYOUTHERE"
)
_WHO = re.compile(
    "(?:請問)?[你妳您](?:是|算)?(?:不是|是)?(?:誰|什麼東?西?|哪位|(?:機器人|真人|人|AI|電腦|程式|自動(?:回覆|回復)的?)(?:還是.{1,6})?)[嗎啊吧呢喔]*"
    "|(?:請問)?[這你妳您]?[個們]?(?:BOT|機器人|小幫手|程式|帳號|官方帳號)?是?(?:誰|哪個?單位|哪一?家?公司)[^,。]{0,3}(?:做|開發|設計|寫|維護|經營)的?[啊呢]*"
    "|AREYOU(?:AROBOT|ABOT|HUMAN|AHUMAN|REAL|APERSON)|WHOAREYOU"
)
_WHAT = re.compile(
    "(?:請問)?[這那](?:個|裡|邊)?(?:是|要)?(?:什麼|甚麼|啥|幹嘛|幹麻)(?:東西|東東|帳號|地方|機器人|功能)?用?的?[啊呢嗎阿]*"
    "|WHAT(?:IS|S|')*(?:THIS|IT)"
)

_SORRY = "(?:SORRY|抱歉|不好意思|剛剛|剛才|上面|斷線了?|沒訊號|[,，。、我你妳您])*+"
_ONCE_MORE = "(?:可以|能|能不能|可不可以|請|麻煩)?再?[說講回傳]一[次遍]"
_MISSED = re.compile(
    f"{_SORRY}(?:[說講回寫傳]的?(?:話|內容)?)?(?:[那這上][個些段句則]?)?[我都]*"
    f"(?:看不懂|沒看懂|沒看到|沒看清楚|聽不懂|[回說講傳寫]了?(?:什麼|啥)|{_ONCE_MORE})[,，。、]*(?:{_ONCE_MORE})?[嗎吧呢啊]*"
)
_SLIP = re.compile(
    f"{_SORRY}[打按傳說講]錯(?:字|了|人|地方)*[,，。、]*(?:剛剛|剛才|上面|前面)?[那這]?[個句則些]?(?:不算|當沒看到|請?忽略|不是|取消|收回)?{_ENDS}"
)


def answered(turn: Turn, text: str) -> Answer | None:
    """Return what is said to small talk; None: it is none."""
    compared = normal(text)
    if about := _about_us(turn, compared):
        return about
    if _MISSED.fullmatch(compared):
        return views.said_above(turn.dialog.seen.about)
    if _SLIP.fullmatch(compared):
        return views.never_mind()
    if is_consent(text):
        return fallback.nothing_to_confirm(is_bound=turn.account is not None)
    is_at_ease = all(_AT_EASE.fullmatch(each) for each in re.split("[,，。、]+", compared) if each)
    return views.at_ease() if is_at_ease else None


def behind_assent(text: str) -> str:
    """Return what is said behind an assent: 還有別的嗎 of 我知道了 還有別的嗎; empty where nothing is."""
    first, *more = _BETWEEN.split(text.strip(), maxsplit=1)
    return more[0].strip() if more and _AT_EASE.fullmatch(normal(first)) else ""


def _about_us(turn: Turn, compared: str) -> Answer | None:
    """Return what is said to who asks what this is, or whether anybody is here."""
    if _WHAT.fullmatch(compared) and turn.account is None:
        return views.welcome()
    if _WHO.fullmatch(compared) or _WHAT.fullmatch(compared):
        return views.who_i_am()
    return welcome.greeted(turn) if _HERE.fullmatch(compared) else None
