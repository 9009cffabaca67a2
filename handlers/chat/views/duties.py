"""What the chat says around duties: that there is nothing to explain, and that a list is no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.buttons import ShowBucket
from core.cards import Answer, Card, Figure, Line, Press, Text, said
from core.checks.models import CheckBucket, CheckState
from core.choices import HOME
from core.dispatches.models import DispatchBucket
from core.duties.notices import CHECKS, DISPATCHES
from handlers.chat.views import choices

BUCKET_GONE = "這個清單的按鈕已經過期了。請輸入「待辦」看目前的數字。"


def nothing_owed() -> Answer:
    """Return that no deadline is open, so none can be explained."""
    return said("目前沒有待辦，所以沒有期限可以說明。輸入「待辦」可以看各項數字。")


def no_such_unit() -> Answer:
    """Return that no unit of one's own is called so, in the same words whether or not there is one."""
    return said("查無這個單位，或不在您的權限範圍內。請確認單位名稱；輸入「待辦」可以看您自己要處理的。")


def no_permission_yet() -> Answer:
    """Return, to an account that may see neither cases nor checks, that it owes nothing for that reason."""
    card = Card(
        title="目前沒有待辦",
        preview="這個帳號目前沒有待辦事項。",
        blocks=(
            Line(text="這個帳號目前沒有案件或檢核單的權限，所以看不到單位的待辦。", strong=True),
            Line(text="工作上需要的話，請輸入「申請權限」。"),
        ),
        actions=(choices.PERMISSIONS.model_copy(update={"primary": True}),),
    )
    return said(card, choices=(choices.PERMISSIONS, choices.PERSON, choices.MENU))


def checked_figures(counts: Mapping[CheckBucket, int]) -> Answer:
    """Return how many checks are done, by what was found; each number leads to its list."""
    if not counts:
        return said(f"「{CheckState.CHECKED.label}」目前沒有檢核單。", choices=HOME)
    card = Card(
        title="已檢核的檢核單",
        preview="這是已檢核的件數。",
        blocks=(
            *(Figure(label=bucket.label, value=count, action=_way(bucket)) for bucket, count in counts.items()),
            Line(text="點數字或輸入類別名稱，可看清單。", quiet=True),
        ),
    )
    return said(card, choices=HOME)


def with_others(shown: Answer, others: Sequence[tuple[DispatchBucket | CheckBucket, int]]) -> Answer:
    """Return a list, and behind it how many stand in others of its kind, where there are any: 退件 is said of both."""
    there = [(bucket, count) for bucket, count in others if count]
    told = tuple(Text(text=_also(bucket, count)) for bucket, count in there)
    ways = tuple(_way(bucket) for bucket, _ in there)
    return shown.model_copy(
        update={"messages": (*shown.messages, *told), "choices": (*ways, *shown.choices)},
    )


def _also(bucket: DispatchBucket | CheckBucket, count: int) -> str:
    if isinstance(bucket, CheckBucket):
        return f"另有檢核單「{bucket.label}」{count} 件，輸入「{bucket.label}」可看清單。"
    return f"另有派案「{bucket.label}」{count} 件，輸入「{bucket.label}」可看清單。"


def _way(bucket: DispatchBucket | CheckBucket) -> Press:
    area = CHECKS if isinstance(bucket, CheckBucket) else DISPATCHES
    return Press(label=bucket.label, data=ShowBucket(area, bucket.value, 0).pack(), shown=bucket.label)
