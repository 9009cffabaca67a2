"""A background loop works when woken, outlives failures, and ends when asked."""

from __future__ import annotations

from threading import Event

from bot.loops import Loop


def test_a_loop_works_when_woken_and_goes_on_after_a_failure() -> None:
    done = Event()
    rounds: list[int] = []

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise ValueError
        done.set()

    loop = Loop("test", work)
    loop.start()
    loop.wake()
    assert done.wait(30)
    loop.stop()
    seen = len(rounds)
    loop.wake()
    assert len(rounds) == seen


def test_a_loop_that_never_began_can_be_stopped() -> None:
    Loop("test", lambda: None).stop()
