"""The sentences of the desk that do not stand in a template."""

from __future__ import annotations

from core.accounts.rules import Standing

STANDINGS = {
    Standing.ACTIVE: "使用中",
    Standing.NOT_BEGUN: "尚未啟用",
    Standing.ENDED: "已到期",
    Standing.DISABLED: "已停用",
}

SIGNED_OUT = "已登出。"
RENEWED = "已延長，從現在起 60 分鐘內有效。"

OVER = "登入時間已經結束"
OVER_WHY = "60 分鐘沒有使用，或帳號、密碼、綁定有變更，都會結束登入。請重新登入後再繼續。"
NOT_SENT = "登入時間已經結束，剛才送出的沒有完成。登入後會回到那一頁。"
STEP_LOST = "請從第一步重新登入"
STEP_LOST_WHY = "可能是停留超過 10 分鐘，或換了瀏覽器。"
FORM_OLD = "這個頁面放太久了"
FORM_OLD_WHY = "為了安全，剛才送出的內容沒有被接受，也沒有任何變更。請重新開啟頁面再試一次。"
NOT_FOUND = "找不到這個頁面或資料"
NOT_ALLOWED = "沒有權限"
NOT_NOW = "無法完成"

ACCOUNT_UNKNOWN = "查無這個帳號。請核對帳號（兩個英文字母加四個數字）。"
ACCOUNT_FORM = "帳號是兩個英文字母加四個數字，例如 AB1234。"

REASON = "理由"
"""The field of a refusal's reason, as the rules name it."""
RETURN_REASON = "退件原因"
"""The field of a return's reason, as the rules name it."""
REVIEW_APPROVED = "{what} {number} 已核可，送出的人會收到通知。"
REVIEW_RETURNED = "{what} {number} 已退件，單位會收到通知與退件原因，更正後再送出。"
REVIEW_LAST = "後面沒有{what}了。下面是還等著審核的。"
REGISTRATION_DECIDED = "帳號申請 {number}（{code}）{state}，已寄信通知申請人。"
DISABLED = "已停用帳號 {code}，並寄信告知本人。"
DISABLED_BEFORE = "帳號 {code} 早已停用，這次沒有變更。"
UNBOUND = "已解除 {code} 的 LINE 綁定，登入也已結束，並寄信告知本人。"
UNBOUND_BEFORE = "帳號 {code} 沒有綁定 LINE，這次沒有變更。"
REOPENED = "已開通 {code} 的驗證碼，錯誤次數歸零。"
REOPENED_BEFORE = "帳號 {code} 沒有錯誤紀錄，驗證碼可以使用。"
SUCCEEDED = "已更換承辦人：{old} 的權限已移除，由 {new} 接續；兩人都已通知。"
NOBODY_FOUND = "找不到符合的帳號。請輸入帳號、完整姓名，或單位的代碼、名稱開頭。"
SUCCESSOR = "新承辦人帳號"
"""The field of who takes over, as the rules name it."""
DECIDED = "申請 {number}（{kind}）{state}，已通知申請人。"
RELEASED = "已釋出 {} 則，會用收件人現在收得到的方式送出。"
DISMISSED = "已作廢 {} 則，不會再送出。"
DECIDED_BEFORE = "有 {} 則已經由別人處理，這次沒有變更。"
NOTHING_TICKED = "沒有勾選任何通知，這次沒有變更。"
DAY_STANDS = "這一天已經是這樣，這次沒有變更。"
PLAN_MOVED = "試算之後日曆或待辦又有變動，還沒有套用。請看過下面的結果，再確認一次。"
DAY_AMENDED = "已調整 {day}，{moved} 筆改期。"
NO_STATUS = "請選擇這一天上班、不上班，或依原公布。"
