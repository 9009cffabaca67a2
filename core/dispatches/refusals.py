"""Why an assessment, a reply or an act on them is refused, in words for whoever did it."""

from __future__ import annotations

from core.refusals import Refusal


class ReplyRefusal(Refusal):
    """One way to break REPLY."""

    NO_VISIT_DATE = "no_visit_date", "REPLY-3", "訪談日期", "沒有訪談日期。", "請填寫實際訪談的日期。"
    VISIT_IN_FUTURE = (
        "visit_in_future",
        "REPLY-3",
        "訪談日期",
        "訪談日期 {day} 還沒到（今天是 {today}）。",
        "請填寫實際訪談的日期。",
    )
    NO_VISITOR = "no_visitor", "REPLY-3", "訪員姓名", "沒有訪員姓名。", "請填寫訪員的姓名。"
    NO_VISITOR_PHONE = "no_visitor_phone", "REPLY-3", "訪員聯絡電話", "沒有訪員聯絡電話。", "請填寫聯絡電話。"
    NO_VISIT_WAY = (
        "no_visit_way",
        "REPLY-3",
        "訪談方式",
        "沒有選訪談方式。",
        "請選家訪、電訪、至機構面談、函件或其他。",
    )
    NO_OTHER_WAY = "no_other_way", "REPLY-3", "訪談方式", "選了「其他」，但沒有說明。", "請寫出是什麼方式。"
    RISKS_UNCLEAR = (
        "risks_unclear",
        "REPLY-14",
        "評估項目",
        "沒有勾選任何評估項目，也沒有表示各項都沒有。",
        "請逐項評估；若都沒有，請勾選「各項皆無」。",
    )
    RISKS_BOTH = (
        "risks_both",
        "REPLY-14",
        "評估項目",
        "勾選了「各項皆無」，卻也勾選了評估項目。",
        "請取消其中一邊。",
    )
    LONG_NOTE = "long_note", "REPLY-3", "補充說明", "補充說明有 {length} 個字，超過 1000 個字。", "請縮短補充說明。"
    ASSESSMENT_FINAL = (
        "assessment_final",
        "REPLY-3",
        "評估單",
        "評估單已在 {at} 送出，送出後不能再修改。",
        "如有補充，請寫在回覆單的補充說明。",
    )
    NO_ASSESSMENT = "no_assessment", "REPLY-3", "評估單", "這件派案要先送出評估單。", "請先送出評估單，再送出回覆單。"

    NO_CONTACT = (
        "no_contact",
        "REPLY-4",
        "聯繫結果",
        "沒有填聯繫結果。",
        "無論是否接案，請選已聯繫並訪視，或無法聯繫或訪視。",
    )
    NO_CONTACTED_ON = "no_contacted_on", "REPLY-4", "聯繫日期", "沒有聯繫日期。", "請填寫聯繫上的日期。"
    NO_VISITED_ON = "no_visited_on", "REPLY-4", "訪視日期", "沒有訪視日期。", "請填寫訪視的日期。"
    CONTACT_IN_FUTURE = (
        "contact_in_future",
        "REPLY-4",
        "聯繫日期",
        "聯繫日期 {day} 還沒到（今天是 {today}）。",
        "請填寫實際聯繫的日期。",
    )
    VISITED_IN_FUTURE = (
        "visited_in_future",
        "REPLY-4",
        "訪視日期",
        "訪視日期 {day} 還沒到（今天是 {today}）。",
        "請填寫實際訪視的日期。",
    )
    NO_GOAL = "no_goal", "REPLY-4", "預定工作目標", "沒有預定工作目標。", "請填寫預定工作目標。"
    NO_UNREACHED_REASON = (
        "no_unreached_reason",
        "REPLY-4",
        "無法聯繫或訪視原因",
        "沒有無法聯繫或訪視的原因。",
        "請填寫原因。",
    )
    CONTACT_BOTH = (
        "contact_both",
        "REPLY-4",
        "聯繫結果",
        "「已聯繫並訪視」與「無法聯繫或訪視」的內容都填了。",
        "請只留下一種聯繫結果。",
    )

    NO_DECISION = (
        "no_decision",
        "REPLY-5",
        "處理情形",
        "沒有選處理情形。",
        "請在接案處理、不開案、已轉介其他單位三項擇一。",
    )
    DECISION_MIXED = (
        "decision_mixed",
        "REPLY-5",
        "處理情形",
        "處理情形只能選一種，但也填了「{other}」的內容。",
        "請清除那些內容；若要接案又建議轉介，請寫在補充說明。",
    )
    NO_REFERRED_TO = "no_referred_to", "REPLY-5", "轉介單位", "沒有寫轉介到哪個單位。", "請填寫轉介的單位。"

    NO_RESPONSIBLE = "no_responsible", "REPLY-6", "主責人員", "沒有主責人員。", "請填寫主責人員的姓名。"
    NO_OPENING = (
        "no_opening",
        "REPLY-6",
        "開案情形",
        "沒有選開案情形。",
        "這個家庭在貴單位應選「{true}」：{why}。",
    )
    WRONG_OPENING = (
        "wrong_opening",
        "REPLY-6",
        "開案情形",
        "開案情形不能選「{chosen}」。",
        "應選「{true}」：{why}。",
    )

    NO_REASON = "no_reason", "REPLY-7", "不開案原因", "沒有勾選不開案原因。", "請在 16 個項目中至少勾選一項。"
    NO_OTHER_REASON = (
        "no_other_reason",
        "REPLY-7",
        "不開案原因",
        "勾選了「{reason}」，但沒有說明。",
        "請寫出說明。",
    )
    NO_UNCOOPERATIVE = (
        "no_uncooperative",
        "REPLY-7",
        "不開案原因",
        "勾選了「個案及其家屬完全不合作」，但沒有選是哪一種。",
        "請至少勾選一項。",
    )
    ONLY_WEAK_REASONS = (
        "only_weak_reasons",
        "REPLY-7",
        "不開案原因",
        "不得只以案家不接受服務、無法聯繫、不合作或休學為不開案的理由。",
        "須經評估案家無脆弱家庭情事：請勾選「經評估無脆弱家庭情事」，並在補充說明完整說明。",
    )
    STILL_ENROLLED = (
        "still_enrolled",
        "REPLY-12",
        "不開案原因",
        "休學的學生仍具學籍，不是「非本單位服務範圍」。",
        "請改選其他原因，或接案服務；轉學或放棄學籍才不屬於貴校。",
    )

    NO_EXPLANATION = (
        "no_explanation",
        "REPLY-8",
        "補充說明",
        "補充說明不可空白。",
        "請寫出案家現況、就學與受照顧情形、提供的資源與後續策略。",
    )
    LONG_EXPLANATION = (
        "long_explanation",
        "REPLY-8",
        "補充說明",
        "補充說明有 {length} 個字，超過 1000 個字。",
        "請縮短補充說明。",
    )
    NO_GUIDANCE = (
        "no_guidance",
        "REPLY-10",
        "親職教育",
        "派案單要求說明是否提供親職教育，但沒有回答。",
        "請選有或沒有提供。",
    )

    NO_RETURN_REASON = "no_return_reason", "REPLY-11", "退件原因", "退件沒有寫原因。", "請寫出要補充或更正什麼。"
    LONG_RETURN_REASON = (
        "long_return_reason",
        "REPLY-11",
        "退件原因",
        "退件原因有 {length} 個字，超過 1000 個字。",
        "請縮短退件原因。",
    )
    OWN_REPLY = "own_reply", "REPLY-11", "回覆單", "這張回覆單是您自己送出的。", "請由另一位督導審核。"
    OPENING_NOT_TRUE = (
        "opening_not_true",
        "REPLY-6",
        "開案情形",
        "送出之後情形變了，開案情形已不是「{chosen}」。",
        "請退件，請承辦人改選「{true}」後再送出：{why}。",
    )
    NO_DRAFT = "no_draft", "REPLY-11", "回覆單", "這件派案還沒有存檔的回覆單。", "請先填寫並存檔，再送出。"
    NO_ASSESSMENT_DRAFT = (
        "no_assessment_draft",
        "REPLY-3",
        "評估單",
        "這件派案還沒有存檔的評估單。",
        "請先填寫並存檔，再送出。",
    )

    COLLEGE = "college", "REPLY-13", "單位代碼", "「{unit}」是大專校院，不能派案。", "請改派其他單位。"
    OUTSIDE_SCHOOL = "outside_school", "REPLY-13", "單位代碼", "「{unit}」是外縣市學校，不能派案。", "請改派其他單位。"
    OTHER_COUNTY = (
        "other_county",
        "REPLY-13",
        "單位代碼",
        "案家居住在外縣市，只能派給社政單位，不能派給「{unit}」。",
        "請改派社會局或社會福利服務中心。",
    )
    REPORT_TEXT = (
        "report_text",
        "REPLY-15",
        "{field}",
        "案件「{number}」的通報內容「{field}」與已受理的不同，通報單受理後不能修改。",
        "請改回原本的內容；如確實有誤，請另行通報。",
    )
    NOT_SAME_DAY = (
        "not_same_day",
        "REPLY-16",
        "移轉單位",
        "派案日是 {day}，只能在派案當天移轉給其他單位。",
        "請照常回覆；若不屬貴單位，請在回覆單說明並轉介。",
    )
    SAME_UNIT = "same_unit", "REPLY-16", "移轉單位", "這件派案本來就在「{unit}」。", "請選另一個單位。"
    HAS_IT_ALREADY = (
        "has_it_already",
        "REPLY-16",
        "移轉單位",
        "「{unit}」當天已經有這個案件的派案。",
        "不需移轉；請在回覆單說明。",
    )
    NO_HAND_OVER_REASON = (
        "no_hand_over_reason",
        "REPLY-16",
        "移轉原因",
        "移轉沒有寫原因。",
        "請寫出為什麼屬於那個單位。",
    )


