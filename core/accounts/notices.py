"""What the area of accounts says: refusals at sign-in, and what the owner is told of bindings and passwords."""

from __future__ import annotations

from datetime import datetime

from core.cards import Answer, Card, Line, OpenAccountLink, Row, Say, Tone, said
from core.choices import MENU
from core.dates import roc_moment
from core.labels import Labelled
from core.masking import mask_email

HELPDESK = "系統客服 (02)2960-3456 分機 3718"
PASSWORD_DESK = "資訊中心 (02)2960-3456 分機 8500"  # noqa: S105 (a telephone number)
UNBIND_WORD = "解除綁定"
BIND_WORD = "綁定"
_WAYS_ON = "要看現在能做的事，請輸入「選單」。"


class Refusal(Labelled):
    """Why somebody is not signed in; the values of ``rules.Standing`` are among them."""

    WRONG = "wrong", "帳號或密碼不正確。密碼有分大小寫；連續錯 3 次會鎖定 30 分鐘。"
    LOCKED = (
        "locked",
        "密碼連續錯 3 次，這個帳號已鎖定，請在 {minutes} 分鐘後再試。不是您本人輸錯的話，請改用登入過的瀏覽器；"
        "急用請洽" + PASSWORD_DESK + "。",
    )
    NETWORK = (
        "network",
        "從您這裡的網路輸錯太多次密碼或驗證碼，請在 {minutes} 分鐘後再試。登入過的瀏覽器不受影響；"
        "急用請洽" + PASSWORD_DESK + "。",
    )
    NO_ACCOUNT = (
        "no_account",
        "公務雲已確認您的身分，但您還沒有這個系統的帳號，請先申請。如有疑問，請洽" + HELPDESK + "。",
    )
    DISABLED = "disabled", "這個帳號已停用。如有疑問，請洽" + HELPDESK + "。"
    ENDED = "ended", "這個帳號的使用期限已過。請申請展延，或洽" + HELPDESK + "。"
    NOT_BEGUN = "not_begun", "這個帳號的啟用日期還沒到。如有疑問，請洽" + HELPDESK + "。"


class LinkRefusal(Labelled):
    """Why a LINE user was not bound (A15)."""

    UNKNOWN = "unknown", "這次綁定無效。請輸入「綁定」重新開始。"
    EXPIRED = "expired", "綁定逾時了（10 分鐘）。請輸入「綁定」重新開始。"
    USED = "used", "這次綁定已經用過了。如需再綁定，請輸入「綁定」重新開始。"
    OTHER_PERSON = "other_person", "這次綁定是從另一個 LINE 帳號開始的，不能在這裡完成。請輸入「綁定」重新開始。"
    ACCOUNT_CLOSED = "account_closed", "這個帳號目前不能使用，沒有完成綁定。請洽" + HELPDESK + "。"


LINK_OVER = "時間過了，請回 LINE 重新輸入「綁定」。"
PERSON_MOVED = "這個 LINE 改綁定到另一個帳號"


_WITH_CASES = (
    "期限快到、有退件或新的檢核單時，會在這裡通知您。",
    "先試試這幾個詞：「待辦」看還欠什麼，「案件」加編號查案件，「選單」看所有功能。",
)
_AT_THE_DESK = (
    "有人等您處理時，會在這裡通知您。",
    "先試試這幾個詞：「待辦」看有幾件提問在等，「選單」看所有功能。",
)
"""What comes by itself, and what to type first."""


def refusal_text(why: Refusal, minutes: int = 0) -> str:
    """Return the sentence for whoever was not signed in; ``minutes`` are those a lock still holds."""
    return why.label.format(minutes=minutes)


