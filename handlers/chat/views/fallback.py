"""What is said where nothing fits: guesses, a way to a person, and kind refusals. Never silence, never a dead end."""

from __future__ import annotations

from core.access import Actor
from core.cards import Action, Answer, Card, Line, Say, Text, Tone, said
from core.errors import FrontdoorError, NotAllowed, NotFound
from handlers.chat.views import choices
from handlers.chat.views.hotlines import dial_helpdesk, in_need

SEVERAL_AT_MOST = 4
_REFUSED = {NotFound: "找不到", NotAllowed: "沒有權限"}


def not_understood(guesses: tuple[str, ...]) -> Answer:
    """Return the nearest guesses as words to tap or type, and the helpdesk's number."""
    asked = f"您是不是要：{'、'.join(f'「{guess}」' for guess in guesses)}？" if guesses else "我還看不懂這句話。"
    card = Card(
        title="不太確定您的意思",
        preview="不太確定您的意思，請看看建議的功能。",
        blocks=(
            Line(text=asked, strong=True),
            Line(text="按下面的按鈕或直接輸入；輸入「選單」看所有功能，輸入「客服」找真人。"),
            *in_need(),
        ),
        actions=tuple(Say(label=guess, text=guess) for guess in guesses) or (choices.MENU, choices.PERSON),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def several(commands: tuple[str, ...]) -> Answer:
    """Ask which of several things comes first, each as a word to tap or type."""
    shown = commands[:SEVERAL_AT_MOST]
    card = Card(
        title="先做哪一件？",
        preview="您提到不只一件事，請選先做哪一件。",
        blocks=(
            Line(text=f"您提到 {len(shown)} 件事：{'、'.join(f'「{each}」' for each in shown)}。", strong=True),
            Line(text="按一個，或直接輸入；做完再選另一件。"),
        ),
        actions=tuple(Say(label=each, text=each) for each in shown),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def not_read(said_besides: str) -> Text:
    """Return that a part of what was said was not understood, with its own words."""
    return Text(text=f"您還說了「{said_besides}」，這部分我沒看懂，請再單獨輸入一次，或輸入「客服」問真人。")


def none_of_these() -> Answer:
    """Return how to get to something that was not on the list."""
    return said(
        "沒關係，都不是的話，請輸入完整的案件編號或「查」加上姓名，我再找一次；也可以輸入「客服」找真人。",
        choices=(choices.CASE, choices.PERSON, choices.MENU),
    )


def still_not_understood() -> Answer:
    """Return, the second time in a row, the way to a person."""
    card = Card(
        title="請真人幫您比較快",
        preview="請真人幫您比較快。",
        blocks=(
            Line(text="很抱歉，還是沒看懂。按「聯絡客服」或輸入「客服」，客服會在這裡回覆您。", strong=True),
            *in_need(),
        ),
        actions=(choices.PERSON.model_copy(update={"primary": True}), dial_helpdesk()),
    )
    return said(card, choices=(choices.PERSON, choices.MENU))


def refused(error: FrontdoorError, choices_of_step: tuple[Action, ...] = ()) -> Answer:
    """Return what the core refused, in its own words, with the choices of the step that still waits, if one does."""
    card = Card(
        title=_REFUSED.get(type(error), "沒有完成"),
        preview="剛才的要求沒有完成，請看說明。",
        tone=Tone.SOON,
        blocks=(Line(text=str(error)),),
    )
    return said(card, choices=choices_of_step)


def again(sentence: str, question: Answer) -> Answer:
    """Return what a step of a dialog expects, and its question once more."""
    return Answer(messages=(Text(text=sentence), *question.messages), choices=question.choices)


def dialog_over() -> Answer:
    """Return that the dialog was left alone for too long."""
    return said("剛才的步驟太久沒有進行，已經自動結束，沒有變更任何資料。請重新輸入要做的事，或輸入「選單」。")


def cancelled() -> Answer:
    """Return that the dialog was left."""
    return said("好的，已取消，沒有變更任何資料。")


def nothing_to_cancel() -> Answer:
    """Return that nothing was under way."""
    return said("目前沒有進行中的步驟。輸入「選單」可以看能做的事。")


def nothing_to_confirm(*, is_bound: bool) -> Answer:
    """Return that no question waits for a yes, of whose card it may be, and where each is asked anew."""
    over = "目前沒有等您確定的步驟：可能已經結束或離開了，沒有變更任何資料。"
    if not is_bound:
        return said(f"{over}請重新輸入要做的事，或輸入「選單」。")
    anew = "要申請展延請重新輸入「展延」，要解除綁定請重新輸入「解除綁定」；其他的請看「選單」。"
    return said(f"{over}{anew}", choices=(choices.EXTENSION, choices.UNBIND, choices.MENU))


def no_further_page() -> Answer:
    """Return that the list that was shown last has no further page."""
    return said("已經是最後一頁，後面沒有了。要看其他清單，請輸入「待辦」或清單的名稱。")


def no_list(duties: Answer) -> Answer:
    """Return that no list is open of which more could be shown, with what is owed behind it."""
    told = Text(text="目前沒有開著的清單，先給您看待辦。")
    return Answer(messages=(told, *duties.messages), choices=duties.choices)


def button_expired(now: Answer) -> Answer:
    """Return that a button's time has passed, with the present state behind it."""
    return Answer(messages=(Text(text="這個按鈕已經過期了。以下是目前的狀況："), *now.messages), choices=now.choices)


def only_words(kind: str, actor: Actor | None) -> Answer:
    """Return what can be done, to somebody who sent no text; ``kind`` is LINE's word for what it was.

    They are led to what is theirs: 待辦 to who may have some, 綁定 to somebody unbound (``actor`` is None).
    """
    names = {"sticker": "貼圖", "image": "圖片", "video": "影片", "audio": "語音", "file": "檔案", "location": "位置"}
    what = f"收到您的{names[kind]}了，但" if kind in names else "很抱歉，"
    first = choices.usual(actor)[0]
    return said(f"{what}目前我只看得懂文字。請輸入「{first.text}」或「選單」；需要真人協助，請輸入「客服」。")


def not_in_groups() -> Answer:
    """Return why nothing is told in a group (A12)."""
    return said("為了保護個資，我在群組與多人聊天裡不提供資料。請加我為好友，在一對一的聊天裡輸入「待辦」或「選單」。")
