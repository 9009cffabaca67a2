"""設定: when the daily digest comes, whether codes go to LINE or to the mailbox (OTP-4), and the language."""

from __future__ import annotations

import re
from datetime import time

from core.accounts.models import CodeChannel
from core.accounts.preferences import choose_code_channel, choose_digest_time, choose_language, preferences
from core.cards import Answer
from core.errors import InvalidInput
from core.inbox.speaking import speak
from core.language.models import Language
from handlers.chat.dialogs import Step
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import settings as views
from handlers.chat.words import counted, normal

router = Router()
_TIME = re.compile(r"([0-9]{1,2})(?:[:點時](?:([0-9]{1,2})分?|(半))?|([0-9]{2}))")
_AROUND = re.compile("^(?:那|就|改成?|我?想?要|每天|早上|上午|早晨)+|(?:鐘|整|好了?|吧|可以嗎|提醒我?|左右|謝謝|,)+$")
_LATER = re.compile("^(?:那|就|改成?|我?想?要|每天)*(?:下午|傍晚|晚上|晚間)")
_SPOKEN = re.compile("[一二兩三四五六七八九十]+(?=[點時分])")
HALF, NOON = 30, 12


def read_time(text: str) -> time:
    """Return a typed time of day: 08:30, 0830, 8點半, 晚上七點; raises ``InvalidInput`` that says what is accepted."""
    said = _SPOKEN.sub(lambda each: str(counted(each[0])), normal(text))
    later = NOON if _LATER.search(said) else 0
    found = _TIME.fullmatch(_AROUND.sub("", _LATER.sub("", said)))
    if found is None:
        raise InvalidInput(views.TIME_EXPECTED)
    minute = HALF if found[3] else int(found[2] or found[4] or 0)
    hour = int(found[1])
    try:
        return time(hour + (later if hour < NOON else 0), minute)
    except ValueError:
        raise InvalidInput(views.TIME_EXPECTED) from None


TIME = Step("settings", "time", views.time_question, read_time)


@router.says("設定", "我的設定", "偏好設定", "個人設定")
def settings(turn: Turn) -> Answer:
    """Show what is chosen."""
    return views.shown(preferences(turn.ctx))


@router.says("提醒時間", "每日提醒時間", "改提醒時間", "設定提醒時間")
def ask_time(turn: Turn) -> Answer:
    """Ask for the time of the daily digest."""
    return TIME.begin(turn)


@router.step(TIME)
def time_chosen(turn: Turn, at: time) -> Answer:
    """Keep the time."""
    choose_digest_time(turn.ctx, at)
    turn.dialog.leave()
    return views.time_kept(at)


@router.says("驗證碼用LINE", "驗證碼改LINE", "驗證碼改用LINE")
def codes_by_line(turn: Turn) -> Answer:
    """Send codes to LINE from now on."""
    choose_code_channel(turn.ctx, CodeChannel.LINE)
    return views.channel_kept(preferences(turn.ctx))


@router.says("驗證碼用信箱", "驗證碼改信箱", "驗證碼改用信箱", "驗證碼用電子郵件")
def codes_by_mail(turn: Turn) -> Answer:
    """Send codes to the mailbox from now on."""
    choose_code_channel(turn.ctx, CodeChannel.MAIL)
    return views.channel_kept(preferences(turn.ctx))


@router.says("語言", "換語言", "改語言", "切換語言", "language", gate=Gate.EVERYBODY)
def ask_language(_: Turn) -> Answer:
    """Ask for the language, in both."""
    return views.languages()


@router.says("English", "英文", "英語", "改英文", "切換英文", "說英文", "用英文", gate=Gate.EVERYBODY)
def english(turn: Turn) -> Answer:
    """Speak English from now on."""
    return _speak(turn, Language.ENGLISH)


@router.says("中文", "繁體中文", "正體中文", "Chinese", "國語", "改中文", "切換中文", "用中文", gate=Gate.EVERYBODY)
def chinese(turn: Turn) -> Answer:
    """Speak Chinese from now on."""
    return _speak(turn, Language.CHINESE)


def _speak(turn: Turn, language: Language) -> Answer:
    """Keep the language, of the account and of the person; this very answer is said in it."""
    speak(turn.ctx, turn.person, language)
    if turn.account:
        choose_language(turn.ctx, language)
    return views.language_kept(language)