NAME_FIELD, ID_FIELD = "姓名", "身分證統號"
BAD_NATIONAL_ID = "身分證統號不正確。請檢查英文字母、數字與檢查碼。"
BAD_NAME = "姓名不可空白，最多 60 個字。"
UNIT_UNKNOWN = "查無單位代碼「{code}」。請確認代碼後再試一次。"
REPORT_FIELDS = {
    "child_name": "案主姓名",
    "national_id": "身分證統號",
    "reported_by": "通報單位",
    "received_on": "受理日期",
    "problems": "問題類型",
}
"""The text of a report by the headings of the list (REPLY-15)."""

SUBMITTED_FIRST = "{who}已在 {at} 送出這張回覆單，正等候督導審核。需要更正時，請督導退件後再修改。"
APPROVED_FIRST = "{who}已在 {at} 核可這張回覆單，這次沒有變更。不必再處理。"
RETURNED_FIRST = "{who}已在 {at} 退回這張回覆單。等承辦人更正後再送出，才能再審核。"
SENT_AGAIN = "這張回覆單在您開啟之後有變更（{who}在 {at} 送出），這次沒有決定。請先看過現在的內容，再審核。"
NOTHING_TO_REVIEW = "這件派案目前是「{state}」，沒有待審核的回覆單。等承辦人送出後，才能審核。"
NOTHING_TO_REPLY = "這件派案目前是「{state}」，不需要回覆。還要處理的，請看「待辦」。"
SOMEBODY = "有人"

OPENING_WHY = {
    "in_progress": "貴單位正在服務這個家庭，{day} 開案，尚未結案",
    "new": "貴單位從未開案服務過這個家庭",
    "reopened": "貴單位曾開案服務這個家庭，已於 {day} 結案",
}
