"""What the chat says to supervisors of the forms that wait for them: how many, and the way to the desk."""

from __future__ import annotations

from core.cards import Answer, Card, Line, OpenPage, Row, Tone, said
from core.duties.to_review import PATH, ToReview
from handlers.chat.views.choices import MENU


def review_card(waiting: ToReview) -> Card:
    """Return how many forms wait, by kind; they are read and decided at the desk."""
    counts = {"回覆單": waiting.replies, "結案單": waiting.closures}
    return Card(
        title=f"等您審核：{waiting.total} 件",
        preview="有等您審核的表單，請到管理台處理。",
        tone=Tone.SOON,
        blocks=tuple(Row(label=label, value=f"{count} 件") for label, count in counts.items() if count),
        actions=(OpenPage(label="到管理台審核", path=PATH, primary=True),),
    )


def nothing_to_review() -> Answer:
    """Return that no form waits, and the way there: a check may be returned at any time."""
    card = Card(
        title="目前沒有等您審核的",
        preview="回覆單與結案單都審核完了。",
        tone=Tone.GOOD,
        blocks=(Line(text="回覆單與結案單都審核完了。檢核單要補正時，可以在管理台退件。"),),
        actions=(OpenPage(label="到管理台看看", path=PATH),),
    )
    return said(card, choices=(MENU,))


def with_reviews(shown: Answer, waiting: ToReview) -> Answer:
    """Return an answer, and behind it what waits for a review, where something does."""
    if not waiting.total:
        return shown
    return shown.model_copy(update={"messages": (*shown.messages, review_card(waiting))})
