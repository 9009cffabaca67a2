"""Whether an explanation says nothing but "as before": 同上, 如前, 同前次, ditto, however it is typed (CHK-8).

A text is taken apart into the words below. It only refers to another where nothing else is left, and where some of the
words say "the same", or point at something earlier.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"[a-z]{0,4}[0-9]{6,}")  # of another check
_POINTING = (
    *("同", "如", "與", "和", "跟", "見", "詳", "參", "參見", "參考", "參照", "參閱", "比照", "依照", "依據"),
    *("依", "照", "按", "承", "援引", "沿用", "复制", "複製", "与", "详", "参", "参考", "参照", "as", "see"),
)
_EARLIER = (
    *("上", "前", "之前", "先前", "前面", "上面", "以上", "以前", "上述", "前述", "上開", "前開", "上揭", "前揭"),
    *("上次", "前次", "上一", "前一", "上回", "前回", "前幾", "上幾", "上週", "上周", "昨天", "昨日", "前天", "前日"),
    *("第一", "另一", "其他", "其它", "above", "before", "previous", "previously", "prior", "last", "earlier"),
)
_SAME = (
    *("一樣", "一样", "相同", "雷同", "同樣", "同样", "不變", "無異", "無變化", "沒有變化", "無變動", "沒變"),
    *("ditto", "idem", "ibid", "same", "同上", "同前", "々", "仝"),
)
_AROUND = (
    *("次", "筆", "笔", "件", "張", "份", "則", "單", "单", "天", "日", "回", "案", "述", "所述", "所示"),
    *("欄", "項", "文"),
    *("檢核單", "檢核", "通報", "說明", "补充", "補充", "內容", "情形", "情況", "狀況", "原因", "理由", "紀錄", "記錄"),
    *("回覆", "填寫", "資料", "辦理", "取餐", "用餐", "學校", "學生", "該生", "個案", "案家", "案主", "家庭", "家中"),
    *("本次", "此次", "這次", "本筆", "此筆", "本案", "均", "皆", "都", "也", "仍", "亦", "係", "是", "為", "的", "之"),
    *("所", "請", "了", "喔", "一", "二", "三", "四", "五", "有需求", "無需求", "time", "the", "one", "is", "it", "to"),
    *("report", "check", "of", "reason"),
)
_WORDS = (*_POINTING, *_EARLIER, *_SAME, *_AROUND)


def only_refers(text: str) -> bool:
    """Return whether a text only refers to another; width, spaces, punctuation and capitals do not matter (CHK-8)."""
    plain = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(each for each in plain if unicodedata.category(each)[0] in "LN")
    if not _is_made_of_words(letters):
        return False
    is_earlier = _has(letters, _EARLIER) or _NUMBER.search(letters) is not None
    return _has(letters, _SAME) or (_has(letters, _POINTING) and is_earlier)


def _has(letters: str, words: tuple[str, ...]) -> bool:
    return any(word in letters for word in words)


def _is_made_of_words(letters: str) -> bool:
    """Return whether words, numbers and digits follow each other without a rest; no text takes long."""
    ends = {0}
    for place, letter in enumerate(letters):
        if place in ends:
            ends.update(place + len(word) for word in _WORDS if letters.startswith(word, place))
            number = _NUMBER.match(letters, place)
            ends.add(number.end() if number else place + letter.isdecimal())
    return len(letters) in ends
