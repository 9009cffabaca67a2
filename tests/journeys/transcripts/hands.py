"""What somebody does with a phone besides typing and pressing, and with a browser beside it: the table of all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.simulator.events import Frame
from bot.simulator.jsons import Json
from tests.core.helpdesk.sending import picture
from tests.journeys.browser import Browser
from tests.journeys.town import PASSWORD

if TYPE_CHECKING:
    from tests.journeys.transcripts.stage import Stage

Does = Callable[["Stage", str, str], None]
"""Takes who does it, and what stands behind the colon."""


@dataclass(frozen=True)
class Move:
    """One thing that is done, and whether the bot must answer it."""

    act: Does
    is_answered: bool = True
    settles: bool = True
    """Everything it causes is handled and sent before the next line."""


def _follows(stage: Stage, name: str, _: str) -> None:
    stage.town.platform.follow(stage.phone(name).user)


def _blocks(stage: Stage, name: str, _: str) -> None:
    stage.town.platform.block(stage.phone(name).user)


def _sends_sticker(stage: Stage, name: str, _: str) -> None:
    stage.town.platform.send_sticker(stage.phone(name).user)


def _sends_picture(stage: Stage, name: str, _: str) -> None:
    stage.town.platform.send_image(stage.phone(name).user, picture())


def _sends_file(stage: Stage, name: str, file_name: str) -> None:
    content = b"MZ\x90\x00" if file_name.endswith(".exe") else file_name.encode()
    stage.town.platform.send_file(stage.phone(name).user, file_name, content)


def _sends_place(stage: Stage, name: str, address: str) -> None:
    stage.town.platform.send_location(stage.phone(name).user, address, 25.0, 121.5)


def _sends(kind: str) -> Does:
    def sends(stage: Stage, name: str, _: str) -> None:
        body: Json = {"type": kind, "duration": 1000, "contentProvider": {"type": "line"}}
        stage.town.platform.phones.send_message(stage.phone(name).user, body)

    return sends


def _takes_back(stage: Stage, name: str, _: str) -> None:
    user = stage.phone(name).user
    mine = [each for each in stage.town.platform.messages(user) if not each.from_bot]
    stage.town.platform.unsend(user, mine[-1].message_id)


def _says(stage: Stage, name: str, text: str) -> None:
    stage.town.platform.say(stage.phone(name).user, text)


def _says_often(stage: Stage, name: str, text: str) -> None:
    for _ in range(stage.town.core.policy.inbox_a_minute + 1):
        _says(stage, name, text)


def _says_in_group(stage: Stage, name: str, text: str) -> None:
    """Say something in a group; the answer is seen on the same phone."""
    now, user_id = stage.town.clock.now(), stage.phone(name).user.user_id
    frame = Frame(user_id, now, stage.town.platform.sending.tokens.issue(user_id, now))
    message: Json = {"id": "1", "type": "text", "text": text}
    source: Json = {"type": "group", "groupId": "C" + "0" * 32, "userId": user_id}
    stage.town.platform.webhooks.send([{**frame.event("message", message=message), "source": source}])


def _presses_forged(stage: Stage, name: str, data: str) -> None:
    action: Json = {"type": "postback", "label": "？", "data": data}
    stage.town.platform.press(stage.phone(name).user, action)


def _links(stage: Stage, name: str, whose: str) -> None:
    """Sign in on the page behind the newest button for binding, with the account of ``whose``, else one's own."""
    page = Browser().opens(stage.phone(name).link_url())
    stage.browser = page.submits(account=stage.code(whose or name), password=PASSWORD)


def _hears_of_foreign_link(stage: Stage, name: str, _: str) -> None:
    """LINE says that a link succeeded which nobody began here."""
    stage.town.platform.phones.link_result(stage.phone(name).user, "a nonce of nobody's", is_ok=True)


def _gives_code(stage: Stage, _: str, __: str) -> None:
    stage.browser.submits(code=stage.last_code)


def _signs_in(stage: Stage, name: str, _: str) -> None:
    page = Browser().opens(f"{stage.town.url}/desk/sign-in")
    stage.browser = page.submits(account=stage.code(name), password=PASSWORD)


DONE = {
    "加好友": Move(_follows),
    "解除封鎖": Move(_follows),
    "封鎖小幫手": Move(_blocks, is_answered=False),
    "傳貼圖": Move(_sends_sticker),
    "傳圖片": Move(_sends_picture),
    "傳檔案": Move(_sends_file),
    "傳位置": Move(_sends_place),
    "傳語音": Move(_sends("audio")),
    "傳影片": Move(_sends("video")),
    "收回剛才的訊息": Move(_takes_back, is_answered=False),
    "說了還沒處理": Move(_says, is_answered=False, settles=False),
    "說了沒收到回覆": Move(_says, is_answered=False),
    "一分鐘內傳了 31 次": Move(_says_often),
    "在群組裡說": Move(_says_in_group),
    "按偽造的按鈕": Move(_presses_forged),
    "在綁定網頁登入": Move(_links, is_answered=False),
    "在綁定網頁輸入驗證碼": Move(_gives_code, is_answered=False),
    "收到別人的綁定結果": Move(_hears_of_foreign_link),
    "在管理台登入": Move(_signs_in, is_answered=False),
}
