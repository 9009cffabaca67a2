"""常見問題: answers from the rule book, to everybody; each question is a word, and the recogniser finds them too."""

from __future__ import annotations

import re
from datetime import date

from core.cards import Answer
from core.dates import ROC_OFFSET, parse_date
from core.errors import InvalidInput
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import faq as views
from handlers.chat.views.faq_topic import Topic
from handlers.chat.views.faq_topics import TOPICS

router = Router()
_BY_INTENT = {topic.intent: topic for topic in TOPICS}
_REPLY_DAYS = _BY_INTENT[Intent.FAQ_REPLY_DAYS]
_ASKED_DAY = re.compile(rf"{_REPLY_DAYS.word}:?([0-9].{{2,20}})")
_NO_YEAR = re.compile(r"(1[0-2]|0?[1-9])[月/.-](3[01]|[12][0-9]|0?[1-9])[日號]?")


@router.says("常見問題", "常見問答", "問答集", "FAQ", "Q&A", "QA", gate=Gate.EVERYBODY)
def questions(_: Turn) -> Answer:
    """Show what is asked often."""
    return views.listed()


def _answers(topic: Topic) -> None:
    """Let a question's words lead to its answer."""

    @router.says(topic.word, *{topic.title, *topic.also}, gate=Gate.EVERYBODY)
    def topic_answer(turn: Turn) -> Answer:
        return views.answered(topic, turn.ctx.policy)


for _topic in TOPICS:
    _answers(_topic)


def asked_day(text: str) -> str | None:
    """Return the day in a normal text like 回覆期限111/07/28, as it is written; None: it asks for none."""
    found = _ASKED_DAY.fullmatch(text)
    return found[1] if found else None


def read_day(written: str, today: date) -> date | None:
    """Return a written day of dispatch; without a year it is the last such day up to today. None: there is none."""
    short = _NO_YEAR.fullmatch(written)
    if short is None:
        return _parsed(written)
    days = (_parsed(f"{year - ROC_OFFSET:03d}/{short[1]}/{short[2]}") for year in (today.year, today.year - 1))
    return next((day for day in days if day and day <= today), None)


@router.matches(asked_day, gate=Gate.EVERYBODY)
def reply_due(turn: Turn, written: str) -> Answer:
    """Reckon the reply's last day from a day of dispatch; where none can be read, say the rule."""
    day = read_day(written, turn.ctx.today)
    return views.reply_due(_REPLY_DAYS, day) if day else views.answered(_REPLY_DAYS, turn.ctx.policy)


def _parsed(written: str) -> date | None:
    try:
        return parse_date(written)
    except InvalidInput:
        return None
