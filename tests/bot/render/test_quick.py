"""Quick replies repeat no button that stands on a card above them."""

from __future__ import annotations

import pytest

from bot.render.flex import draw
from bot.render.quick import offered
from core.cards import Action, Answer, Card, Deck, Open, Press, Say, said
from tests.bot.render.gallery import GALLERY
from tests.bot.render.samples import a_fill

DUTIES, MENU = Say(label="待辦", text="待辦"), Say(label="選單", text="選單")
PAGE = Press(label="還有 3 件", data="more", shown="更多")
SITE = Open(label="網頁", url="https://example.gov.tw")


def a_card(*actions: Action) -> Card:
    return Card(title="標題", preview="這是一張卡片。", blocks=(), actions=actions)


@pytest.mark.parametrize(
    ("on_card", "choices", "left"),
    [
        ((DUTIES,), (DUTIES, MENU), (MENU,)),
        ((DUTIES.model_copy(update={"label": "看待辦", "primary": True}),), (DUTIES, MENU), (MENU,)),
        ((PAGE,), (PAGE.model_copy(update={"label": "下一頁"}), MENU), (MENU,)),
        ((SITE,), (SITE, MENU), (MENU,)),
        ((DUTIES, MENU), (DUTIES, MENU), ()),
        ((Press(label="待辦", data="待辦"),), (DUTIES,), (DUTIES,)),
        ((), (DUTIES, MENU), (DUTIES, MENU)),
    ],
)
def test_what_a_button_does_is_not_offered_again(
    on_card: tuple[Action, ...], choices: tuple[Action, ...], left: tuple[Action, ...]
) -> None:
    assert offered(said(a_card(*on_card), choices=choices)) == left


def test_a_button_of_a_deck_may_be_out_of_sight() -> None:
    deck = Deck(preview="這些是卡片。", cards=(a_card(PAGE), a_card(DUTIES)))
    assert offered(said(deck, choices=(PAGE, DUTIES))) == (PAGE, DUTIES)


def test_where_all_stand_on_the_card_no_quick_reply_is_sent() -> None:
    (message,) = draw(said(a_card(DUTIES), choices=(DUTIES,)), a_fill())
    assert "quickReply" not in message


@pytest.mark.parametrize("name", GALLERY)
def test_every_card_can_be_gone_on_from(name: str) -> None:
    answer: Answer = GALLERY[name]()
    tapped = [each for card in answer.messages if isinstance(card, Card) for each in card.actions]
    assert not answer.choices or tapped or offered(answer)
