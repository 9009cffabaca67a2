"""常見問題: the list of what staff ask, and one answer, with its rules' numbers and the way to a person."""

from __future__ import annotations

from datetime import date, timedelta

from core.accounts.rules import SESSION_IDLE, WRONG_PASSWORDS
from core.buttons import AskHelp
from core.cards import Action, Answer, Card, Deck, Line, Press, Rule, Say, Step, said
from core.checks.rules import CHECK_HOURS
from core.closures.form import SUMMARY_AT_MOST
from core.closures.rules import FOLLOWED_MONTHS
from core.dispatches.rules import REPLY_DAYS, due_on
from core.due_words import roc_day
from core.duties.plans import DutyKind, ReminderPlan
from core.helpdesk.words import HOTLINES
from core.otp.rules import DIGITS, TRIES
from core.policy import Policy
from core.records.rules import WINDOW_DAYS
from handlers.chat.views import choices
from handlers.chat.views.faq_topic import Topic
from handlers.chat.views.faq_topics import GROUPS

ALL = Say(label="常見問題", text="常見問題")


def listed() -> Answer:
    """Return every question, by group; each is a word to tap or type."""
    preview = "這裡是常見問題，可以點選或直接輸入。"
    cards = tuple(
        Card(title=name, preview=preview, actions=tuple(_ask(topic) for topic in topics))
        for name, topics in GROUPS.items()
    )
    head = "點下面的問題，或直接用一句話問，例如「檢核單要多久內回」。"
    return said(head, Deck(preview=preview, cards=cards), choices=(choices.PERSON, choices.MENU))


def answered(topic: Topic, policy: Policy) -> Answer:
    """Return the answer to one question."""
    facts = _facts(policy)
    first, *more = (line.format_map(facts) for line in topic.lines)
    card = Card(
        title=topic.title,
        preview=f"這裡回答：{topic.title}",
        blocks=(
            Line(text=first, strong=True),
            *(Line(text=line) for line in more),
            *((Line(text=HOTLINES, quiet=True),) if topic.with_hotlines else ()),
            *((_rules(topic),) if topic.rules else ()),
        ),
        actions=_ways_on(topic),
    )
    return said(card, choices=(ALL, choices.MENU))


def reply_due(topic: Topic, dispatched_on: date) -> Answer:
    """Return by when a dispatch of a day is to be answered, step by step (REPLY-1)."""
    last = due_on(dispatched_on)
    card = Card(
        title=topic.title,
        preview="這裡是回覆期限的算法。",
        blocks=(
            Step(label="派案日（不算）", value=roc_day(dispatched_on)),
            Step(label="第 1 天", value=roc_day(dispatched_on + timedelta(days=1))),
            Step(label=f"第 {REPLY_DAYS} 天", value=roc_day(last)),
            Step(label="最後時刻", value="當天 24:00"),
            Rule(),
            Line(text="假日照算，最後一天遇到假日也不順延。"),
            _rules(topic),
        ),
        actions=_ways_on(topic),
    )
    return said(card, choices=(ALL, choices.MENU))


def _facts(policy: Policy) -> dict[str, object]:
    return {
        "code_digits": DIGITS,
        "code_tries": TRIES,
        "wrong_passwords": WRONG_PASSWORDS,
        "otp_minutes": policy.otp_minutes,
        "resend_seconds": policy.otp_resend_seconds,
        "sends_an_hour": policy.otp_sends_an_hour,
        "sends_a_day": policy.otp_sends_a_day,
        "session_minutes": int(SESSION_IDLE.total_seconds() // 60),
        "digest_at": f"{policy.digest_at:%H:%M}",
        "quiet_from": f"{policy.quiet_from:%H:%M}",
        "quiet_until": f"{policy.quiet_until:%H:%M}",
        "reply_before": _before(policy.plan(DutyKind.REPLY)),
        "check_before": _before(policy.plan(DutyKind.CHECK)),
        "record_before": _before(policy.plan(DutyKind.RECORD_WINDOW)),
        "check_hours": CHECK_HOURS,
        "returned_check_hours": policy.returned_check_hours,
        "returned_reply_days": policy.returned_reply_days,
        "returned_closure_days": policy.returned_closure_days,
        "reply_days": REPLY_DAYS,
        "window_days": WINDOW_DAYS,
        "months": FOLLOWED_MONTHS,
        "summary": SUMMARY_AT_MOST,
        "inbox_days": policy.inbox_kept_days,
        "export_rows": policy.export_rows_at_most,
        "exports_a_day": policy.exports_a_day,
    }


def _before(plan: ReminderPlan) -> str:
    """Return when a plan tells before the end: 3 天前、1 天前、當天."""
    hours = (f"{each} 小時前" for each in plan.hours_before)
    days = (f"{each} 天前" if each else "當天" for each in plan.days_before)
    return "、".join((*hours, *days))


def _ask(topic: Topic) -> Say:
    return Say(label=topic.title, text=topic.word)


def _rules(topic: Topic) -> Line:
    return Line(text=f"依據：規則 {topic.rules}", quiet=True)


def _ways_on(topic: Topic) -> tuple[Action, ...]:
    """Return what can be done next, the likeliest first, and the way to a person who knows what it is about."""
    first = tuple(each.model_copy(update={"primary": True}) for each in topic.next[:1])
    return (*first, *topic.next[1:], Press(label="問真人", data=AskHelp(topic.kind.value).pack(), shown="問真人"))
