"""Any answer the vocabulary allows: texts of every length and script, and buttons within what they may carry."""

from __future__ import annotations

from hypothesis import strategies as st

from core.cards import (
    Action,
    Answer,
    Block,
    Card,
    Code,
    Copy,
    CopyCode,
    Deck,
    Figure,
    Light,
    Line,
    Open,
    OpenAccountLink,
    OpenPage,
    PickDate,
    Press,
    Progress,
    Row,
    Rule,
    Say,
    Step,
    Text,
    Tone,
)

short = st.text(max_size=60)
long = st.builds(lambda piece, times: piece * times, st.text(min_size=1, max_size=8), st.sampled_from([0, 1, 50, 1000]))
texts = short | long
data = st.text(alphabet="abc:123案", min_size=1, max_size=300)
tones = st.sampled_from(Tone)
numbers = st.integers(-10, 10**9)

actions: st.SearchStrategy[Action] = st.one_of(
    st.builds(Press, label=texts, data=data, shown=texts, primary=st.booleans()),
    st.builds(Say, label=texts, text=st.text(alphabet="案子a1", min_size=1, max_size=300)),
    st.builds(Open, label=texts, url=st.sampled_from(["https://example.test/a", "tel:0222222222"])),
    st.builds(OpenAccountLink, label=texts),
    st.builds(OpenPage, label=texts, path=st.sampled_from(["/p/a/1", "/p/b?c=d"])),
    st.builds(Copy, label=texts, text=st.text(alphabet="案a1", min_size=1, max_size=300)),
    st.builds(CopyCode, label=texts, challenge=st.sampled_from(["c-1", "c-2"])),
    st.builds(PickDate, label=texts, data=data, initial=st.sampled_from(["", "2026-11-21"])),
)

blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Line, text=texts, strong=st.booleans(), quiet=st.booleans()),
    st.builds(Row, label=texts, value=texts, tone=tones),
    st.builds(Figure, label=texts, value=numbers, tone=tones, action=st.none() | actions),
    st.builds(Light, colour=st.sampled_from(["R", "Y", "G"]), word=texts),
    st.builds(Progress, label=texts, done=numbers, total=numbers),
    st.builds(Step, label=texts, value=texts),
    st.builds(Rule),
    st.builds(Code, challenge=st.sampled_from(["c-1", "c-2"])),
)


def tuples(strategy: st.SearchStrategy[Block], most: int) -> st.SearchStrategy[tuple[Block, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


cards = st.builds(
    Card,
    title=texts,
    preview=texts,
    tone=tones,
    badge=texts,
    blocks=tuples(blocks, 8) | st.builds(lambda block, times: (block,) * times, blocks, st.integers(1, 90)),
    actions=st.lists(actions, max_size=4).map(tuple) | st.builds(lambda action: (action,) * 13, actions),
)
small_cards = st.builds(Card, title=texts, preview=short, blocks=tuples(blocks, 3))
decks = st.builds(
    lambda preview, some, times: Deck(preview=preview, cards=tuple(some) * times),
    texts,
    st.lists(small_cards | cards, max_size=2),
    st.sampled_from([1, 7, 31]),
)
messages = st.one_of(st.builds(Text, text=texts), cards, decks)
answers = st.builds(
    Answer,
    messages=st.lists(messages, min_size=1, max_size=5).map(tuple),
    choices=st.lists(actions, max_size=15).map(tuple),
)
