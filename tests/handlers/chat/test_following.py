"""What refers to what was said before becomes what would have been typed in full; without something seen, nothing."""

from __future__ import annotations

import pytest

from handlers.chat.following import Chosen, NoneOfThese, Reworded, follow, is_pointing_only
from handlers.chat.seen import CLOSING, WORKING, Item, Seen, Way
from handlers.chat.words import counted

CASES = tuple(
    Item(
        number=number, ways=(Way(label="看案件", does=f"1|case|{number}"), Way(label="怎麼算的", does=f"1|why|{place}"))
    )
    for place, number in enumerate(("WK00017", "WK00018", "WK00019"))
)
WORDS = tuple(Item(ways=(Way(label=word, does=word),)) for word in ("改信箱", "展延"))
LISTED = Seen(items=CASES, is_fresh=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("第一個", 0),
        ("那第二個呢", 1),
        ("第3件", 2),
        ("第二筆怎麼樣", 1),
        ("最後一件", 2),
        ("下一筆", 0),
        ("2", 1),
        ("３", 2),
        ("我要2", 1),
        ("選3", 2),
        ("the second one", 1),
        ("what about the last one?", 2),
        ("the next case", 0),
    ],
)
def test_an_item_is_meant_by_its_place(text: str, place: int) -> None:
    assert follow(text, LISTED) == Chosen(place, f"1|case|{CASES[place].number}")


@pytest.mark.parametrize("text", ["第四個", "4", "第0個", "0", "上一個", "13", "第一次申請"])
def test_a_place_that_is_not_there_is_none(text: str) -> None:
    assert not isinstance(follow(text, LISTED), Chosen)


def test_a_bare_number_is_a_choice_only_right_after_the_list() -> None:
    stale = LISTED.model_copy(update={"is_fresh": False})
    assert follow("2", stale) is None
    assert follow("第二個", stale) == Chosen(1, "1|case|WK00018")
    assert follow("都不是", stale) is None
    assert follow("都不是", LISTED) == NoneOfThese()


def test_what_is_said_besides_is_a_button_of_the_item_or_goes_with_its_number() -> None:
    assert follow("第二個怎麼算的", LISTED) == Chosen(1, "1|why|1")
    assert follow("第二件可以結案嗎", LISTED) == Chosen(1, "WK00018可以結案嗎")
    assert follow("第二個可以結案嗎", Seen(items=WORDS, is_fresh=True)) == Chosen(1, "展延")


def test_the_next_one_is_asked_what_the_last_one_was() -> None:
    second = LISTED.model_copy(update={"chosen": 1})
    assert follow("下一筆", second) == Chosen(2, "1|case|WK00019")
    assert follow("上一筆", second) == Chosen(0, "1|case|WK00017")
    assert follow("那下一個呢", second.model_copy(update={"wish": WORKING})) == Chosen(2, "1|why|2")
    assert follow("下一個", second.model_copy(update={"wish": CLOSING})) == Chosen(2, f"{CLOSING} WK00019")


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("剛剛那個可以結案嗎", "WK00018可以結案嗎"),
        ("那件怎麼算的", "WK00018怎麼算的"),
        ("這個案子誰負責", "WK00018誰負責"),
        ("剛才那件", "案件 WK00018"),
        ("他可以結了嗎", "WK00018可以結了嗎"),
        ("那個待辦還有幾件", None),
        ("那個學生後來呢", "WK00018後來呢"),
    ],
)
def test_what_points_at_the_case_that_is_spoken_of_has_its_number(text: str, full: str | None) -> None:
    assert follow(text, Seen(about="WK00018")) == (Reworded(full) if full else None)
    assert follow(text, Seen()) is None


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("不是，是WK00017", "可以結案嗎 WK00017"),
        ("打錯了 wk00017", "可以結案嗎 WK00017"),
        ("喔不對 我是說19號", "案件 19"),
        ("打錯 是17", "案件 17"),
        ("不是他 我要找的是李小安", "李小安可以結案嗎"),
        ("那王美麗呢", "王美麗可以結案嗎"),
        ("那WK00019呢", "可以結案嗎 WK00019"),
    ],
)
def test_a_correction_asks_the_same_of_another(text: str, full: str) -> None:
    assert follow(text, Seen(wish=CLOSING)) == Reworded(full)


@pytest.mark.parametrize("text", ["不是我們學校的", "不是本校學生", "打錯密碼", "說錯了", "案主不是我們的學生", "不對"])
def test_what_only_begins_like_a_correction_is_none(text: str) -> None:
    assert follow(text, LISTED) is None


def test_the_name_of_a_correction_is_looked_for_where_nothing_else_was_asked() -> None:
    assert follow("不是，是李小安", Seen()) == Reworded("查李小安")


@pytest.mark.parametrize(
    ("text", "is_so"), [("下一筆", True), ("那第二個呢", True), ("第二個怎麼算的", False), ("待辦", False)]
)
def test_who_only_points_says_no_more(text: str, *, is_so: bool) -> None:
    assert is_pointing_only(text) is is_so


@pytest.mark.parametrize(
    ("written", "number"), [("7", 7), ("十", 10), ("十二", 12), ("二十", 20), ("兩", 2), ("二十三", 23), ("零", 0)]
)
def test_numbers_are_read_in_digits_and_signs(written: str, number: int) -> None:
    assert counted(written) == number
