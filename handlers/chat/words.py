"""How typed words are compared: what a keyboard, an input method or a copied text adds is taken away first.

Full width becomes half width (NFKC), invisible characters and white space go, 臺 and 台 are the same, and the
punctuation at the end of a question does not count. The result is for comparing only and is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.accounts.rules import is_national_id

MOST = 200  # of a longer text no more is looked at for a command, so a flood of marks costs nothing
_SAME = str.maketrans("臺", "台")
_INVISIBLE = ("C", "Z", "M")  # control and format characters, white space, combining marks
_ENDING = "?!。.、,;:~…"
_NUMBER = r"#?([A-Z]{1,4}-?[0-9]{3}(?:[0-9-]|[A-Z]{1,2}(?![A-Z])){0,35})"  # no word behind it: is WK00017 ready
_ASKING = "(?:請?(?:幫我)?(?:查詢?|看)?(?:案件|個案|案號)(?:編號)?|請?(?:幫我)?查詢?):?"
_CASE_NUMBER = re.compile(_NUMBER)
_ASKED_CASE = re.compile(
    rf"(?:{_ASKING}|請?(?:幫我)?(?:查詢?|看)?檢核單?(?:編號)?:?)#?((?=[A-Z-]*[0-9])[0-9A-Z][0-9A-Z-]{{0,39}})"
)
_ASKED_WORKING = re.compile(rf"(?:期限)?怎麼算(?:的|出來的)?:?{_NUMBER}|{_NUMBER}的?(?:期限)?怎麼算(?:的|出來的)?")
_LIGHT = (
    "(?:案件)?的?(?:為什麼|為何|怎麼|現在|目前|到底|還|會|是|什麼|[紅黃綠]|變|亮)*燈號?"
    "(?:怎麼來的|的?原因|是|什麼|意思|呢|啊|嗎|了)*"
)
_ASKED_LIGHT = re.compile(rf"{_NUMBER}{_LIGHT}|{_LIGHT}:?{_NUMBER}")
_ASKED_UNCLEAR = re.compile(rf"{_ASKING}([^,，。、]{{1,10}})")
_ASKED_NAME = re.compile(
    r"請?(?:幫我?)?(?:查一?下|查詢?|FIND|LOOKUP):?(?!案件|個案|案號)([\u3400-\u9fff·•‧]{1,20}?)(?:的案[子件])?"
)
_COURTESY = re.compile(
    "^(?:(?:請問|您?好|你好|不好意思|麻煩|拜託|老師|客服)[,，。、!~]*)+(?=.)|[,，。、!~]*(?:謝謝|感謝|感恩|多謝|謝啦|拜託|麻煩)(?:[你您]了?|了|啦|喔|唷)?$"
)
_PART = re.compile(r"[A-Z]{1,4}-?[0-9]{1,4}|[0-9]{1,7}")
_SHORT_NUMBER = re.compile("([A-Z]{0,4}-?[0-9]{1,7})號?")
_ODD_NUMBER = re.compile("#?((?=[A-Z-]*[0-9])[0-9A-Z][0-9A-Z-]{0,39})")
_SENTENCE = re.compile(
    "一下|一查|看看|我|待辦|檢核|紀錄|信箱|驗證|逾期|退件|客服|期限|設定|"
    "順便|另外|然後|而且|能不能|結案|[他她]|有沒有|有哪|目前|申請|進度|權限|帳號|嗎|怎|什麼|哪|幾|可以|需要|還要|名單|狀態|狀況|編號|案子"
)
"""What stands in no name: a text with it is a sentence, and is read as one."""
_ASKED_ID = re.compile(r"(?:請?(?:幫我)?查詢?:?)?([A-Z][0-9]{9})")
_ALSO_CALLED = {
    "逾期": "已逾期", "逾期案件": "已逾期", "我的逾期": "已逾期", "未回覆": "待回覆", "待回": "待回覆",
    "未檢核": "待檢核", "檢核逾期": "逾期未檢核", "逾期檢核": "逾期未檢核",
    "進行中": "處理中個案", "處理中": "處理中個案", "開案中": "處理中個案", "服務中": "處理中個案",
    "進行中個案": "處理中個案", "開案中個案": "處理中個案", "結案申請": "結案申請中",
}  # fmt: skip
"""What the lists are called besides their labels."""
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九十", start=1)} | {"兩": 2}
WHAT_IS_LEFT = "還要做什麼"
"""What is typed before numbers to see what is owed about them."""
TEN = 10
_CODE = re.compile(r"[0-9]{8}")
_CONSENT = frozenset({"確定", "確定解除", "確認", "是", "是的", "解除", "YES", "Y"})


@dataclass(frozen=True)
class AskedPerson:
    """A person who is asked for by name or national ID: no bare text, so that no refusal notes who it was."""

    text: str


def normal(text: str, most: int = MOST) -> str:
    """Return a text as it is compared; a text of nothing but punctuation keeps its first sign (？ asks for help)."""
    folded = unicodedata.normalize("NFKC", text[:most]).translate(_SAME)
    visible = "".join(sign for sign in folded if unicodedata.category(sign)[0] not in _INVISIBLE).upper()
    return visible.rstrip(_ENDING) or visible[:1]


def without_courtesy(text: str) -> str:
    """Return a normal text without what is said for courtesy before and behind: 請問待辦, 查WK00017謝謝."""
    return _COURTESY.sub("", text).rstrip(_ENDING) or text


def asked_case(text: str) -> str | None:
    """Return the case number in a normal text like 案件WK00017, 查WK00017 or WK00017; None: it asks for no case."""
    found = _ASKED_CASE.fullmatch(text) or _CASE_NUMBER.fullmatch(text)
    return found[1] if found else None


def short_number(text: str) -> str | None:
    """Return the part of a number in a normal text that is nothing else, for who was asked for a number; else None."""
    found = _SHORT_NUMBER.fullmatch(text)
    return found[1] if found else None


def odd_number(text: str) -> str | None:
    """Return a normal text that may be a whole number of some other form, EDGE2; else None. Only a look tells."""
    found = _ODD_NUMBER.fullmatch(text)
    return found[1] if found else None


def is_part(number: str) -> bool:
    """Return whether a number as it was typed is shorter than any whole case number: 17, WK17, 10003."""
    return bool(_PART.fullmatch(number))


def asked_working(text: str) -> str | None:
    """Return the number in a normal text that asks how its deadline was reckoned: 怎麼算的WK00017."""
    found = _ASKED_WORKING.fullmatch(text)
    return (found[1] or found[2]) if found else None


def asked_light(text: str) -> str | None:
    """Return the number in a normal text that asks for the light of a case: WK00030為什麼是黃燈."""
    found = _ASKED_LIGHT.fullmatch(text)
    return (found[1] or found[2]) if found else None


def list_name(text: str) -> str:
    """Return the name of the list that a normal text may mean: 已逾期 for 逾期的, 已逾期清單, 逾期."""
    name = text.removesuffix("清單").removesuffix("的")
    return _ALSO_CALLED.get(name, name)


def unclear_case(text: str) -> AskedPerson | None:
    """Return by what a normal text asks for a case where that is no number, as for a name: 案件王小明."""
    found = _ASKED_UNCLEAR.fullmatch(text)
    if found is None or _SENTENCE.search(text) or _CASE_NUMBER.search(text):
        return None
    return AskedPerson(found[1])


def asked_person(text: str) -> AskedPerson | None:
    """Return the person in a normal text like 查王小明, or of a right national ID; None: it asks for nobody."""
    number = _ASKED_ID.fullmatch(text)
    if number and is_national_id(number[1]):
        return AskedPerson(number[1])
    name = _ASKED_NAME.fullmatch(text)
    return AskedPerson(name[1]) if name and not _SENTENCE.search(name[1]) else None


def code_like(text: str) -> str | None:
    """Return a normal text that looks like a one-time password, which belongs on a page and not into the chat."""
    return text if _CODE.fullmatch(text) else None


def is_consent(text: str) -> bool:
    """Return whether a typed text is a clear yes."""
    return normal(text) in _CONSENT


def counted(written: str) -> int:
    """Return the number that is written in digits or signs, up to 99; 0 for what is none."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _DIGITS.get(written, 0)
    return TEN * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
