"""Understanding what is written, against five milliseconds a message and against the likeness of words alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import process_time

from handlers.chat.understanding import understand
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.meaning import TITLES
from handlers.chat.understanding.reading import guesses
from tests.bench.figures import Figure, ratio_of, ratio_of_times

PHRASES = Path(__file__).parents[1] / "handlers" / "chat" / "understanding" / "phrases.tsv"
SECONDS_A_MESSAGE = 0.005
LONGEST = "派案的案子還有手足畢業休學轉學結案單被退件，" * 10


def figures() -> Iterator[Figure]:
    """Yield the time of a message that people write, and of the longest that is looked at, over what it may take."""
    texts = [line.split("\t")[1] for line in PHRASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    everything = partial(_read, texts)
    allowed = SECONDS_A_MESSAGE * len(texts)
    yield ratio_of_times("a message understood / 5 ms", partial(_busy, everything), lambda: allowed, rounds=5, most=1)
    longest = partial(_read, [LONGEST] * len(texts))
    yield ratio_of_times("the longest message / 5 ms", partial(_busy, longest), lambda: allowed, rounds=5, most=1)
    yield ratio_of("a message understood / nearest words alone", everything, partial(_guess, texts))


def _busy(act: Callable[[], None]) -> float:
    """Return the processor's seconds: against a fixed time, what else the machine does must not count."""
    began = process_time()
    act()
    return process_time() - began


def _read(texts: list[str]) -> None:
    for text in texts:
        understand(text, TITLES)


def _guess(texts: list[str]) -> None:
    for text in texts:
        guesses(fold(text), [], TITLES)
