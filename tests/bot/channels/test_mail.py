"""What became of a mail, against a server on this machine that refuses at every step."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bot.channels.mail import MailChannel, MailServer, read_smtp_url
from core.cards import said
from core.clock import FixedClock
from core.errors import SetupError
from core.notices.channel import Fill, Mail, MailDoor, Outcome, Sent
from tests.bot.channels.stub import a_closed_port

MAIL = Mail(subject="社政小幫手：待辦", text="您好\n.\n再見\n", html="<p>您好</p>")
TO = "mei@example.test"
CLOCK = FixedClock(datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC))


class Post:
    """Keeps what came; answers as told at each step."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.received: list[tuple[str, list[str], EmailMessage]] = []
        self.signed_in: list[bytes] = []
        self.looks_through = 0.0
        """Seconds for which the contents are looked through before they are taken."""

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("25"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.mail_from, envelope.rcpt_tos, message))
        answer = self.answers.get("DATA", "250 OK")
        if answer == "hang up":
            server.transport.abort()
        await asyncio.sleep(self.looks_through)
        return answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.signed_in += [data.login, data.password]
        is_right = data.password == b"p@ss:word"
        return AuthResult(success=is_right, handled=is_right)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def controller(post: Post) -> Iterator[Controller]:
    running = Controller(
        post, hostname="127.0.0.1", port=a_closed_port(), authenticator=post.authenticate, auth_require_tls=False
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def channel(controller: Controller) -> MailChannel:
    return a_channel(controller.port)


def a_channel(port: int, user: str = "", options: str = "?from=frontdoor@example.test") -> MailChannel:
    return MailChannel(f"smtp://{user}127.0.0.1:{port}{options}", clock=CLOCK, seconds=0.5)


def test_the_channel_is_a_mail_door(channel: MailChannel) -> None:
    door: MailDoor = channel
    fill = Fill(link_url=lambda: "", code=lambda _: "")
    assert "您好" in door.draw(said("您好"), fill).text


def test_a_mail_arrives_whole(post: Post, channel: MailChannel) -> None:
    assert channel.send(TO, MAIL, "n-17") == Sent(Outcome.ACCEPTED, "DATA 250")
    ((sender, recipients, message),) = post.received
    assert (sender, recipients) == ("frontdoor@example.test", [TO])
    assert message["Subject"] == MAIL.subject
    assert message["From"] == "社政小幫手 <frontdoor@example.test>"
    assert message["To"] == TO
    assert message["Message-ID"] == "<n-17@example.test>"
    assert message["Date"].datetime == CLOCK.now()
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


def test_the_same_id_gives_the_same_message_id_whatever_its_characters(post: Post, channel: MailChannel) -> None:
    for message_id in ("到期:17\r\nBcc: x", "到期:17\r\nBcc: x", "到期:18"):
        channel.send(TO, MAIL, message_id)
    first, again, other = (message["Message-ID"] for _, _, message in post.received)
    assert first == again != other
    assert all(message["Bcc"] is None for _, _, message in post.received)


@pytest.mark.parametrize(
    "address",
    ["", "mei", "mei@", "@example.test", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>", "a b@c", "美@example.test", "a@b\n"],
)
def test_an_address_that_is_none_is_refused_unsent(post: Post, channel: MailChannel, address: str) -> None:
    assert channel.send(address, MAIL, "n-1") == Sent(Outcome.REFUSED, "address")
    assert post.received == []


def test_a_subject_cannot_become_a_header(post: Post, channel: MailChannel) -> None:
    channel.send(TO, Mail("您好\r\nBcc: x@example.test", "a", "<p>a</p>"), "n-1")
    ((_, recipients, message),) = post.received
    assert recipients == [TO]
    assert message["Bcc"] is None
    assert message["Subject"] == "您好 Bcc: x@example.test"


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "451 later", Outcome.RATE),
        ("MAIL", "550 not you", Outcome.CLOSED),
        ("RCPT", "251 forwarded", Outcome.ACCEPTED),
        ("RCPT", "450 later", Outcome.SAME_PERSON),
        ("RCPT", "421 going", Outcome.RATE),
        ("RCPT", "550 unknown", Outcome.REFUSED),
        ("DATA", "451 later", Outcome.RATE),
        ("DATA", "554 no", Outcome.REFUSED),
        ("DATA", "hang up", Outcome.AMBIGUOUS),
        ("DATA", "garbage", Outcome.AMBIGUOUS),
    ],
)
def test_each_refusal_has_its_outcome(
    post: Post, channel: MailChannel, step: str, answer: str, outcome: Outcome
) -> None:
    post.answers[step] = answer
    assert channel.send(TO, MAIL, "n-1").outcome is outcome


