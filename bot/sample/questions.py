"""What the sample's staff have asked the helpdesk on the web page: late, new, waiting and solved ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto

from sqlalchemy import select

from bot.sample.load import ACTOR
from core.access import Actor
from core.accounts.models import Account, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import Reply, answer, note, take
from core.helpdesk.canned import save_canned
from core.helpdesk.entries import Written
from core.helpdesk.hours import before_working
from core.helpdesk.models import HelpKind, HelpRequest
from core.helpdesk.rules import Then
from core.helpdesk.service import Asker, ask


class Done(Enum):
    """What an agent has done with a question."""

    NOTHING = auto()
    TAKEN = auto()
    ANSWERED = auto()
    SOLVED = auto()


@dataclass(frozen=True)
class Question:
    """A question of the web page, and how many working hours ago it came."""

    who: str
    mailbox: str
    kind: HelpKind
    text: str
    hours_ago: float
    done: Done = Done.NOTHING


QUESTIONS = (
    Question(
        "林雅婷（松濤國民中學）",
        "songtao.lin",
        HelpKind.LOGIN,
        "換了新電腦以後登入不了，畫面一直說憑證沒有安裝。今天有一件派案要回覆，請幫忙。",
        5.5,
    ),
    Question(
        "黃柏鈞（望海高級中學）",
        "wanghai.huang",
        HelpKind.CASE,
        "派案裡的學校寫錯了，孩子上學期已經轉走。要請中心改派，還是我先回覆不開案？",
        3.5,
    ),
    Question(
        "周詠晴（澄溪國民小學）",
        "chengxi.chou",
        HelpKind.FAULT,
        "工作紀錄按儲存以後整頁變白，重新整理還是一樣。Edge 和 Chrome 都試過了。",
        1,
    ),
    Question("吳承恩（晴嵐國民小學）", "qinglan.wu", HelpKind.EXTENSION, "權限月底到期，要從哪裡展延？", 2, Done.TAKEN),
    Question("許家瑜（曦光國民中學）", "xiguang.hsu", HelpKind.EMAIL, "信箱改了網域，收不到驗證信。", 7, Done.ANSWERED),
    Question("蔡宜蓁（雲岫國民小學）", "yunxiu.tsai", HelpKind.OTHER, "督導換人了，名單要通知誰更新？", 9, Done.SOLVED),
)
CANNED = {
    "清除瀏覽器暫存": "{姓名}您好，請先清除瀏覽器的暫存與 Cookie，關掉所有視窗後再登入一次。",
    "憑證沒有安裝": "{姓名}您好，換電腦後要重新安裝憑證元件；安裝檔在登入頁的「憑證」說明裡。",
    "資料由中心更正": "{姓名}您好，派案資料由高風險中心更正，我們已轉請承辦的同仁處理。",
}
NOTE = "已電話確認：帳號還在有效期內，下週可以送展延。"
ASKS_BACK = "您好，請從原信箱還收得到信的電腦，在聊天室說「改信箱」。新信箱是學校配發的嗎？"
ANSWER = "您好，請由貴校窗口發文給社會局，名單會在兩個工作天內更新。"


def ask_helpdesk(core: Core) -> None:
    """Let each question have come when it did, and the first agent have done with it what was done."""
    agent = _agent(core)
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        for title, text in CANNED.items():
            save_canned(ctx, title, text)
    for each in QUESTIONS:
        number = _ask(core, each)
        with core.transaction(agent, Door.DESK) as ctx:
            newest = ctx.session.get_one(HelpRequest, number).newest_entry
            match each.done:
                case Done.TAKEN:
                    take(ctx, number)
                    note(ctx, number, NOTE)
                case Done.ANSWERED:
                    answer(ctx, number, Reply(ASKS_BACK, newest, Then.WAIT))
                case Done.SOLVED:
                    answer(ctx, number, Reply(ANSWER, newest, Then.SOLVE))


def _ask(core: Core, question: Question) -> int:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        came_at = before_working(ctx.now, timedelta(hours=question.hours_ago), ctx.calendar)
    asker = Asker(display_name=question.who, email=f"{question.mailbox}@ntpc.example")
    with replace(core, clock=FixedClock(came_at)).transaction(ACTOR, Door.COMMAND) as ctx:
        return ask(ctx, asker, question.kind, "", Written(question.text)).number


def _agent(core: Core) -> Actor:
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        first = ctx.session.scalars(select(Account).where(Account.role == Role.HELPDESK).order_by(Account.id)).first()
        actor = actor_of(ctx.session, first.id, ctx.today) if first else None
        if actor is None:
            raise LookupError("the sample has nobody at the helpdesk")
        return actor
