"""The web server: how far X-Forwarded-For is believed, by which strangers' wrong tries are counted (A19); its end."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask, request

from bot import server
from bot.server import WebServer, listen_for_end, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FORWARDED = "192.0.2.66, 203.0.113.9, 198.51.100.7"


@pytest.mark.parametrize(
    ("proxies", "sent", "seen"),
    [
        (0, FORWARDED, "127.0.0.1"),
        (1, FORWARDED, "198.51.100.7"),
        (2, FORWARDED, "203.0.113.9"),
        (1, None, "127.0.0.1"),
    ],
)
def test_a19_an_address_is_believed_from_as_many_proxies_as_are_set(proxies: int, sent: str | None, seen: str) -> None:
    app = Flask("server under test", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=1024, PROXIES=proxies)
    app.add_url_rule("/", "from", lambda: str(request.remote_addr))
    with serving(app, "127.0.0.1", 0) as port:
        call = HTTPConnection("127.0.0.1", port, timeout=30)
        call.request("GET", "/", headers={"X-Forwarded-For": sent} if sent else {})
        assert call.getresponse().read().decode() == seen
        call.close()


def test_a_port_that_is_taken_leaves_nothing_open() -> None:
    app = Flask("server under test", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=1024)
    with (
        serving(app, "127.0.0.1", 0) as port,
        pytest.raises(OSError, match="in use"),
        serving(app, "127.0.0.1", port),
    ):
        pass
    gc.collect()  # what stayed open warns as it goes, and a warning fails the test


LONG = b"x" * 3_000_000  # more than the kernel takes at once


class Slow:
    """An application whose answer waits until it may come."""

    def __init__(self) -> None:
        self.asked, self.may_answer = Event(), Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        self.asked.set()
        assert self.may_answer.wait(30)
        start_response("200 OK", [("Content-Length", str(len(LONG)))])
        return [LONG]


@pytest.fixture
def slow() -> Iterator[Slow]:
    app = Slow()
    yield app
    app.may_answer.set()


def ending(running: WebServer) -> Thread:
    thread = Thread(target=running.stop)
    thread.start()
    return thread


def started(app: Slow) -> WebServer:
    running = WebServer(app, host="127.0.0.1", port=0, threads=2)
    running.start()
    return running


def wait_until_closed(port: int) -> None:
    """Wait until nobody is let in any more."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except ConnectionError:
            return
        Event().wait(0.01)


def test_who_asked_before_the_end_is_answered_whole_and_nobody_is_let_in_after_it(slow: Slow) -> None:
    running = started(slow)
    call = HTTPConnection("127.0.0.1", running.port, timeout=30)
    call.request("POST", "/", body=b"{}")
    assert slow.asked.wait(30)
    end = ending(running)
    wait_until_closed(running.port)
    slow.may_answer.set()
    assert call.getresponse().read() == LONG
    end.join(30)
    assert not end.is_alive()
    call.close()


def test_who_has_sent_half_of_a_request_at_the_end_is_heard_out(slow: Slow) -> None:
    slow.may_answer.set()
    running = started(slow)
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as half:
        half.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{")
        end = ending(running)
        wait_until_closed(running.port)
        half.sendall(b"}")
        assert half.recv(15) == b"HTTP/1.1 200 OK"
        with half.makefile("rb") as rest:
            assert rest.read().endswith(LONG)
    end.join(30)


def test_who_has_asked_nothing_holds_up_no_end(slow: Slow) -> None:
    running = started(slow)
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as idle:
        running.stop()
        assert idle.recv(1) == b""


def test_an_answer_that_never_comes_does_not_hold_up_the_end_for_ever(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ANSWERED_WITHIN_SECONDS", 0.1)
    monkeypatch.setattr(server, "HUNG_SECONDS", 0.1)
    running = started(slow)
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as asking:
        asking.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert slow.asked.wait(30)
        running.stop()
        assert asking.recv(1) == b""


ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in ASKING}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("asked_by", ASKING)
def test_a_process_that_is_asked_to_end_ends_in_order(asked_by: signal.Signals) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    wait = listen_for_end()
    os.kill(os.getpid(), asked_by)
    wait()


@pytest.mark.usefixtures("handlers")
def test_a_process_under_nohup_does_not_hear_that_the_terminal_is_gone() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    listen_for_end()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
