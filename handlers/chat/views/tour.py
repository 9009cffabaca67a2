"""The first tour: three cards, swiped through, that say what comes by itself, what to ask, and where help is."""

from __future__ import annotations

from core.access import Action, Actor
from core.cards import Answer, Card, Deck, Line, OpenPage, Say, said
from handlers.chat.views import choices

DESK = OpenPage(label="開啟管理台", path="/desk/", primary=True)
_FIRST_DUTIES = choices.DUTIES.model_copy(update={"primary": True})


def tour(actor: Actor) -> Answer:
    """Return the three cards for this actor."""
    return said(deck(actor), choices=choices.usual(actor))


def deck(actor: Actor) -> Deck:
    """Return the three cards as one message, to stand behind another."""
    return Deck(preview="三張卡片，帶您認識這裡。", cards=(_told(actor), _asking(actor), _helped()))


def _told(actor: Actor) -> Card:
    owes = actor.may(Action.SEE_DUTIES)
    what = "快到期、已逾期的，工作日每天整理成一則；沒有事就不打擾。" if owes else "有人等您處理時，會在這裡通知您。"
    at_once = "新的檢核單、退件、今天到期的，馬上通知。" if owes else "驗證碼、申請的結果，也會送到這裡。"
    return Card(
        title="1. 會主動告訴您",
        preview="快到期的事，會主動通知您。",
        blocks=(
            Line(text=what),
            Line(text=at_once),
            Line(text="每則都寫明為什麼送來、怎樣就不再送。輸入「設定」可以改時間。", quiet=True),
        ),
        actions=(choices.SETTINGS,),
    )


def _asking(actor: Actor) -> Card:
    if not actor.may(Action.SEE_DUTIES):
        lines: tuple[str, ...] = ("客服對話、申請審核、帳號與訊息，都在管理台。", "登入時的驗證碼會送到這裡。")
        return _ask_card(lines, (DESK,))
    lines = ("「待辦」還有什麼沒回，最急的在前面。", "「怎麼算的」期限是哪一條規則、哪一天起算。")
    if not actor.may(Action.SEE_DISPATCHES):
        return _ask_card(lines, (_FIRST_DUTIES,))
    cases = ("「案件」加編號，看狀態與下一步。", "「可以結案嗎」加編號，看還差哪些條件。")
    return _ask_card((*lines, *cases), (_FIRST_DUTIES, choices.CASE))


def _ask_card(lines: tuple[str, ...], actions: tuple[OpenPage, ...] | tuple[Say, ...]) -> Card:
    return Card(
        title="2. 這樣問最快",
        preview="輸入幾個字，就能查到。",
        blocks=(*(Line(text=each) for each in lines), Line(text="點選單、按按鈕、打字都可以。", quiet=True)),
        actions=actions,
    )


def _helped() -> Card:
    return Card(
        title="3. 需要幫忙時",
        preview="需要幫忙時，找得到人。",
        blocks=(
            *(Line(text=each) for each in ("「客服」找真人幫忙。", "「選單」看全部功能。", "「取消」離開目前步驟。")),
            Line(text="驗證碼只輸入在網頁上，不要傳到聊天室，也不要給任何人。", strong=True),
            Line(text="電腦版 LINE 沒有圖文選單，直接輸入引號裡的字就可以。再看一次：「導覽」。", quiet=True),
        ),
        actions=(choices.PERSON, choices.MENU),
    )