@pytest.mark.parametrize(("looks", "outcome"), [(0.7, Outcome.ACCEPTED), (1.5, Outcome.AMBIGUOUS)])
def test_a_server_that_looks_through_a_mail_is_given_longer_than_for_any_other_answer(
    post: Post, controller: Controller, looks: float, outcome: Outcome
) -> None:
    url = f"smtp://127.0.0.1:{controller.port}?from=frontdoor@example.test"
    channel = MailChannel(url, clock=CLOCK, seconds=0.5, contents_seconds=1.0)
    post.looks_through = looks
    assert channel.send(TO, MAIL, "n-1").outcome is outcome


def test_nobody_listening_is_unreached() -> None:
    assert a_channel(a_closed_port()).send(TO, MAIL, "n-1") == Sent(Outcome.UNREACHED, "ConnectionRefusedError")


def test_a_server_that_says_nothing_is_unreached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert a_channel(silent.getsockname()[1]).send(TO, MAIL, "n-1").outcome is Outcome.UNREACHED


def test_a_server_that_hangs_up_after_its_greeting_is_unreached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection = server.accept()[0]
            connection.sendall(b"220 hello\r\n")
            connection.close()

        greeter = Thread(target=greet)
        greeter.start()
        assert a_channel(server.getsockname()[1]).send(TO, MAIL, "n-1").outcome is Outcome.UNREACHED
        greeter.join(30)


def test_user_and_password_are_percent_decoded(post: Post, controller: Controller) -> None:
    channel = a_channel(controller.port, "mei%40example.test:p%40ss%3Aword@", "")
    assert channel.send(TO, MAIL, "n-1").outcome is Outcome.ACCEPTED
    assert post.signed_in == [b"mei@example.test", b"p@ss:word"]
    assert post.received[0][0] == "mei@example.test"


def test_a_wrong_password_closes_the_channel(controller: Controller) -> None:
    channel = a_channel(controller.port, "mei:wrong@")
    assert channel.send(TO, MAIL, "n-1") == Sent(Outcome.CLOSED, "535")


def test_a_server_without_tls_gets_no_mail_when_tls_is_asked_for(post: Post, controller: Controller) -> None:
    channel = a_channel(controller.port, options="?starttls=1&from=frontdoor@example.test")
    assert channel.send(TO, MAIL, "n-1") == Sent(Outcome.CLOSED, "SMTPNotSupportedError")
    assert post.received == []


def test_the_url_gives_server_and_sender() -> None:
    assert read_smtp_url("smtp://mail.example.test") == MailServer(
        "mail.example.test", 25, "", "", starttls=False, sender="noreply@mail.example.test"
    )
    assert read_smtp_url("smtp://a%40b.test:p%2Fw@mail.example.test:587?starttls=1") == MailServer(
        "mail.example.test", 587, "a@b.test", "p/w", starttls=True, sender="a@b.test"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.test",
        "smtp://",
        "http://mail.example.test",
        "smtp://mail.example.test:x",
        "smtp://mail.example.test?tls=1",
        "smtp://mail.example.test?from=nobody",
    ],
)
def test_a_wrong_url_is_a_broken_set_up_that_shows_no_password(url: str) -> None:
    with pytest.raises(SetupError, match="FRONTDOOR_SMTP_URL"):
        read_smtp_url(url)
