"""Whoever says that they cannot go on is met first: 撐不下去了, 活著好累. What was wished is answered behind it.

It is no sign of danger to somebody's life (``urgent_signs``), so nobody else is told. What people say of a long day
(累死了, 補到手斷) or of a machine (系統撐不住) is not meant.
"""

from __future__ import annotations

import re

from core.cards import MAX_MESSAGES, Answer
from handlers.chat.turn import TextSaid, Turn
from handlers.chat.views import distress as views
from handlers.chat.words import normal

_MACHINE = re.compile("(?:系統|電池|手機|電腦|網路|網站|伺服器|經費)[^,。我]{0,5}[撐熬]不(?:下去|住)")
_LIMIT = re.compile(
    "[撐熬]不(?:下去|住)(?!不)"
    "|活(?!動)[著得]?[^,。]{0,3}(?:好|很|真|太|這麼)累|(?:活著|人生|什麼都|一切都?)[^,。]{0,4}(?:沒有?|無|毫無)意[義思]"
    "|(?<!檔案)(?<!資料)(?<!紀錄)(?<!畫面)(?:好想|想要?)(?:就?這樣)?消失(?!的)|消失算了"
    "|(?:好幾|[兩三四五六七0-9])個?(?:天|晚上?)[^,。]{0,4}(?:沒有?|不能|無法|睡不)(?:好好)?[睡著]"
    "|我[^,。]{0,4}(?:快|要)崩潰|[很好太]絕望|(?:很|好|太)無助|沒有?人(?:在乎|懂|關心)我"
    "|CAN(?:['’]?T|NOT)(?:(?:TAKE(?:IT|THIS)|GOON)ANYMORE|GOON$|COPE)|WANTTODISAPPEAR|NOTHINGMATTERSANYMORE"
)


def is_at_limit(text: str) -> bool:
    """Return whether somebody says in a text that they, or whom they speak of, cannot go on."""
    return bool(_LIMIT.search(_MACHINE.sub("", normal(text, most=len(text)))))


def comforted(besides: Answer | None) -> Answer:
    """Return the way to somebody to talk to, and behind it the answer to what else was clearly asked."""
    comfort = views.take_care()
    if besides is None:
        return comfort
    return Answer(messages=(*comfort.messages, *besides.messages)[:MAX_MESSAGES], choices=besides.choices)


def text_of(turn: Turn) -> str:
    """Return the text of a turn in which somebody says that they cannot go on; empty for any other."""
    return turn.event.text if isinstance(turn.event, TextSaid) and is_at_limit(turn.event.text) else ""
