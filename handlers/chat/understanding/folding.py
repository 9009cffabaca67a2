"""Texts as they are understood: one script, one spelling, and by a second, looser fold, what input methods confuse.

``fold`` takes away what does not change the meaning: white space, width, simplified script, 賬 for 帳, 記錄 for 紀錄,
syllables left in Zhuyin, the Taiwanese of everyday (``everyday.toml``) and the English words in between
(``mixed.toml``). ``sounds`` goes further and makes one sign of those that are typed for each other (驗正碼,
待辨); it is asked only where the text as written says nothing.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

from pydantic import TypeAdapter

from handlers.chat.words import normal

_SIMPLIFIED = (
    "来个们杰传伤内两册别删刚动务区厌参员问单吗严啰国报坏够学审写将专对导届师帐带帮干几废张彦后从复态凭宪"
    "应户挂拣换捡败数断于时书会东条弃业标样机档检栏权历决没况减测满涨为无灯营状现玛毕画异当发确码礼种稳笔"
    "节简纪约红级细组结络给统绑经绿紧线编县总继续罚联职胀旧叶处号卫补里制见规订计讯记设注评询话该详认误说"
    "谁课调请讲谢证读变让负责贷费贴资踪辅辉辍输辗转办辩这连周进过迟迁选还边邮乡郑钉衔销录钱错锁钟长闪闭开"
    "闲间关陆险双离云电页项顺须领频题类显风饭余马驳驻验鱼么黄点账"
)
_TRADITIONAL = (
    "來個們傑傳傷內兩冊別刪剛動務區厭參員問單嗎嚴囉國報壞夠學審寫將專對導屆師帳帶幫幹幾廢張彥後從復態憑憲"
    "應戶掛揀換撿敗數斷於時書會東條棄業標樣機檔檢欄權歷決沒況減測滿漲為無燈營狀現瑪畢畫異當發確碼禮種穩筆"
    "節簡紀約紅級細組結絡給統綁經綠緊線編縣總繼續罰聯職脹舊葉處號衛補裡製見規訂計訊記設註評詢話該詳認誤說"
    "誰課調請講謝證讀變讓負責貸費貼資蹤輔輝輟輸輾轉辦辯這連週進過遲遷選還邊郵鄉鄭釘銜銷錄錢錯鎖鐘長閃閉開"
    "閒間關陸險雙離雲電頁項順須領頻題類顯風飯餘馬駁駐驗魚麼黃點帳"
)
_SPELLINGS = str.maketrans("賬証裏姊妳週祇佔", "帳證裡姐你週只占")
_SCRIPT = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
_WORDS = {
    "記錄": "紀錄", "回復": "回覆", "登錄": "登入", "登陸": "登入", "E-MAIL": "EMAIL", "信件箱": "信箱",
    "ㄉㄞˋ": "待", "ㄅㄢˋ": "辦", "ㄇ": "嗎", "ㄉ": "的", "ㄅ": "吧", "ㄋ": "呢", "ㄛ": "喔", "ㄚ": "啊", "ㄏ": "哈",
}  # fmt: skip
_CONFUSED = """
    辦辨辯半伴扮班 待代帶袋貸戴 驗厭燕彥 證正政症鄭 碼馬瑪嗎 信性姓新心 箱相香鄉 結節截傑接 案按暗岸 覆復付附副負 派排
    退腿
    件建健見 檢撿剪減揀 核合何河荷盒 權全泉拳 限現線憲縣 展輾 延沿言研嚴顏 申身伸深 請情晴清 帳漲脹 號好浩 綁榜邦幫
    定訂釘 客克刻課 服福扶伏 密蜜秘 休修羞 學雪穴 逾於餘愚魚 期其奇棋騎 畢必閉壁 業頁葉 手首守 足竹族 評平瓶憑 估孤姑古
    紀記季計繼 錄路陸鹿 工公攻 作做坐座 燈登等 登燈 入如 鎖所索 報抱爆 審沈 註住駐柱 冊策測 設社 提題 醒省 轉專
    通同 超抄 商傷 餐參 需須 求球 同童
"""
_SOUNDS = str.maketrans({sign: group[0] for group in reversed(_CONFUSED.split()) for sign in group})


def _listed(name: str) -> dict[str, str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return TypeAdapter(dict[str, str]).validate_python(tomllib.loads(text))


_MIXED = {each.strip(): chinese for chinese, typed in _listed("mixed.toml").items() for each in typed.split(",")}
_LATIN = re.compile("[A-Za-z]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH = re.compile(
    rf"(?<![A-Za-z0-9@._-])(?:{'|'.join(map(re.escape, sorted(_MIXED, key=len, reverse=True)))})(?![A-Za-z0-9@._-])",
    re.IGNORECASE | re.ASCII,  # else U+017F is an s, and what is found stands in no list
)
_EVERYDAY = [(re.compile(typed), word) for word, listed in _listed("everyday.toml").items() for typed in listed.split()]
_UNCOMMON = re.compile("|".join(f"(?:{typed.pattern})" for typed, _ in _EVERYDAY))
"""Any of them: most texts have none, and are looked through once."""


def fold(text: str) -> str:
    """Return a text as its terms are looked for: normal, in one script and spelling, its words those of the house."""
    folded = normal(_in_chinese(text)).translate(_SCRIPT).translate(_SPELLINGS)
    for spelling, word in _WORDS.items():
        folded = folded.replace(spelling, word)
    if _UNCOMMON.search(folded):
        for typed, word in _EVERYDAY:
            folded = typed.sub(word, folded)
    return folded


def plainly(text: str) -> str:
    """Return a text in one script, with the English words between its Chinese ones replaced; all else as it is."""
    return _in_chinese(text).translate(_SCRIPT)


def _in_chinese(text: str) -> str:
    """Return a Chinese text with the English words in it replaced; one without Chinese is left to the English fold."""
    if not _LATIN.search(text) or not _CHINESE.search(text):
        return text
    return _ENGLISH.sub(lambda found: _MIXED[found[0].lower()], text)


def sounds(folded: str) -> str:
    """Return a folded text with one sign for all that are typed for each other; as long as before."""
    return folded.translate(_SOUNDS)
