"""What stands on the phone is read off the answer, whatever feature gave it, and kept without a name."""

from __future__ import annotations

from core.buttons import MoreDuties, ShowCase
from core.cards import Answer, Card, Deck, Figure, Line, Press, Row, Say, said
from core.list_words import MORE
from handlers.chat import seen
from handlers.chat.seen import ITEMS_AT_MOST, Seen, after, items_of


def a_card(number: str = "", *actions: Press | Say) -> Card:
    blocks = (Row(label="編號", value=number), Row(label="對象", value="王○明")) if number else ()
    return Card(title="派案回覆", preview="這是您的待辦。", blocks=blocks, actions=actions)


def showing(number: str) -> Press:
    return Press(label="看案件", data=ShowCase(number).pack(), shown="看案件")


def listed(*numbers: str) -> Answer:
    rest = a_card("", Press(label="看更多", data=MoreDuties(10).pack(), shown=MORE))
    return said(Deck(preview="這是您的待辦。", cards=(*(a_card(each, showing(each)) for each in numbers), rest)))


def test_the_cards_of_a_deck_are_its_items_but_not_the_way_to_the_next_page() -> None:
    items = items_of(listed("WK00017", "WK00018"))
    assert [each.number for each in items] == ["WK00017", "WK00018"]
    assert items[0].ways[0].does == ShowCase("WK00017").pack()


def test_numbers_with_a_button_and_words_to_choose_from_are_items() -> None:
    figures = (Figure(label="清溪國民小學", value=3, action=showing("WK00017")), Figure(label="無", value=0))
    assert len(items_of(said(Card(title="各單位", preview="各單位。", blocks=figures)))) == 1
    choice = a_card("", Say(label="WK00017", text="WK00017 可以結案嗎"), Say(label="展延", text="展延"))
    assert [(each.number, each.ways[0].does) for each in items_of(said(choice))] == [
        ("WK00017", "WK00017 可以結案嗎"), ("", "展延"),
    ]  # fmt: skip


def test_buttons_of_several_kinds_and_what_is_offered_anywhere_are_no_list() -> None:
    several = a_card("WK00017", showing("WK00017"), Press(label="怎麼算的", data="1|why|3"))
    assert items_of(said(several)) == ()
    assert items_of(said(a_card("", Say(label="選單", text="選單"), Say(label="聯絡客服", text="客服")))) == ()


def test_a_new_list_takes_the_place_of_the_old_one_and_a_case_does_not() -> None:
    first = after(Seen(), listed("WK00017", "WK00018"), was_chosen=False)
    assert first.is_fresh
    assert first.about == ""
    second = after(first, said(a_card("WK00018", showing("WK00018"))), was_chosen=True)
    assert (second.items, second.about, second.is_fresh) == (first.items, "WK00018", True)
    third = after(second, said("不客氣。"), was_chosen=False)
    assert (third.items, third.about, third.is_fresh) == (first.items, "WK00018", False)
    assert [each.number for each in after(third, listed("WK00030"), was_chosen=False).items] == ["WK00030"]


def test_no_more_is_kept_than_a_deck_holds() -> None:
    lots = tuple(Say(label=f"第{place}題", text=f"第{place}題") for place in range(ITEMS_AT_MOST + 1))
    assert len(items_of(said(a_card("", *lots)))) == ITEMS_AT_MOST


def test_it_is_kept_as_text_and_without_a_name() -> None:
    before = after(Seen(), listed("WK00017", "WK00018"), was_chosen=False)
    collected = {seen.KEY: seen.packed(before), "address": "a@school.example"}
    assert "王" not in collected[seen.KEY]
    assert seen.load(collected) == before
    assert collected == {"address": "a@school.example"}
    assert seen.packed(Seen()) == ""
    assert seen.load({}) == Seen()


def test_a_line_of_a_card_is_no_number_of_it() -> None:
    card = Card(title="結果", preview="結果。", blocks=(Line(text="例如 WK00017"), Row(label="帳號", value="AB1234")))
    assert after(Seen(), said(card), was_chosen=False).about == ""