def bound_answer(account_code: str, unit_name: str, *, has_cases: bool = True) -> Answer:
    """Welcome somebody who has just bound their LINE: what comes now, what to type first, how to end it.

    ``has_cases``: whether duties of units are theirs; who only works at the desk has none.
    """
    told, first = _WITH_CASES if has_cases else _AT_THE_DESK
    card = Card(
        title="綁定完成",
        preview="LINE 綁定完成，以後待辦會主動通知您。",
        tone=Tone.GOOD,
        badge="已綁定",
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="單位", value=unit_name),
            Line(text=told),
            Line(text=first),
            Line(text=f"隨時輸入「{UNBIND_WORD}」就能解除，之後改以電子郵件通知。", quiet=True),
        ),
        actions=(Say(label="看我的待辦", text="待辦", primary=True), MENU),
    )
    return said(card)


def link_refused_answer(why: LinkRefusal) -> Answer:
    """Say why the binding did not come about, and how to begin again."""
    card = Card(
        title="沒有完成綁定",
        preview="LINE 綁定沒有完成，請重新開始。",
        tone=Tone.SOON,
        blocks=(Line(text=why.label),),
        actions=(OpenAccountLink(label="重新綁定"),),
    )
    return said(card)


def moved_to_new_phone(now: datetime) -> Answer:
    """Tell the old phone that the account is bound elsewhere now (A17)."""
    card = Card(
        title="綁定已移到另一個 LINE",
        preview="您的帳號已綁定到另一個 LINE，這裡不再收到通知。",
        tone=Tone.SOON,
        blocks=(
            Row(label="時間", value=roc_moment(now)),
            Line(text="這個 LINE 不會再收到待辦與驗證碼。"),
            Line(text=f"如果不是您本人換的，請儘快電洽{HELPDESK}，並變更公務雲密碼。", strong=True),
        ),
        actions=(OpenAccountLink(label="改回綁定這個 LINE", primary=False),),
    )
    return said(card)


def bound_by_mail(account_code: str, now: datetime) -> Answer:
    """Tell the owner by mail that a LINE was bound to the account, and how to undo it (A16)."""
    card = Card(
        title="您的帳號已綁定 LINE",
        preview="您的帳號剛綁定了一個 LINE，如果不是您本人，請立即處理。",
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="時間", value=roc_moment(now)),
            Line(text="之後的待辦提醒會送到這個 LINE。"),
            Line(text=f"要解除：在 LINE 輸入「{UNBIND_WORD}」。"),
            Line(text=f"如果不是您本人綁定的，請儘快電洽{HELPDESK} 解除，並變更公務雲密碼。", strong=True),
        ),
    )
    return said(card)


def unbound_by_mail(account_code: str, now: datetime, why: str) -> Answer:
    """Tell the owner by mail that the binding ended without their doing; ``why`` is the label of its ending."""
    card = Card(
        title="您的 LINE 綁定已解除",
        preview="您的帳號已解除 LINE 綁定，之後改以電子郵件通知。",
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="時間", value=roc_moment(now)),
            Row(label="原因", value=why),
            Line(text=f"要再綁定，請在 LINE 輸入「{BIND_WORD}」。如有疑問，請洽{HELPDESK}。"),
        ),
    )
    return said(card)


def address_gave_way(account_code: str, now: datetime, new_address: str) -> Answer:
    """Tell the old mailbox that the list of accounts, or the staff, put another address in its place (ACC-7, A25)."""
    card = Card(
        title="您的登記信箱已變更",
        preview="您的帳號改用另一個信箱，如果與您知道的不同，請立即處理。",
        tone=Tone.SOON,
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="新信箱", value=mask_email(new_address)),
            Row(label="時間", value=roc_moment(now)),
            Line(text="主系統的帳號資料換了信箱，之後的驗證碼與通知改寄到新信箱。"),
            Line(text="為了安全，管理台已登出，尚未使用的驗證碼已作廢，下次登入要用新的驗證碼。"),
            Line(text=f"如果新信箱不是您的，請立即電洽{HELPDESK} 更正，並變更公務雲密碼。", strong=True),
        ),
    )
    return said(card)


