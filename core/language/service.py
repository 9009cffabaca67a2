"""What is said to somebody, in their language: the one place where an answer stops being Chinese.

Areas and the chat say everything in Chinese. Where an answer is said to somebody whose language is another, every text
of it is rendered: by ``core/language/rendering.py`` what is shown, by the words the chat understands what is typed for
them. What a person of the helpdesk writes is theirs, and stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from core.cards import Answer, Copy, Line, Piece, Row, Say, Text
from core.language.catalogue import Catalogue, catalogue
from core.language.models import Language
from core.language.peoples import PEOPLES
from core.language.rendering import Reader

SHOWN = frozenset({"label", "shown", "text", "value", "title", "preview", "badge", "word", "note"})
"""The fields of a piece that people read."""
P = TypeVar("P", bound=Piece)


def in_language(answer: Answer, language: Language) -> Answer:
    """Return an answer in a language; in Chinese it is what it was. Rendering twice changes nothing more."""
    if language is Language.CHINESE or answer.language == language.value:
        return answer
    found = catalogue(language)
    reader = Reader(found)
    render = partial(_piece, reader=reader, typed=partial(typed_words, catalogue=found))
    by_a_person = bool(answer.sender)
    messages = (each if by_a_person and isinstance(each, Text) else render(each) for each in answer.messages)
    return answer.model_copy(
        update={
            "messages": tuple(messages),
            "choices": tuple(render(each) for each in answer.choices),
            "language": language.value,
        }
    )


def language_of(answer: Answer) -> Language:
    """Return the language an answer is said in."""
    return next(each for each in Language if each.value == answer.language)


def in_words(text: str, language: Language) -> str:
    """Return one text in a language."""
    return text if language is Language.CHINESE else Reader(catalogue(language)).rendered(text).text


def menu_words(text: str, language: Language) -> str:
    """Return what a text is in the menus under the chat: its short form, else what it is everywhere."""
    if language is Language.CHINESE:
        return text
    entry = catalogue(language).menu.get(text)
    return in_words(text, language) if entry is None else entry.forms[0]


def typed_words(text: str, catalogue: Catalogue) -> str:
    """Return what is typed instead of a Chinese command; one that has no other word stays, and is understood too."""
    entry = catalogue.typed.get(text) or catalogue.whole.get(text)
    if entry is not None:
        return entry.forms[0]
    for pattern in catalogue.typed_patterns:
        parts = pattern.template.filled(text)
        if parts is not None:
            return pattern.entry.said(parts, parts)
    return text


def _piece(piece: P, *, reader: Reader, typed: Callable[[str], str]) -> P:
    """Return a piece with all texts of it, and of the pieces in it, rendered."""
    render = partial(_piece, reader=reader, typed=typed)
    changed: dict[str, object] = {}
    for name, value in piece:
        if isinstance(value, Piece):
            changed[name] = render(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(render(each) for each in value)
        elif isinstance(value, str) and value and name in SHOWN and _is_ours(piece, name):
            changed[name] = typed(value) if isinstance(piece, Say) and name == "text" else reader.rendered(value).text
    return piece.model_copy(update=changed)


def _is_ours(piece: Piece, name: str) -> bool:
    """Return whether a field holds our words: not what is copied, nor what somebody wrote."""
    if isinstance(piece, Copy):
        return name != "text"
    if isinstance(piece, Line):
        return not piece.quoted
    return not (isinstance(piece, Row) and name == "value" and piece.label in PEOPLES)
