"""Whom, or which unit, a sentence names: 「王小明那個案子現在怎樣」, 「幫我看一下林同學」, 「永平國小還有哪些沒回」.

Pure, on normal texts. The whole sentence has to be about the one that is named: what asks for something else besides
(王小明那件可以結案了嗎) is left to the recogniser. A name is only what is looked for; whether it is there, and theirs,
decides who looks.
"""

from __future__ import annotations

import re

from handlers.chat.words import AskedPerson

SHORTEST_UNIT = 3  # signs; 國小 alone is no name
LONGEST = 40  # signs of a sentence that asks about one person or unit
_SIGN = "[\u3400-\u9fff]"
SURNAMES = (
    "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯孫魏翁戴范方宋鄧杜傅侯曹薛"
    "丁卓馬阮董温溫唐藍石蔣古紀姚連馮歐程湯黎田康姜汪白鄒尤巫鐘涂凃龔嚴韓袁金童陸夏柳邵錢伍倪于譚駱熊甘秦顧毛章史官萬俞雷粘饒"
)
TITLE = "(?:小?同學|小朋友|小妹妹|小弟弟|小妹|小弟|妹妹|弟弟)"
GIVEN = "[^\\W\\da-zA-Z_那這的位件案怎誰嗎呢個]"
_MASK = "[○〇OX*]"
_NAME = f"(?:[{SURNAMES}](?={TITLE}|{_MASK})|(?:歐陽|范姜|張簡|司馬|諸葛){GIVEN}{{1,2}}|[{SURNAMES}]{GIVEN}{{1,2}})"
_ASKS = (
    "想?請問|請教|想?問一?下?|不好意思|麻煩|拜託|可不可以|能不能|可以|請|我?想要?|我?要|幫忙|幫我?|給我|我|確認|知道|關於|有關"
    "|一下|[那這]個|[那這]位|學生|個案|案件|案家|案主|叫做?|我們學校的?|我們班的?|的|:"
)
LOOKS = "FIND|LOOKUP|查一?下|查查|查詢|查|看一?下|看看|看|找一?下|找找|找|調"
LOOKS_OR_ASKS = f"(?:{LOOKS}|{_ASKS})*+"
_BEHIND = (
    "[那這]一?[個位件案]?|的|個|案子|案件|個案|案家|案|孩子|小孩|學生|家|資料|情況|情形|狀況|狀態|進度|處理|事情?|服務歷程|歷程"
    "|後來|現在|目前|最近|最新|到底|[處辦弄]理?得|結果|辦理|還好|怎麼樣|怎麼了|怎樣|怎麼辦理|如何|到哪裡?|到哪|好了沒有?|好了|回覆?了沒有?|回覆?了|誰|是|負責|派給"
    "|哪位|在|消息|下文|進展|什麼|嗎|呢|啊|阿|啦|了|沒|有|謝謝|可以|看|查|給我|一下|吧|喔|哦|,|\\?"
)
_PERSON = re.compile(
    f"(?P<asks>(?:{LOOKS}|{_ASKS})*+)(?P<name>{_NAME})(?P<title>{TITLE}|{_MASK}{{1,2}}{_SIGN}?)?(?P<rest>(?:{_BEHIND})*+)"
)
_ABOUT_ONE = re.compile("[那這]|案|孩|學生|狀況|情況|情形|進度|資料|歷程|後來")
_LOOKED = re.compile(f"{LOOKS}|案件|個案|案家|學生")
NO_NAME = re.compile(
    "高風險|高關懷|高[一二三中職危]|何時|馬上|周[一二三四五六日末]|黃燈|金額|連[絡結假]|方[便案]|唐氏|白[天色目]|程[序式度]|石[門碇]|古亭|許多"
    "|顏色|江[蘇西]|溫[馨州]|方[向式法]|黃色|金錢|何必|馬[祖公]|高[興雄]"
    "|學校|國小|國中|通報|派案|回覆|紀錄|檢核|結案|逾期|權限|帳號|信箱|老師|主任|組長|督導|媽媽?$|爸爸?$|一下|單[子位]?$|小姐|先生"
)
"""What begins as a surname does and is none."""


def named_person(text: str) -> AskedPerson | None:
    """Return the person whose case a normal text asks about, by the surname alone where no more is told (林同學)."""
    found = _PERSON.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or NO_NAME.search(found["name"]):
        return None
    is_asked = found["title"] or _LOOKED.search(found["asks"]) or _ABOUT_ONE.search(found["rest"])
    return AskedPerson(found["name"]) if is_asked else None


UNIT_ENDS = (
    "國民小學|國民中學|高級中學|國小|國中|高中|附小|附中|實小|實中|完全中學|高職|高工|工商|商工|家商|幼兒園|分校|大學|社福中心|福利中心"
    "|服務中心|家防中心|輔諮中心|教育局|社會局|衛生局|警察局|分局"
)
_OWES = (
    "的|待辦|代辦|事項|還有|還|剩下?|哪些|哪幾件|什麼|幾件|幾筆|多少件?|沒回覆?|未回覆?|沒交|沒做|沒處理|未處理|有|沒有?|欠|逾期|快?到期|現在|目前"
    "|這週|本週|今天|派?案子?|案件|個案|檢核單?|件|狀況|狀態|情況|情形|進度|如何|怎樣|怎麼樣|要處理|要回|處理|嗎|呢|啊|了|給我|看|一下|清單|列表|,|\\?"
)
_UNIT = re.compile(
    f"(?:那麼?|換|改看)?+(?:{LOOKS}|待辦|代辦|{_ASKS})*+(?P<name>(?:{_SIGN}|[0-9A-Z]){{0,20}}?(?:{UNIT_ENDS}))(?:{_OWES})*+"
)
_NO_UNIT = re.compile("我們|我校|本校|學校|哪[間所]|別的|其他|每[間所]|各[校個]|這[間所]|那[間所]|[轉升讀念去到]")
"""What stands in no unit's name and not before it: a sentence with it asks something else."""
_A_NAME = re.compile(f"[{SURNAMES}](?:國[小中]|高中|大學)")  # 陳國中 is somebody; no school has a name of one sign


def asked_unit(text: str) -> str | None:
    """Return the unit in a normal text that asks what it owes: 查永平國小, 永平國小還有哪些沒回; else None."""
    found = _UNIT.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or len(found["name"]) < SHORTEST_UNIT or _A_NAME.fullmatch(found["name"]):
        return None
    if _NO_UNIT.search(text, 0, found.end("name")):
        return None
    return found["name"]


def short_unit(name: str) -> str:
    """Return a unit's normal name as it is spoken: 永平國小 for 永平國民小學."""
    return name.replace("國民小學", "國小").replace("國民中學", "國中").replace("高級中學", "高中")