def password_was_set(account_code: str, now: datetime) -> Answer:
    """Tell the owner by mail that the password was set."""
    card = Card(
        title="密碼已設定",
        preview="您的帳號剛設定了新密碼，如果不是您本人，請立即處理。",
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="時間", value=roc_moment(now)),
            Line(text=f"如果不是您本人設定的，請儘快電洽{HELPDESK}，並變更公務雲密碼。", strong=True),
        ),
    )
    return said(card)


def password_stands_already(account_code: str) -> Answer:
    """Tell the owner by mail why no code came: the account has a password (首次設定密碼 is for those without)."""
    card = Card(
        title="您的帳號已設定過密碼",
        preview="有人為您的帳號申請首次設定密碼，但密碼先前已設定過。",
        blocks=(
            Row(label="帳號", value=account_code),
            Line(text="剛才有人為這個帳號申請「首次設定密碼」。密碼先前已設定過，所以沒有寄出驗證碼，密碼也沒有變動。"),
            Line(text=f"忘記密碼請由帳號本人電洽{PASSWORD_DESK}。"),
            Line(text=f"如果不是您本人申請的，可以不理會；若一再收到，請電洽{HELPDESK}。"),
        ),
    )
    return said(card)


def codes_go_elsewhere(account_code: str, now: datetime, channel: str) -> Answer:
    """Tell the owner by mail that one-time passwords go another way from now on; ``channel`` is its label."""
    card = Card(
        title="驗證碼的接收方式已變更",
        preview="您的驗證碼接收方式已變更，如果不是您本人設定的，請立即處理。",
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="時間", value=roc_moment(now)),
            Row(label="之後送到", value=channel),
            Line(text=f"如果不是您本人設定的，請儘快電洽{HELPDESK}，並變更公務雲密碼。", strong=True),
        ),
    )
    return said(card)


def disabled_by_mail(account_code: str, now: datetime, why: str) -> Answer:
    """Tell the owner by mail that the account was disabled, and why."""
    card = Card(
        title="您的帳號已停用",
        preview="您的帳號已停用，原因請看說明。",
        tone=Tone.SOON,
        blocks=(
            Row(label="帳號", value=account_code),
            Row(label="時間", value=roc_moment(now)),
            Line(text=f"理由：{why}"),
            Line(text="LINE 綁定已解除，管理台已登出。單位未完成的事項由單位其他同仁接續。"),
            Line(text=f"如有疑問，請洽{HELPDESK}。"),
        ),
    )
    return said(card)


def handed_over(old_code: str, new_code: str, unit_name: str, now: datetime) -> Answer:
    """Tell the old caseworker that somebody else took over (ACC-9)."""
    card = Card(
        title="承辦人已更換",
        preview="您單位的承辦人已更換，您的權限已移除。",
        blocks=(
            Row(label="單位", value=unit_name),
            Row(label="原承辦人", value=old_code),
            Row(label="新承辦人", value=new_code),
            Row(label="時間", value=roc_moment(now)),
            Line(text="您的權限已移除，未完成的事項由新承辦人接續。帳號本身仍可使用；不再需要，請洽管理員停用。"),
            Line(text=f"如有疑問，請洽{HELPDESK}。"),
            Line(text=_WAYS_ON, quiet=True),
        ),
    )
    return said(card, choices=(MENU,))


def took_over(unit_name: str, total: int, named: int, now: datetime) -> Answer:
    """Tell the new caseworker what they took over: how much the unit owes, and how much of it names them (ACC-9)."""
    card = Card(
        title="您接手了承辦業務",
        preview="您接手了單位的承辦業務，請看待辦。",
        tone=Tone.SOON if total else Tone.PLAIN,
        blocks=(
            Row(label="單位", value=unit_name),
            Row(label="單位待辦", value=f"{total} 件"),
            Row(label="由您負責", value=f"{named} 件"),
            Row(label="時間", value=roc_moment(now)),
            Line(text="期限不變；之後的提醒會通知您。"),
        ),
        actions=(Say(label="看我的待辦", text="待辦", primary=True),),
    )
    return said(card)
