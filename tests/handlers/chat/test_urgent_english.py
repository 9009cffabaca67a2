"""Signs of danger in English (CHK-11): seen in whatever sentence, and not in the names of forms and hotlines."""

from __future__ import annotations

from time import process_time

import pytest

from handlers.chat.english import WORDS
from handlers.chat.urgent_signs import Sign, sign_in
from handlers.chat.words import normal

DANGERS = {
    Sign.SUICIDE: [
        "suicide", "A pupil is suicidal", "she wants to die", "he tried to kill himself", "I want to kill myself",
        "she cuts herself",
        "he is cutting his wrists", "self-harm", "self harm again", "she hurts herself",
        "he is going to jump off the roof",
        "I don't want to live", "she does not want to live any more", "he hanged himself", "end my life",
        "she took all her pills",
        "overdose", "we would be better off dead",
    ],
    Sign.VIOLENCE: [
        "his father beats him", "the father is beating the child", "a teacher hit a pupil", "she was stabbed",
        "he has a knife",
        "domestic violence at home now", "child abuse", "she is being abused", "she was raped",
        "he is choking her", "they kidnapped her",
        "sexually assaulted", "my husband hits me", "he is going to kill her", "they are attacking us",
    ],
    Sign.INJURY: [
        "a pupil is injured", "he is bleeding", "she is unconscious", "not breathing", "the child can't breathe",
        "a broken arm",
        "he passed out", "she fainted in class", "drowning", "food poisoning", "she has a seizure",
        "call an ambulance",
    ],
    Sign.LOST: [
        "a missing child", "the pupil is missing", "my son has gone missing", "she ran away from home",
        "her daughter is gone missing", "the boys have gone missing",
        "a runaway", "we can't find the child",
        "the girl has disappeared", "the student did not come home",
    ],
}  # fmt: skip
HARMLESS = [
    "suicide prevention hotline", "suicide awareness training", "injury insurance", "the injury report form",
    "child abuse prevention course",
    "missing record", "I am missing a form", "the student is missing in the list? no, her record",
    "what if a student's file is missing",
    "I hit the wrong button", "kill the session", "the page is dead", "my code is missing", "skills course",
    "the system choked",
    "he changed schools", "when does the case die", "I lost my phone", "the pupil lost her card",
    "beat the deadline", "hi there", "switch it here", "kill user sessions", "kill messages",
    "helpdesk hits the spot",
    "I can't find the student in the list", "I can't find the pupil's case", "abuse of the form",
]  # fmt: skip
ALL = [(sign, text) for sign, texts in DANGERS.items() for text in texts]
FALSE_ALARMS = {"the student is missing in the list? no, her record"}  # rather one too many


@pytest.mark.parametrize(("sign", "text"), ALL, ids=[text for _, text in ALL])
def test_a_sign_is_seen(sign: Sign, text: str) -> None:
    assert sign_in(normal(text)) is sign


@pytest.mark.parametrize("text", [each for each in HARMLESS if each not in FALSE_ALARMS])
def test_what_names_no_danger_is_none(text: str) -> None:
    assert sign_in(normal(text)) is None


def test_no_command_is_a_sign() -> None:
    assert [each for typed in WORDS.values() for each in typed if sign_in(normal(each))] == []


@pytest.mark.parametrize("again", ["is gone ", "has gone ", "is ", "went "])
def test_a39_what_is_read_in_one_way_only_costs_no_more_than_its_length(again: str) -> None:
    begun = process_time()
    assert sign_in(normal("the child " + again * 24, most=5000)) is None
    assert process_time() - begun < 0.5
