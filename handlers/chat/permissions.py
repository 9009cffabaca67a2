"""申請權限, 停用權限: one more is asked for, or one that is held is to go; administrators decide (ACC-4, ACC-8)."""

from __future__ import annotations

import re

from core.accounts.models import Permission
from core.accounts.requests.queries import own_permissions
from core.accounts.requests.service import file_permission, file_removal
from core.buttons import ChoosePermission
from core.cards import Answer
from core.errors import Expired, InvalidInput
from core.wording import is_blank
from handlers.chat.dialogs import Step
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import codes
from handlers.chat.views import permissions as views
from handlers.chat.words import normal

router = Router()
WHY_AT_MOST = 200
_ASKED = re.compile(r"(?:我?[要想]?(?:申請|加|新增|加開))?(?:權限)?:?(.+)")
_CODE = re.compile(r"(?<![0-9])[0-9]{4,5}(?![0-9])")


def read_permission(text: str) -> Permission:
    """Return the permission a text names by its code or label; raises ``InvalidInput`` that says what is accepted."""
    compared = normal(text)
    found = _CODE.search(compared)
    named = next((each for each in Permission if normal(each.label) == compared), None)
    if named is None and found:
        named = permission_of(found[0])
    if named is None:
        raise InvalidInput(views.PERMISSION_EXPECTED)
    return named


def asked_permission(text: str) -> Permission | None:
    """Return the permission in a normal text like 90097, 申請2462 or 申請各局處督導權限; None: it asks for none."""
    found = _ASKED.fullmatch(text)
    if found is None:
        return None
    asked = (found[1], found[1].removesuffix("權限").removesuffix("的"))
    names = {
        name: each
        for each in Permission
        for name in (each.value, normal(f"{each.value}{each.label}"), normal(each.label))
    }
    return next((names[each] for each in asked if each in names), None)


def permission_of(code: str) -> Permission | None:
    """Return the permission of a code, or None."""
    return next((each for each in Permission if each.value == code), None)


def read_why(text: str) -> str:
    """Return why somebody needs a permission; raises ``InvalidInput`` for what says nothing, or too much."""
    if is_blank(text) or len(text) > WHY_AT_MOST:
        raise InvalidInput(views.WHY_EXPECTED.format(at_most=WHY_AT_MOST))
    return text.strip()


ASKED = Step("permission", "which", views.which_question, read_permission, buttons=(ChoosePermission,))
WHY = Step("permission", "why", views.why_question, read_why)
REMOVED = Step("removal", "which", views.removed_question, read_permission, buttons=(ChoosePermission,))
REMOVED_WHY = Step("removal", "why", views.removal_why_question, read_why)


@router.says("申請權限", "加權限", "新增權限", "我要申請權限", "增加權限", "我的權限", "權限")
def ask(turn: Turn) -> Answer:
    """Show what is held and what may be asked for."""
    own = own_permissions(turn.ctx)
    if own.may_ask:
        ASKED.begin(turn)
    return views.askable(own)


@router.step(ASKED)
@router.matches(asked_permission)
def which_asked(turn: Turn, permission: Permission) -> Answer:
    """Ask why, of a permission that may be asked for; of any other say why not (ACC-4, ACC-5)."""
    own = own_permissions(turn.ctx)
    refused = views.not_askable(own, permission)
    if refused is None:
        return WHY.begin(turn, permission=permission.value)
    if own.may_ask:
        ASKED.begin(turn)
    return refused


@router.step(WHY)
def why_asked(turn: Turn, why: str) -> Answer:
    """File the request."""
    permission = _kept(turn)
    return codes.filed(file_permission(turn.ctx, permission, why))


@router.pressed(ChoosePermission)
def chosen(turn: Turn, button: ChoosePermission) -> Answer:
    """Go on with the permission of a button, however old its card is: what may be done is looked at anew."""
    permission = permission_of(button.code)
    if permission is None:
        raise Expired
    return which_removed(turn, permission) if button.gives_up else which_asked(turn, permission)


@router.says("停用權限", "移除權限", "刪除權限", "取消權限", "註銷權限")
def remove(turn: Turn) -> Answer:
    """Show what is held and may be given up."""
    own = own_permissions(turn.ctx)
    if own.held:
        REMOVED.begin(turn)
    return views.removable(own)


@router.step(REMOVED)
def which_removed(turn: Turn, permission: Permission) -> Answer:
    """Ask why, of a permission that is held."""
    refused = views.not_held(own_permissions(turn.ctx), permission)
    return refused or REMOVED_WHY.begin(turn, permission=permission.value)


@router.step(REMOVED_WHY)
def why_removed(turn: Turn, why: str) -> Answer:
    """File the request."""
    permission = _kept(turn)
    return codes.filed(file_removal(turn.ctx, permission, why))


def _kept(turn: Turn) -> Permission:
    """Return the permission the dialog is about, and leave it; raises ``Expired`` where it holds none we know."""
    permission = permission_of(turn.dialog.collected.get("permission", ""))
    turn.dialog.leave()
    if permission is None:
        raise Expired
    return permission
