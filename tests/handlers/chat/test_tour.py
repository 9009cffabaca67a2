"""The first tour: three cards once a phone is bound, by role, and again when it is asked for."""

from __future__ import annotations

import pytest

from core.accounts.links import begin_link, remember_link_token
from core.accounts.models import Permission, Role
from core.cards import Deck
from core.context import Core
from tests.builders import an_account, inside
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


def binds(chat: Chat, school: School) -> None:
    with inside(chat.core) as ctx:
        remember_link_token(ctx, chat.person, "token")
        nonce = begin_link(ctx, school.caseworker.id, "token")
    chat.links(nonce)


def cards(chat: Chat) -> list[str]:
    """The titles of the cards side by side."""
    assert chat.answer is not None
    return [card.title for deck in chat.answer.messages if isinstance(deck, Deck) for card in deck.cards]


def test_who_binds_for_the_first_time_is_shown_around(stranger: Chat, school: School) -> None:
    binds(stranger, school)
    stranger.sees("綁定完成", "會主動告訴您", "這樣問最快", "需要幫忙時")
    assert len(cards(stranger)) == 3


def test_who_binds_a_new_phone_knows_it_already(chat: Chat, school: School) -> None:
    new = Chat(chat.core)
    binds(new, school)
    new.sees("綁定完成")
    assert cards(new) == []


def test_the_tour_comes_again_when_asked_for(chat: Chat, stranger: Chat) -> None:
    chat.says("導覽")
    assert len(cards(chat)) == 3
    chat.presses("待辦")
    chat.sees("沒有待辦")
    stranger.says("導覽")
    stranger.sees("請先綁定帳號")


@pytest.mark.parametrize(
    ("role", "permissions", "shown", "hidden"),
    [
        (Role.CASEWORKER, (Permission.CASEWORKER,), "「可以結案嗎」", "管理台"),
        (Role.CASEWORKER, (Permission.MEAL_CHECKS,), "「待辦」", "「可以結案嗎」"),
        (Role.ADMIN, (), "管理台", "「待辦」"),
    ],
)
def test_the_tour_is_by_role(
    core_sqlite: Core, role: Role, permissions: tuple[Permission, ...], shown: str, hidden: str
) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, role=role, permissions=permissions))
    chat.says("導覽")
    chat.sees(shown)
    chat.sees_no(hidden)
