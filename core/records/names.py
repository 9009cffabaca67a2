"""Whether somebody was named, or only called "the case": then nobody knows later who was served (REC-4)."""

from __future__ import annotations

import re
import unicodedata

NAME_AT_MOST = 60

_WORDS = (
    "服務對象",
    "家庭成員",
    *("個案", "案主", "案家", "案父", "案母", "案兄", "案姊", "案姐", "案弟", "案妹", "案手足", "案子女", "案童"),
    *("案祖父", "案祖母", "案外祖父", "案外祖母", "案祖", "案爺", "案奶", "案嬤", "案公"),
    *("學生", "同學", "學童", "該生", "該童", "本人", "孩子", "小孩", "兒童", "少年", "兒少", "幼童", "子女", "手足"),
    *("家長", "父親", "母親", "爸爸", "媽媽", "父母", "哥哥", "姊姊", "姐姐", "弟弟", "妹妹", "祖父母", "阿公", "阿嬤"),
    *("同上", "如上", "如前", "匿名", "不詳", "不明", "未知", "無名氏"),
)
_WORD = rf"(?:{'|'.join(_WORDS)})[甲乙丙丁]?"
_BETWEEN = "[與和及跟或的該此本]*"
_NOBODY = re.compile(rf"(?:{_BETWEEN}{_WORD})+{_BETWEEN}")


def names_nobody(text: str) -> bool:
    """Return whether a text is nothing but words like 個案, 案主 or 學生, however joined or numbered."""
    plain = unicodedata.normalize("NFKC", text)
    letters = "".join(each for each in plain if unicodedata.category(each) in {"Lo", "Ll", "Lu"})
    has_word = any("\u3400" <= each <= "\u9fff" for each in letters)
    bare = re.sub(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", "", letters) if has_word else letters
    return _NOBODY.fullmatch(bare) is not None
