"""客服: a person behind the bot. The kind, for login trouble the steps first, then a conversation until it is solved.

While a request talks, whatever the bot does not know as a word of its own goes into it (HELP-2, HELP-4, HELP-5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.buttons import AskHelp, ContinueHelp, MoreHelp, PersonPlease, RateHelp, ThatHelped
from core.cards import Answer
from core.errors import InvalidInput
from core.helpdesk import queries, service
from core.helpdesk.entries import Written
from core.helpdesk.hours import closed, is_open, same_closing
from core.helpdesk.models import EntryKind, HelpKind
from core.helpdesk.service import Asked, Asker
from core.helpdesk.words import nobody_there
from core.wording import is_blank
from handlers.chat.dialogs import LIST, Step, goes_on
from handlers.chat.router import Gate, Router
from handlers.chat.turn import OtherSaid, TextSaid, Turn
from handlers.chat.views import fallback
from handlers.chat.views import helpdesk as views
from handlers.chat.words import normal

router = Router()
DIALOG = "help"
_SENT = {
    "image": EntryKind.PICTURE,
    "file": EntryKind.FILE,
    "video": EntryKind.MEDIA,
    "audio": EntryKind.MEDIA,
    "sticker": EntryKind.STICKER,
    "location": EntryKind.LOCATION,
}


def read_kind(text: str) -> HelpKind:
    """Return the kind a typed text names, by its label or the number before it; raises ``InvalidInput``."""
    typed = normal(text)
    for number, kind in enumerate(HelpKind, start=1):
        if typed in (kind.label, str(number), f"{number}{kind.label}"):
            return kind
    raise InvalidInput(views.KIND_EXPECTED)


def read_problem(text: str) -> str:
    """Return what was typed as the problem; raises ``InvalidInput`` for a blank text."""
    if is_blank(text):
        raise InvalidInput(views.PROBLEM_EXPECTED)
    return text


def problem_again(collected: Mapping[str, str]) -> Answer:
    """Ask for the problem once more, as one of the kind that was chosen."""
    return views.problem_question(_chosen(collected))


KIND = Step(DIALOG, "kind", views.kind_question, read_kind, buttons=(AskHelp, PersonPlease, ThatHelped, ContinueHelp))
PROBLEM = Step(
    DIALOG, "problem", views.problem_question, read_problem, buttons=(AskHelp, PersonPlease), ask_again=problem_again
)


@router.says(
    "客服", "真人", "找客服", "找真人", "人工客服", "聯絡客服", "客服電話", "電話", "轉接客服", "我要找人",
    gate=Gate.EVERYBODY,
)  # fmt: skip
def person(turn: Turn) -> Answer:
    """Ask what it is about; to somebody who has a request, offer to go on with it."""
    talking = service.talking(turn.ctx, turn.person)
    if talking is not None:
        return views.talking_already(talking.id, _nobody(turn))
    unsolved = queries.recent_of(turn.ctx, turn.person)
    question = KIND.begin(turn)
    return views.go_on_or_new(unsolved, question) if unsolved else question


@router.says("報修", "系統報修", "我要報修", "故障", "系統壞了", gate=Gate.EVERYBODY)
def fault(turn: Turn) -> Answer:
    """Report a fault at once."""
    return _problem(turn, HelpKind.FAULT)


@router.says("登入不了", "無法登入", "不能登入", "登入問題", "帳號鎖定", "帳號被鎖", "忘記密碼", gate=Gate.EVERYBODY)
def cannot_sign_in(turn: Turn) -> Answer:
    """Say the steps against login trouble, then offer a person (HELP-4)."""
    turn.dialog.leave()
    return views.login_steps()


@router.step(KIND, gate=Gate.EVERYBODY)
def kind_typed(turn: Turn, kind: HelpKind) -> Answer:
    """Go on with the kind that was typed."""
    return _of_kind(turn, kind)


@router.pressed(AskHelp, gate=Gate.EVERYBODY)
def kind_pressed(turn: Turn, button: AskHelp) -> Answer:
    """Go on with the kind that was pressed."""
    kind = _kind_of(button.kind)
    return _of_kind(turn, kind) if kind else KIND.begin(turn)


@router.pressed(PersonPlease, gate=Gate.EVERYBODY)
def person_please(turn: Turn, button: PersonPlease) -> Answer:
    """The steps did not help: on to a person."""
    return _problem(turn, _kind_of(button.kind) or HelpKind.LOGIN)


@router.pressed(ThatHelped, gate=Gate.EVERYBODY)
def helped(turn: Turn, _: ThatHelped) -> Answer:
    """The steps helped."""
    turn.dialog.leave()
    return views.that_helped()


@router.step(PROBLEM, gate=Gate.EVERYBODY)
def problem_typed(turn: Turn, text: str) -> Answer:
    """Open the request with what was typed."""
    return _ask(turn, _written(turn, text))


@router.pressed(ContinueHelp, gate=Gate.EVERYBODY)
def go_on(turn: Turn, button: ContinueHelp) -> Answer:
    """Let one's own request take what is written from now on."""
    turn.dialog.leave()
    row = service.continue_request(turn.ctx, turn.person, button.number)
    return views.go_on(row.id, row.answer_due_at, turn.ctx.now, _nobody(turn))


