"""CHK-8: what only refers to another explanation, however it is typed, and what only looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checks.references import only_refers

REFERS = [
    *("同上", "如前", "同前次", "ditto"),
    *("同上。", "（同上）", "「同上」", "同　上", " 同 \n 上 ", "同上同上", "同上！！", "同\u200b上"),
    *("ＤＩＴＴＯ", "Ditto.", "d i t t o", "same as above", "Same as before", "as above", "idem", "仝"),
    *("如上", "如前述", "如前所述", "如上所述", "如上述說明", "同前", "同前述", "同前一筆", "同前次說明", "同上次"),
    *("同上一筆檢核單", "同上次取餐情形", "與上次相同", "跟上一次一樣", "和前次情況相同", "与上次一样", "參照前次說明"),
    *("詳見前次", "請參考上一筆", "請見上述", "情形同前", "原因同上", "案家狀況同上次", "一樣", "相同", "情形無變化"),
    *("同前3次", "如前述12筆", "同上述3次說明"),
    *("同M11503000012", "如檢核單M11503000012", "同 115/03/01 前次", "同上，無需求", "本次同前次。"),
]
STANDS = [
    *("同學帶他去的", "同意書已簽", "如前往超商時遇到同學，一起領", "上學前沒吃早餐", "以前沒有領過"),
    *("同上次，母親仍在住院，當天由鄰居照顧", "與上次不同，這次是父親沒有準備晚餐", "有", "無", "是", "家中提供三餐"),
    *(
        "學生說明原因",
        "",
        "。",
        "上次",
        "參考",
        "the student took the meal as before because nobody was home",
        "M11503000012",
    ),
]


@pytest.mark.parametrize("text", REFERS)
def test_chk_8_only_refers(text: str) -> None:
    assert only_refers(text)


@pytest.mark.parametrize("text", STANDS)
def test_chk_8_says_something_itself(text: str) -> None:
    assert not only_refers(text)


@given(
    text=st.sampled_from(REFERS),
    mark=st.sampled_from(["。", "　", "…", "\u200b", "（", "!", "\t"]),
    place=st.integers(0, 4),
)
def test_chk_8_marks_and_spaces_hide_nothing(text: str, mark: str, place: int) -> None:
    assert only_refers(text[:place] + mark + text[place:])


def test_chk_8_no_text_takes_long() -> None:
    begun = time.process_time()
    assert only_refers("上次" * 5000 + "同") is True
    assert only_refers("上次" * 5000 + "貓") is False
    assert time.process_time() - begun < 5
