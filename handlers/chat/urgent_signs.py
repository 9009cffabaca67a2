"""Which words are a sign of danger (CHK-11): a short list that is never missed, at the price of a false alarm.

A word counts wherever it stands in a text, also in simplified characters, misspelt as people do, or with dots between
its signs. What only names the subject is taken out first: a title (《自殺防治手冊》), a form, an insurance, a course.
What only looks like a word (打人工客服) is an exception beside it. Whoever is in danger names it outside of these too.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handlers.chat.urgent_english import english_sign


class Sign(StrEnum):
    """What kind of danger."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    INJURY = "injury"
    LOST = "lost"


_SIMPLIFIED = (
    "杀伤残轻楼烧结骚扰亵绑烫药丢踪离学儿见电脑机档险办预导习册讲课统计报单数专线题顶"
    "农颈强奸诱晕医殴妈给补评项栏码义标选寻没浓带遗书关"
)
_TRADITIONAL = (
    "殺傷殘輕樓燒結騷擾褻綁燙藥丟蹤離學兒見電腦機檔險辦預導習冊講課統計報單數專線題頂"
    "農頸強姦誘暈醫毆媽給補評項欄碼義標選尋沒濃帶遺書關"
)
_SAME = str.maketrans(_SIMPLIFIED + "着", _TRADITIONAL + "著")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])[.·・*_\-~]+(?=[\u3400-\u9fff])")

