"""What is said about replies, hand-overs and families: frozen rows in, cards out."""

from __future__ import annotations

from datetime import datetime

from core.buttons import ShowCase, ShowFamily
from core.cards import Action, Answer, Block, Card, Deck, Line, Press, Row, Tone, said
from core.choices import HOME
from core.dates import roc, roc_moment
from core.dispatches.finding import FamilyRow
from core.dispatches.history import Entry, History
from core.dispatches.models import Opening
from core.dispatches.rules import OPENS
from core.paging import Page
from core.records.kinds import EntryKind


def approved_answer(number: str, opening: Opening | None, now: datetime) -> Answer:
    """Tell the writer that a supervisor approved the reply, and what comes next."""
    following = "接下來請持續服務，每 30 天至少登打一筆工作紀錄。" if opening in OPENS else "這件派案不需再處理。"
    card = Card(
        title="回覆單已核可",
        preview="您送出的一張回覆單已由督導核可。",
        tone=Tone.GOOD,
        badge="已核可",
        blocks=(
            Row(label="案件", value=number),
            Row(label="核可時間", value=roc_moment(now)),
            *((Row(label="開案情形", value=opening.label),) if opening else ()),
            Line(text=following),
        ),
        actions=(Press(label="看案件", data=ShowCase(number).pack(), shown="看案件", primary=True),),
    )
    return said(card, choices=HOME)


def families_answer(page: Page[FamilyRow]) -> Answer:
    """Return the families that were found as cards; none found says so without saying what exists."""
    if not page.rows:
        return said("查無資料，或不在您的權限範圍內。請確認姓名，或輸入完整的身分證統號，再試一次。", choices=HOME)
    head = (
        f"找到 {page.total} 個家庭。"
        if page.total == len(page.rows)
        else f"找到 {page.total} 個家庭，先列 {len(page.rows)} 個。"
    )
    return said(head, Deck(preview=head, cards=tuple(_family_card(row) for row in page.rows)), choices=HOME)


def history_answer(found: History) -> Answer:
    """Return a page of a family's service history."""
    page = found.entries
    last = page.start + len(page.rows)
    card = Card(
        title=f"{found.child}的服務歷程",
        preview="這是您查詢的服務歷程。",
        tone=Tone.PLAIN,
        badge=f"{page.total} 筆",
        blocks=(
            Line(text=f"第 {page.start + 1} 到 {last} 筆，由舊到新。", quiet=True),
            *(_entry(entry) for entry in page.rows),
        ),
        actions=_more(found),
    )
    return said(card, choices=HOME)


def entry_words(entry: Entry) -> str:
    """Return what happened, in a few words."""
    return f"{entry.kind.label}{_detail(entry)}"


def _family_card(row: FamilyRow) -> Card:
    blocks: list[Block] = [
        Row(label="家庭成員", value="、".join(row.members)),
        Row(label="通報", value="、".join(row.cases)),
    ]
    newest = (Press(label="看案件", data=ShowCase(row.cases[0]).pack(), shown="看案件"),) if row.cases else ()
    history = Press(label="服務歷程", data=ShowFamily(row.family_id, 0).pack(), shown="服務歷程", primary=True)
    return Card(
        title=f"{row.child}的家庭",
        preview="這是您查詢的家庭。",
        tone=Tone.PLAIN,
        badge=row.number,
        blocks=tuple(blocks),
        actions=(*newest, history),
    )


def _entry(entry: Entry) -> Row:
    by = f"（{entry.by}）" if entry.by else ""
    return Row(label=roc(entry.on), value=f"{entry_words(entry)}｜{entry.unit_name}{by}")


def _detail(entry: Entry) -> str:
    if entry.kind is EntryKind.ASSESSMENT and entry.score is not None:
        return f" {entry.score} 分"
    if entry.kind is EntryKind.REPLY and entry.decision is not None:
        opening = f"（{entry.opening.label}）" if entry.opening else ""
        state = f"，{entry.state.label}" if entry.state else ""
        return f" {entry.decision.label}{opening}{state}"
    return f" {entry.note}" if entry.note else ""


def _more(found: History) -> tuple[Action, ...]:
    following = found.entries.next_start
    if following is None:
        return ()
    label = f"還有 {found.entries.total - following} 筆"
    return (Press(label=label, data=ShowFamily(found.family_id, following).pack(), shown=label),)
