"""The table of operations: what other systems may ask, by which scope, and what they are answered."""

from __future__ import annotations

from core.access import Action
from handlers.api import codes, duties, facts, notices
from handlers.api.models import (
    ChallengeAddress,
    CheckAddress,
    CheckBody,
    CodeAsked,
    CodeRight,
    CodeSent,
    CodeTyped,
    CodeVoid,
    CodeWrong,
    DispatchAddress,
    DispatchBody,
    DutiesAddress,
    DutiesOwed,
    FactPut,
    Nothing,
    NoticeAsked,
    NoticeTaken,
)
from handlers.api.operations import About, Operation, operation

ADDED = "新增。"
CHANGED_OR_SAME = "更新，或內容相同而沒有改變。"

OPERATIONS: tuple[Operation, ...] = (
    operation(
        ("POST", "otp", Action.ASK_CODES),
        About(
            "ask_code",
            "寄送驗證碼",
            "寄一組新的驗證碼給帳號的本人，同用途的舊驗證碼作廢。"
            "驗證碼 15 分鐘內有效、只能用一次、錯 3 次作廢，而且只有請求它的金鑰能驗證。"
            "帳號不存在、停用或驗證碼暫停時，回應與計次都相同，只是沒有寄出，所以看不出有哪些帳號。"
            "同一帳號兩次之間至少 60 秒，每小時最多 5 次、每天 20 次，超過時回應 429。",
            {201: ("已受理。", (CodeSent,))},
            (429,),
        ),
        (Nothing, CodeAsked),
        codes.ask,
    ),
    operation(
        ("POST", "otp/{challenge}/verify", Action.ASK_CODES),
        About(
            "check_code",
            "驗證使用者輸入的驗證碼",
            "不是 8 個數字的內容回應 422，不算一次錯誤。答錯的次數一定會計入，即使之後的處理失敗。",
            {200: ("驗證的結果。", (CodeRight, CodeWrong, CodeVoid))},
            (),
        ),
        (ChallengeAddress, CodeTyped),
        codes.check,
    ),
    operation(
        ("POST", "notices", Action.SEND_NOTICES),
        About(
            "send_notice",
            "通知一個帳號",
            "以 LINE（已綁定者）或電子郵件通知。手機鎖定畫面只顯示固定的一句話，不顯示標題與內文。"
            "請附上 Idempotency-Key：同樣的通知重送時只會說一次。",
            {202: ("已受理。", (NoticeTaken,))},
            (404,),
        ),
        (Nothing, NoticeAsked),
        notices.send,
    ),
    operation(
        ("PUT", "dispatches/{case_number}/{unit}/{dispatch_date}", Action.IMPORT),
        About(
            "put_dispatch",
            "放進一筆派案",
            "與匯入檔的一列相同：同一組案件編號、單位、派案日期就是同一筆，有改變的欄位會更新。同樣的內容再送一次不會有任何改變。",
            {200: (CHANGED_OR_SAME, (FactPut,)), 201: (ADDED, (FactPut,))},
            (),
        ),
        (DispatchAddress, DispatchBody),
        facts.put_dispatch,
    ),
    operation(
        ("PUT", "checks/{number}", Action.IMPORT),
        About(
            "put_check",
            "放進一張幸福保衛站檢核單",
            "與匯入檔的一列相同：同一檢核編號就是同一張。同樣的內容再送一次不會有任何改變。有危急徵兆時，中心會立刻接到通知。",
            {200: (CHANGED_OR_SAME, (FactPut,)), 201: (ADDED, (FactPut,))},
            (),
        ),
        (CheckAddress, CheckBody),
        facts.put_check,
    ),
    operation(
        ("GET", "duties", Action.SEE_DUTIES),
        About(
            "list_duties",
            "查一個單位的待辦",
            "現在未完成的待辦，最急的在前；已逾期的仍在其中。每一件都說明期限怎麼算的。回應不含姓名。",
            {200: ("一頁待辦。", (DutiesOwed,))},
            (404,),
        ),
        (DutiesAddress, Nothing),
        duties.list_owed,
    ),
)
