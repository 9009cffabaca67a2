"""What the answer to 可以結案嗎 says first, by where the closure form stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.cards import Card, Line, Tone
from core.closures.kinds import ClosureState
from core.closures.notices import closing_answer
from tests.bot.render import facts


@pytest.mark.parametrize(
    ("state", "title", "tone", "first"),
    [
        (None, "可以申請結案", Tone.GOOD, ""),
        (ClosureState.APPLIED, "結案單審核中", Tone.PLAIN, "結案單已送出，等候督導審核。"),
        (ClosureState.RETURNED, "結案單被退件", Tone.SOON, "請照退件原因修改後再送出，或刪除並繼續服務。"),
    ],
)
def test_a_form_that_was_sent_comes_before_whether_one_may_be(
    state: ClosureState | None, title: str, tone: Tone, first: str
) -> None:
    free = replace(facts.closing(is_free=True), state=state, assumes_no_risk=False)
    (card,) = closing_answer([free]).messages
    assert isinstance(card, Card)
    assert (card.title, card.tone) == (title, tone)
    texts = [block.text for block in card.blocks if isinstance(block, Line)]
    assert texts[0] == first or not first
    assert ("今天就可以送出結案單。" in texts) is (state is not ClosureState.APPLIED)
