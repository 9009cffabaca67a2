"""The simulator through the real LINE client and real sockets."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from time import monotonic
from uuid import uuid4

import pytest
import urllib3
from linebot.v3.messaging import (  # type: ignore[import-untyped]  # it publishes no types
    ApiClient,
    Configuration,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]  # it publishes no types

from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from tests.bot.simulator.listening import TOKEN

PATIENCE = 30  # seconds; a busy machine may take its time


@pytest.fixture
def line(simulator: Simulator) -> Iterator[MessagingApi]:
    with ApiClient(Configuration(host=simulator.api_url, access_token=TOKEN)) as client:
        yield MessagingApi(client)
        client.rest_client.pool_manager.clear()


def test_the_real_client_replies_and_pushes(platform: Platform, line: MessagingApi) -> None:
    teacher = platform.add_user("林老師")
    token = platform.follow(teacher).reply_token
    line.reply_message(
        ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="您好")]), _request_timeout=PATIENCE
    )
    line.push_message(
        PushMessageRequest(to=teacher.user_id, messages=[TextMessage(text="待辦 3 件")]),
        str(uuid4()),
        _request_timeout=PATIENCE,
    )
    assert [(each.kind, each.text) for each in platform.received(teacher)] == [("reply", "您好"), ("push", "待辦 3 件")]


def test_the_real_client_sees_a_retry_as_accepted_before(platform: Platform, line: MessagingApi) -> None:
    teacher = platform.add_user("林老師")
    platform.follow(teacher)
    request, key = PushMessageRequest(to=teacher.user_id, messages=[TextMessage(text="一次")]), str(uuid4())
    first = line.push_message_with_http_info(request, key, _request_timeout=PATIENCE)
    with pytest.raises(ApiException) as caught:
        line.push_message(request, key, _request_timeout=PATIENCE)
    assert caught.value.status == 409
    assert caught.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(platform.received(teacher)) == 1


@pytest.mark.parametrize(("fault", "delivered"), [("reset_before", 0), ("reset_after", 1)])
def test_a_reset_drops_the_connection(platform: Platform, simulator: Simulator, fault: str, delivered: int) -> None:
    teacher = platform.add_user("林老師")
    platform.follow(teacher)
    platform.set_fault("push", fault)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        _push(simulator, teacher.user_id, PATIENCE)
    assert len(platform.received(teacher)) == delivered


@pytest.mark.parametrize(("fault", "delivered"), [("timeout_before", 0), ("timeout_after", 1)])
def test_a_time_out_never_answers(platform: Platform, simulator: Simulator, fault: str, delivered: int) -> None:
    teacher = platform.add_user("林老師")
    platform.follow(teacher)
    platform.set_fault("push", fault)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        _push(simulator, teacher.user_id, 0.3)
    until = monotonic() + PATIENCE
    while len(platform.received(teacher)) < delivered and monotonic() < until:
        platform.world.stopping.wait(0.01)  # who gave up early does not know how far the call has come
    assert len(platform.received(teacher)) == delivered


def _push(simulator: Simulator, user_id: str, timeout: float) -> int:
    body = {"to": user_id, "messages": [{"type": "text", "text": "嗨"}]}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with urllib3.PoolManager(retries=False) as http:
        url = f"{simulator.api_url}/v2/bot/message/push"
        return http.request("POST", url, json=body, headers=headers, timeout=timeout).status


def test_mails_stay_in_the_mailbox(simulator: Simulator) -> None:
    _mail(simulator, "teacher@example.edu.tw")
    (mail,) = simulator.mailbox.mails("Teacher@example.edu.tw")
    assert (mail.subject, mail.text.strip()) == ("驗證碼", "您的驗證碼是 1234。")
    assert mail.recipients == ("teacher@example.edu.tw",)
    assert simulator.mailbox.mails("other@example.edu.tw") == ()


def test_a_refused_mail_is_not_kept(simulator: Simulator) -> None:
    simulator.mailbox.refuse_next()
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        _mail(simulator, "teacher@example.edu.tw")
    assert simulator.mailbox.mails() == ()


def _mail(simulator: Simulator, address: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "frontdoor@example.gov.tw", address, "驗證碼"
    mail.set_content("您的驗證碼是 1234。")
    mail.add_alternative("<script>alert(1)</script>", subtype="html")
    host, _, port = simulator.smtp_url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port), timeout=PATIENCE) as server:
        server.send_message(mail)


def test_stopping_leaves_no_thread(platform: Platform) -> None:
    before = set(threading.enumerate())
    simulator = Simulator(platform, background=True)
    simulator.start()
    _push(simulator, platform.add_user("林老師").user_id, 5)
    simulator.stop()
    assert set(threading.enumerate()) <= before
    with pytest.raises(urllib3.exceptions.NewConnectionError):
        _push(simulator, "U0", PATIENCE)


def test_stopping_lets_a_held_call_go(platform: Platform) -> None:
    simulator = Simulator(platform)
    simulator.start()
    platform.set_fault("any", "timeout_before")
    statuses: list[str] = []

    def call() -> None:
        try:
            _push(simulator, "U0", PATIENCE)
        except urllib3.exceptions.HTTPError as error:
            statuses.append(type(error).__name__)

    caller = threading.Thread(target=call)
    caller.start()
    while platform.faults.active():
        platform.world.stopping.wait(0.01)
    simulator.stop()
    caller.join()
    assert statuses == ["ProtocolError"]


def test_the_mailbox_shows_text_and_never_markup(simulator: Simulator) -> None:
    _mail(simulator, "teacher@example.edu.tw")
    with urllib3.PoolManager(retries=False) as http:
        pages = {
            path: http.request("GET", simulator.mailbox_url + path, timeout=PATIENCE)
            for path in ("", "?address=teacher@example.edu.tw", "?address=other@example.edu.tw", "1", "2")
        }
    assert [page.status for page in pages.values()] == [200, 200, 200, 200, 404]
    assert ["驗證碼" in page.data.decode() for page in pages.values()] == [True, True, False, True, False]
    assert "您的驗證碼是 1234。" in pages["1"].data.decode()
    assert "<script" not in pages["1"].data.decode()
