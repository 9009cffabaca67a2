"""The words of the helpdesk's console that do not stand in a template."""

from __future__ import annotations

from core.helpdesk.models import FileState, HelpState, Side
from core.helpdesk.queries import DeskList
from core.helpdesk.rules import Then

STATES = {
    HelpState.NEW: "待受理",
    HelpState.OPEN: "處理中",
    HelpState.WAITING: "等候提問人",
    HelpState.SOLVED: "已解決",
}
"""The states as agents read them; who asked reads 等候您回覆."""
THENS = {
    Then.WAIT: "等候提問人回覆",
    Then.KEEP: "還要繼續處理",
    Then.SOLVE: "已解決",
}
SIDES = {Side.USER: "提問人", Side.AGENT: "客服", Side.NOTE: "內部備註", Side.SYSTEM: "系統"}
FILES = {
    FileState.TO_FETCH: "讀取中",
    FileState.KEPT: "已收到",
    FileState.REFUSED: "無法接收",
    FileState.GONE: "已刪除",
}
RATINGS = {1: "有幫上忙", 0: "沒有幫上忙"}

BETWEEN = (
    "還沒有送出：您在寫的時候，這件又多了 {count} 則訊息（下面標示「新」）。看過之後可以修改再送，或直接「仍要送出」。"
)
SENT = "回覆已交付寄送，送達情形請看對話中的註記。"
SENT_BEFORE = "同樣的回覆剛才已經送出，沒有再送一次。這件目前是「{state}」。"
MOVED = "同樣的回覆剛才已經送出，沒有再送一次；這件已改為「{state}」。"
NOTED = "已加上內部備註，提問人看不到。"
TAKEN = "這件由您處理。"
ASSIGNED = "已改派。"
SHARED = "已分給目前提問最少的值班客服。"
NOBODY_ON_DUTY = "目前沒有人值班，這件仍未改派。"
SOLVED = "已標為解決，並請提問人評分。"
REOPENED = "已重新開啟。"
ON_DUTY = "您已開始接案，新提問會分給您。"
OFF_DUTY = "您已停止接案，手上的案件仍由您處理。"
CANNED_KEPT = "已儲存罐頭回覆「{title}」。"
CANNED_DELETED = "已刪除罐頭回覆。"
CANNED_NONE = "請先選一則罐頭回覆。"
AGENT_NONE = "請先選一位客服。"

LATE = "已逾時 {span}"
LEFT = "剩 {span}"
MANY = "{count}+"
NEWEST_FIRST = "新的在前"
DUE_FIRST = "時限近的在前；剩餘時間只算工作時間"
EMPTY = {
    DeskList.MINE: "目前沒有由您處理的提問。「未指派」裡的，開啟後按「由我處理」就會到這裡。",
    DeskList.UNASSIGNED: "目前沒有未指派的提問。",
    DeskList.LATE: "太好了，目前沒有逾時限的提問。",
    DeskList.WAITING: "目前沒有等候提問人回覆的提問。",
    DeskList.UNSOLVED: "目前沒有未解決的提問。有新提問時會自動出現在這裡，不必重新整理。",
    DeskList.SOLVED: "還沒有已解決的提問。",
    DeskList.ALL: "還沒有任何提問。有新提問時會自動出現在這裡，不必重新整理。",
}
"""What an empty list says."""
MOMENT = "不到 1 分"
HOURS = "{hours} 小時"
MINUTES = "{minutes} 分"
