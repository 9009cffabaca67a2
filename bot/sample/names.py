"""Invented people: plausible names, and national IDs valid in form and clearly nobody's (0000 in the middle)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from core.accounts.rules import is_national_id

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈"
GIVEN = (
    "怡君", "雅婷", "佳穎", "淑芬", "美玲", "郁婷", "欣怡", "思妤", "子涵", "品妍", "宥蓁", "芷晴", "詩涵", "心怡",
    "志明", "俊傑", "建宏", "家豪", "冠宇", "宗翰", "承恩", "宇翔", "柏翰", "彥廷", "品睿", "子軒", "睿恩", "奕辰",
    "雨桐", "語彤", "若曦", "以恩", "沛岑", "苡安", "樂安", "禹丞", "晨皓", "定宇", "昱安", "可昕", "靖雯", "書瑋",
)  # fmt: skip


def names(random: Random) -> Iterator[str]:
    """Yield different names, in the order the seed gives."""
    every = [surname + given for surname in SURNAMES for given in GIVEN]
    random.shuffle(every)
    yield from every


def national_ids(letter: str) -> Iterator[str]:
    """Yield different national IDs of one letter, men's and women's in turn."""
    for number in range(1000):
        for sex in "12":
            body = f"{letter}{sex}0000{number:03}"
            yield next(body + digit for digit in "0123456789" if is_national_id(body + digit))