@router.pressed(RateHelp, gate=Gate.EVERYBODY)
def rated(turn: Turn, button: RateHelp) -> Answer:
    """Keep whether it helped."""
    service.rate(turn.ctx, turn.person, button.number, helped=bool(button.helped))
    return views.rated(button.number, helped=bool(button.helped))


@router.says("結束", "結束對話", "結束客服", "不用了謝謝", gate=Gate.EVERYBODY, leaves=True)
def end(turn: Turn) -> Answer:
    """End the conversation with the helpdesk; with none, leave the dialog under way."""
    if turn.dialog.name not in ("", LIST):
        turn.dialog.leave()
        return fallback.cancelled()
    turn.dialog.leave()
    row = service.end(turn.ctx, turn.person)
    if row is None:
        return fallback.nothing_to_cancel()
    return views.ended(row.id, was_answered=row.first_answer_at is not None)


@router.says(
    "我的報修紀錄",
    "報修紀錄",
    "我的報修",
    "我的問題",
    "客服紀錄",
    "報修進度",
    "問題進度",
    "看進度",
    "看進度、補充說明或評分",
    gate=Gate.EVERYBODY,
)
def own(turn: Turn) -> Answer:
    """Show one's own requests, newest first (HELP-5)."""
    return _page(turn, 0)


@router.pressed(MoreHelp, gate=Gate.EVERYBODY)
def more(turn: Turn, button: MoreHelp) -> Answer:
    """Show the requests from a place on."""
    return _page(turn, button.start)


@router.on(OtherSaid, gate=Gate.EVERYBODY)
def no_text(turn: Turn, event: OtherSaid) -> Answer | None:
    """Put a picture, file, sticker or place into the conversation with the helpdesk; else say what can be typed."""
    kind = _SENT.get(event.kind)
    if kind is not None and PROBLEM.is_under_way(turn.dialog):
        return _ask(turn, _written(turn, event.text, kind))
    taken = _pass_on(turn, _written(turn, event.text, kind)) if kind is not None else None
    return taken.answer if taken else fallback.only_words(event.kind, turn.account.actor if turn.account else None)


def pass_on(turn: Turn) -> views.PassedOn | None:
    """Put a text the bot does not know into the conversation with the helpdesk; None when there is none."""
    return _pass_on(turn, _written(turn, turn.event.text)) if isinstance(turn.event, TextSaid) else None


def overhear(turn: Turn) -> None:
    """Put a text the bot answers itself into the conversation too: whoever talks with them is to know of a danger."""
    if isinstance(turn.event, TextSaid):
        service.write(turn.ctx, turn.person, _written(turn, turn.event.text))


def _pass_on(turn: Turn, written: Written) -> views.PassedOn | None:
    """Nothing is said in the helpdesk's hours: the agent answers. Outside, when an answer comes, once each time."""
    now, calendar = turn.ctx.now, turn.ctx.calendar
    row = service.talking(turn.ctx, turn.person)
    if row is None:
        return None
    heard = service.last_heard(turn.ctx, row.id)
    is_quiet = is_open(now, calendar) or (heard is not None and same_closing(heard, now, calendar))
    token = replace(written, reply_token=turn.reply_token, reply_token_at=turn.reply_token_at)
    service.write(turn.ctx, turn.person, token if is_quiet else written)
    return views.PassedOn(
        None if is_quiet else views.after_hours(row.id, service.expected(turn.ctx, row), now, _nobody(turn))
    )


def _of_kind(turn: Turn, kind: HelpKind) -> Answer:
    if kind is HelpKind.LOGIN:
        turn.dialog.leave()
        return views.login_steps()
    return _problem(turn, kind)


def _kind_of(value: str) -> HelpKind | None:
    return next((each for each in HelpKind if each == value), None)


def _chosen(collected: Mapping[str, str]) -> HelpKind:
    return _kind_of(collected.get("kind", "")) or HelpKind.OTHER


def _problem(turn: Turn, kind: HelpKind) -> Answer:
    PROBLEM.begin(turn, kind=kind.value)
    return views.problem_question(kind, _nobody(turn))


def _ask(turn: Turn, written: Written) -> Answer:
    kind = _chosen(turn.dialog.collected)
    asker = Asker(
        person=turn.person,
        line_user=turn.line_user,
        account_id=turn.account.account_id if turn.account else None,
    )
    asked: Asked = service.ask(turn.ctx, asker, kind, "", written)
    turn.dialog.leave()
    return views.taken_in(asked, _nobody(turn))


def _nobody(turn: Turn) -> str:
    """Return why nobody is there now and when somebody is; empty while the helpdesk is open."""
    return nobody_there(closed(turn.ctx.now, turn.ctx.calendar))


def _written(turn: Turn, text: str, kind: EntryKind = EntryKind.TEXT) -> Written:
    said = turn.event
    if not isinstance(said, TextSaid | OtherSaid):
        return Written(text, kind)
    return Written(
        text=text,
        kind=kind,
        message_id=said.message_id,
        read_token=said.read_token,
        file_name=text if kind is EntryKind.FILE else "",
    )


def _page(turn: Turn, start: int) -> Answer:
    page = queries.own_help(turn.ctx, turn.person, start)
    if start and not page.rows:
        return _page(turn, 0)
    goes_on(turn, None if page.next_start is None else MoreHelp(page.next_start))
    return views.listed(page, turn.ctx.now)
