"""The kinds of forms that a supervisor reviews: how each is counted, listed, shown and decided, and what it says.

Each is one row of ``KINDS``; the pages themselves (``reviews.py``) know no kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.access import Action
from core.checks import to_review as checks
from core.checks.kinds import FormOrigin
from core.checks.notices import need_hints
from core.checks.review import return_check
from core.closures import to_review as closures
from core.closures.earliest import Condition
from core.closures.notices import MET, UNMET
from core.closures.reviewing import approve_closure, return_closure
from core.context import Context
from core.dates import roc, roc_moment
from core.dispatches import to_review as replies
from core.dispatches.reply_form import only_weak
from core.dispatches.reviewing import REASON_AT_MOST, approve_reply, return_reply
from core.labels import Labelled
from core.paging import Page
from core.reviews import ReviewRow, Standing
from handlers.desk.review_forms import Answered, Part, assessment_part, check_part, closure_part, reply_part

IN_MAIN_SYSTEM = "內容在主系統，這裡沒有；請先到主系統看過，再審核。"
ONLY_WEAK = "不開案原因都不能單獨成立：請確認補充說明寫明了經評估無脆弱家庭情事（REPLY-7）。"


class Kind(Labelled):
    """What is reviewed, in the order of the list."""

    REPLIES = "replies", "回覆單"
    CLOSURES = "closures", "結案單"
    CHECKS = "checks", "檢核單"


@dataclass(frozen=True)
class Reviewed:
    """One form as its page shows it, whatever its kind."""

    key: str
    number: str
    version: int
    facts: tuple[Answered, ...]
    parts: tuple[Part, ...]
    hints: tuple[str, ...]
    """What the rules say to whoever decides."""
    blocked: tuple[str, ...]
    """Why it cannot be approved as it stands."""
    is_own: bool
    decided: Standing | None


@dataclass(frozen=True)
class ReviewKind:
    """How one kind is counted, listed, shown and decided; ``name`` is that of its pages."""

    kind: Kind
    name: str
    action: Action
    caption: str
    empty: str
    count: Callable[[Context], int]
    listed: Callable[[Context, int, int], Page[ReviewRow]]
    look: Callable[[Context, str], Reviewed]
    give_back: Callable[[Context, str, str, int], object]
    approve: Callable[[Context, str, int], object] | None = None
    """None: it takes effect without."""
    at_most: int = REASON_AT_MOST


def _reply(ctx: Context, key: str) -> Reviewed:
    found = replies.reply_to_review(ctx, int(key))
    facts = (
        *_about(found.number, found.child, found.unit_name),
        ("派案日期", roc(found.dispatched_on)),
        *_sent(found.by, roc_moment(found.sent_at) if found.sent_at else ""),
    )
    assessed = (assessment_part(found.assessment, found.score),) if found.assessment and found.score else ()
    replied = (reply_part(found.form, asks_guidance=found.asks_guidance),) if found.form else ()
    weak = (ONLY_WEAK,) if found.form and only_weak(found.form) else ()
    return Reviewed(
        key=key,
        number=found.number,
        version=found.version,
        facts=_facts(facts),
        parts=(*replied, *assessed),
        hints=(*weak, *(() if found.form else (IN_MAIN_SYSTEM,))),
        blocked=(str(found.broken),) if found.broken else (),
        is_own=found.is_own,
        decided=found.decided,
    )


def _closure(ctx: Context, key: str) -> Reviewed:
    found = closures.closure_to_review(ctx, int(key))
    facts = (
        *_about(found.number, found.child, found.unit_name),
        ("開案日期", roc(found.opened_on)),
        *_sent(found.by, roc_moment(found.sent_at)),
    )
    conditions = tuple(_condition(each) for each in found.conditions)
    return Reviewed(
        key=key,
        number=found.number,
        version=found.version,
        facts=_facts(facts),
        parts=(closure_part(found.filing), *((Part("結案條件", conditions),) if conditions else ())),
        hints=(),
        blocked=tuple(str(each) for each in found.broken),
        is_own=found.is_own,
        decided=found.decided,
    )


def _check(ctx: Context, key: str) -> Reviewed:
    found = checks.check_to_review(ctx, key)
    shown = found.shown
    is_sent = shown.origin is FormOrigin.SENT
    at = roc_moment(shown.written_at) if is_sent and shown.written_at else ""
    facts = (
        *_about(shown.number, found.child, shown.unit_name, "檢核編號"),
        ("門市", shown.shop),
        ("發生時間", roc_moment(shown.happened_at)),
        ("結果", found.result),
        ("高風險在案", "已是教育局高風險在案" if shown.already_high_risk else ""),
        *_sent(shown.writer if is_sent else "", at),
    )
    return Reviewed(
        key=shown.number,
        number=shown.number,
        version=found.version,
        facts=_facts(facts),
        parts=(check_part(shown.form),) if is_sent else (),
        hints=tuple(line.text for line in need_hints()) if is_sent else (IN_MAIN_SYSTEM,),
        blocked=(),
        is_own=found.is_own,
        decided=found.decided,
    )


def _condition(condition: Condition) -> Answered:
    return Answered(condition.need.label, (MET if condition.is_met else UNMET,))


def _about(number: str, child: str, unit_name: str, label: str = "案件") -> tuple[tuple[str, str], ...]:
    return (label, number), ("對象", child), ("單位", unit_name)


def _sent(by: str, at: str) -> tuple[tuple[str, str], ...]:
    return ("送出", at), ("送出的人", by)


def _facts(rows: tuple[tuple[str, str], ...]) -> tuple[Answered, ...]:
    return tuple(Answered(label, (value,)) for label, value in rows if value)


KINDS = {
    Kind.REPLIES: ReviewKind(
        Kind.REPLIES,
        "reply",
        Action.REVIEW_REPLIES,
        caption="先送出的在前，姓名已遮蔽",
        empty="目前沒有等您審核的回覆單。",
        count=replies.count,
        listed=replies.waiting,
        look=_reply,
        give_back=lambda ctx, key, reason, seen: return_reply(ctx, int(key), reason, seen),
        approve=lambda ctx, key, seen: approve_reply(ctx, int(key), seen),
    ),
    Kind.CLOSURES: ReviewKind(
        Kind.CLOSURES,
        "closure",
        Action.REVIEW_CLOSURES,
        caption="先送出的在前，姓名已遮蔽",
        empty="目前沒有等您審核的結案單。",
        count=closures.count,
        listed=closures.waiting,
        look=_closure,
        give_back=lambda ctx, key, reason, seen: return_closure(ctx, int(key), reason, seen),
        approve=lambda ctx, key, seen: approve_closure(ctx, int(key), seen),
    ),
    Kind.CHECKS: ReviewKind(
        Kind.CHECKS,
        "check",
        Action.RETURN_CHECKS,
        caption="新的在前，姓名已遮蔽；檢核單不必核可，內容要補正時才退件",
        empty="目前沒有可以退件的檢核單。",
        count=checks.count,
        listed=checks.returnable,
        look=_check,
        give_back=return_check,
    ),
}
