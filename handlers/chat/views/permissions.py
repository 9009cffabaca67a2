"""What the chat says while a permission is asked for, or one is to go (ACC-4, ACC-8)."""

from __future__ import annotations

from collections.abc import Sequence

from core.accounts.models import Permission
from core.accounts.requests.queries import OwnPermissions
from core.buttons import ChoosePermission
from core.cards import Answer, Card, Line, Press, Row, Say, Text, said
from handlers.chat.views import choices

LABEL_AT_MOST = 20  # LINE
PERMISSION_EXPECTED = "請輸入權限的代碼，例如 90097。不申請了，請輸入「取消」。"
WHY_EXPECTED = "請用一兩句話說明原因，最多 {at_most} 個字。不申請了，請輸入「取消」。"
_SCHOOL = "學校只能申請 90097（各局處社工）與 2462（幸福保衛站檢核作業）。"
_INTRANET = "9003（高風險多維度分析）只限市府內網，請在內網的主系統申請。"
_DECIDED = "可以申請的權限您都有了；每一項都由社會局審核。（ACC-5）"
FAQ = Say(label="可以申請哪些權限", text="可以申請哪些權限")
_LEAVE = (choices.CANCEL, choices.MENU)


def askable(own: OwnPermissions) -> Answer:
    """Return what is held, and what may be asked for."""
    if not own.may_ask:
        return said(_card("申請權限", own, Line(text=_DECIDED), _limits(own)), choices=(FAQ, choices.MENU))
    question = Line(text="要申請哪一項？請按按鈕或輸入代碼。", strong=True)
    card = _card("申請權限", own, question, _limits(own))
    return said(card.model_copy(update={"actions": _buttons(own.may_ask, gives_up=False)}), choices=_LEAVE)


def removable(own: OwnPermissions) -> Answer:
    """Return what is held and may be given up."""
    if not own.held:
        return said("您的帳號沒有任何權限，不必申請停用。需要權限請輸入「申請權限」。")
    question = Line(text="要停用哪一項？請按按鈕或輸入代碼。", strong=True)
    after = Line(text="由管理員審核；停用後，未完成的事項仍由單位其他同仁接續。", quiet=True)
    card = _card("停用權限", own, question, after)
    return said(card.model_copy(update={"actions": _buttons(own.held, gives_up=True)}), choices=_LEAVE)


def which_question() -> Answer:
    """Return the question for a permission."""
    return said("要申請哪一項權限？請輸入代碼，例如 90097。", choices=_LEAVE)


def removed_question() -> Answer:
    """Return the question for a permission that is to go."""
    return said("要停用哪一項權限？請輸入代碼，例如 90097。", choices=_LEAVE)


def why_question() -> Answer:
    """Return the question why it is needed."""
    return said("為什麼需要這項權限？請用一兩句話說明，審核的人會看到。", choices=_LEAVE)


def removal_why_question() -> Answer:
    """Return the question why it is to go."""
    return said("為什麼要停用？請用一兩句話說明，例如職務異動。審核的人會看到。", choices=_LEAVE)


def not_askable(own: OwnPermissions, permission: Permission) -> Answer | None:
    """Return why a permission cannot be asked for, with the question again; None: it can."""
    if permission in own.may_ask:
        return None
    if permission in own.held:
        why = f"您已經有「{permission.label}」（{permission.value}）了，不必再申請。（ACC-4）"
    else:
        why = f"{_SCHOOL if own.is_school else _INTRANET}（ACC-4）"
    return _again(why, which_question()) if own.may_ask else said(f"{why}{_DECIDED}", choices=(FAQ, choices.MENU))


def not_held(own: OwnPermissions, permission: Permission) -> Answer | None:
    """Return that a permission is not held, with the question again; None: it is."""
    if permission in own.held:
        return None
    return _again(f"您沒有「{permission.label}」，不必申請停用。", removed_question())


def _card(title: str, own: OwnPermissions, *lines: Line) -> Card:
    held = "、".join(each.value for each in own.held) or "無"
    return Card(title=title, preview="這裡是您的權限與申請說明。", blocks=(Row(label="目前權限", value=held), *lines))


def _limits(own: OwnPermissions) -> Line:
    return Line(text=_SCHOOL if own.is_school else _INTRANET, quiet=True)


def _buttons(permissions: Sequence[Permission], *, gives_up: bool) -> tuple[Press, ...]:
    """Return a button a permission."""
    return tuple(
        Press(
            label=f"{each.value} {each.label}"[:LABEL_AT_MOST],
            data=ChoosePermission(each.value, int(gives_up)).pack(),
            shown=each.value,
        )
        for each in permissions
    )


def _again(sentence: str, question: Answer) -> Answer:
    return Answer(messages=(Text(text=sentence), *question.messages), choices=question.choices)