_SUBJECT = (
    "(?:自[殺傷殘]|輕生|家暴|家庭暴力|性侵害?|性騷擾|猥褻|虐待|[兒受]虐|虐童|施暴|毆打|打小孩|打孩子"
    "|失蹤|走失|離家出走)"
)
_ABOUT = (
    "(?:防[治制]|預防|宣導|研習|課程|講座|手冊|教材|簡報|海報|統計|比?率|條例|業務|守門人|量表|評估表|報表|表單"
    "|通報(?:表|單|流程)|這個選項|選項|欄位|代碼|類別|的類別|定義|的定義|辨識|公文|相對人|被害人補助|人口查詢"
    "|(?:個案|案件)的?(?:回覆|結案|期限|派案|檢核|統計|報表))"
)
_ASKED = "(?:^|(?<=請問)|(?<=下載)|(?<=關於)|(?<=那個)|(?<=[找要問寫填]))"
_FORM = "通報的?(?:表格?單?|單|流程|系統|網站|網頁)"
"""Asked for from the beginning on; who tells first of whom or when tells of a danger: 他上週自殺通報的表在哪."""
_HARM = "(?:受傷|流血|骨折|[燙燒]傷|昏倒|中毒)"
_PAPER = "(?:保險|理賠|給付|補助|慰問|津貼|統計|報表|表單|紀錄表|通報[表單]|選項|欄位|代碼|類別|定義)"
_NAMED = re.compile(
    "《[^《》]{1,40}》|〈[^〈〉]{1,40}〉"
    f'|[「『"][^「」『』"]{{1,40}}[」』"](?={_ABOUT}|一文|這本|這份|頁面|問卷|活動)'
    f"|{_SUBJECT}的?{_ABOUT}|{_ASKED}{_SUBJECT}的?{_FORM}|{_HARM}的?{_PAPER}"
    "|(?<!有)(?:沒有?|[並均]?未|無人?)受傷"
)
_CALLS = "(?!(?:[們的媽爸家]|公司|辦公室|室內|學校|這支|那支)*(?:電話|手機|分機|專線|市話|[0-9]{3}))"
_WORDS = {
    Sign.SUICIDE: (
        "自[殺殘鯊刎]|(?<!來)自傷|自沙(?!鹿)|割[腕手]|割自己|傷害自己|輕生|尋短|尋死|想不開|遺書|跳樓|往下跳|跳下[去樓]"
        "|燒炭(?!烤)|(?<![線網路馬晚])上吊(?![銷掛車])|不想活(?!動)|想死(?![你妳我心])|[要去]去死|一起死|死了算了|不如死"
        "|[無毋]想欲?活(?!動)|想[欲卜]死|袂當活|自ㄕㄚ|自砂|想ㄙˇ?(?![ㄅ-ㄩ])|割ㄨㄢ|輕ㄕㄥ|跳摟"
        "|活不下去|(?:結束|了結)(?:自己|生命)|吞.{0,4}藥|喝.{0,2}農藥|安眠藥"
    ),
    Sign.VIOLENCE: (
        f"打人(?![工員事數])|打(?:小孩|孩子|學生|老婆|太太|爸|媽|[我他她]){_CALLS}"
        "|被.{0,3}打(?![電岔回槍擾錯開勾包折分亂掉入]|斷(?![手腿腳骨牙鼻肋了])|了?[低高零]分)"
        "|[痛毒]打|揍|毆打|施暴|家暴|家庭暴力|虐待|[受兒]虐|虐童|性侵|性騷擾|猥褻|強[暴姦]"
        "|砍人|拿.{0,2}刀|殺人|要殺(?![毒青價])|殺[死了]|綁架|囚禁|[掐勒].{0,2}[脖頸]|皮帶抽"
        "|[菸煙]疤|鞭痕|(?:身上|手上|臉上|臉部|腿上|背上|身體|全身)[^,。]{0,4}(?:都是|有|很多|好多)[^,。]{0,4}(?:傷(?!害)|疤|黑青|烏青|紅腫)"
        "|摸[他她](?!的?(?:頭|手機|底))|(?:亂|被|偷)摸(?![透清熟索])|摸[^,。]{0,3}(?:下體|胸部|屁股|私密|私處)|毛手毛腳"
        "|(?<!鑰匙)(?<!手機)(?<!電腦)(?<!資料)(?<!文件)(?:鎖|關|趕|丟)[在到出](?:門外|家門|房間|廁所|陽台|籠子|路邊)"
        "|(?<!鑰匙)(?<!手機)(?<!電腦)(?<!資料)(?<!文件)[鎖關]在(?:家裡|車[上裡])|獨留(?![^,。]{0,4}(?:規定|罰|法))"
        "|(?:不給|不讓)[他她小孩子]{0,4}(?:飯吃|東西吃|吃飯|吃東西|進家門)"
        "|(?:(?:好幾|[兩三四五六七0-9])天|好幾[餐頓])[^,。]{0,3}沒有?(?:吃飯|吃東西|東西吃|飯吃|吃)(?=$|[了,。!])"
        "|餓了?(?:好幾|[兩三四五六七0-9])天"
        "|[予互乎]人拍(?![照片攝到影])|拍(?:囡仔|囝仔)(?!的?[照影片])"
        "|救命(?!恩)|救救?我(?!的)|救人"
    ),
    Sign.INJURY: (
        "受傷|流血(?!價)|大出血|骨折|燙傷|燒傷|昏迷|昏倒|昏過?去|暈倒|叫不醒|沒有?呼吸|溺水|窒息|抽搐|送急診|瘀[青傷]"
        "|(?<!電腦)(?<!好像)(?<!手機)(?<!主機)(?<!筆電)(?<!系統)(?<!檔案)(?<!身碟)中毒"
    ),
    Sign.LOST: (
        "走失|(?<!資料)(?<!檔案)(?<!公文)失蹤|走丟|離家出走|找不到(?:小孩|孩子|學生|人了)(?![的名資身編姓])"
        "|(?:孩子|小孩|學生|案主|[他她])[^,。]{0,5}沒有?[來到去](?:上課|上學|學校|校)(?=.{0,40}(?:沒有?人(?:接|在|應)|[聯連][絡繫]不[上到]|找不到))"
        "|(?:孩子|小孩|學生)[^,。]{0,3}失聯|上了[^,。]{0,4}(?:陌生|不認識|網友)[^,。]{0,3}車|[跟被](?:陌生人|不認識的人|網友)[^,。]{0,3}(?:走|離開|出去|跑|載|約出|拐)"
        "|走無去|拍[毋無]見(?=矣|了|$)|(?:囡仔|囝仔).{0,4}(?:無轉來|毋見)"
        "|(?:小孩|孩子|學生)(?!的?(?:資料|名單|帳號|檔案|照片|紀錄)).{0,6}(?:不見|沒有?回家)|被.{0,4}帶走"
    ),
}
_PATTERNS = {sign: re.compile(words) for sign, words in _WORDS.items()}


def sign_in(text: str) -> Sign | None:
    """Return the gravest sign of danger in a normal text, or None."""
    read = _NAMED.sub(" ", _BETWEEN.sub("", text.translate(_SAME)))
    found = next((sign for sign, pattern in _PATTERNS.items() if pattern.search(read)), None)
    english = None if found else english_sign(text)
    return found if english is None else Sign(english)
