"""The Chinese texts of the code that reach the chat, as they stand in it; 〈〉 stands where a value is put in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
VIEWS = "handlers/chat/views"
CORE = (
    "core/accounts/notices.py",
    "core/accounts/registration/notices.py",
    "core/accounts/requests/notices.py",
    "core/accounts/requests/refusals.py",
    "core/checks/notices.py",
    "core/choices.py",
    "core/closures/lists.py",
    "core/closures/notices.py",
    "core/decision_words.py",
    "core/dispatches/forms_notices.py",
    "core/dispatches/notices.py",
    "core/due_words.py",
    "core/duties/notices.py",
    "core/helpdesk/file_kinds.py",
    "core/helpdesk/notices.py",
    "core/list_words.py",
    "core/notices/notices.py",
    "core/otp/notices.py",
)
"""The files of the core whose texts are said in the chat, pushed or mailed."""
_CHINESE = re.compile("[\u3400-\u9fff]")
_VALUE = re.compile(r"\{[^{}]*\}")
HOLE = "〈〉"


def texts_of(path: Path) -> Iterator[str]:
    """Yield the Chinese texts of a file: no docstrings, no comments."""
    tree = ast.parse(path.read_text())
    held: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.JoinedStr):
            held |= {id(each) for each in ast.iter_child_nodes(node) if isinstance(each, ast.Constant)}
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else HOLE for each in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in held:
            yield _VALUE.sub(HOLE, node.value)


def all_texts() -> dict[str, str]:
    """Return every text that may be said in the chat, and the file it stands in."""
    files = [*sorted((ROOT / VIEWS).glob("*.py")), *(ROOT / each for each in CORE)]
    found = ((text, path) for path in files for text in texts_of(path) if _CHINESE.search(text))
    return {text: str(path.relative_to(ROOT)) for text, path in found}


def pattern_of(text: str) -> re.Pattern[str]:
    """Return what matches the text with any values in it; white space does not count."""
    parts = ("".join(re.escape(line) for line in part) for part in _close(text).split(HOLE))
    return re.compile(r"[^\n]*?".join(parts))


def is_said(text: str, corpus: str) -> bool:
    """Return whether a text stands somewhere in what was said."""
    return pattern_of(text).search(corpus) is not None


def _close(text: str) -> str:
    return re.sub(r"[^\S\n]+", "", text)


def corpus_of(brought: Iterator[str]) -> str:
    """Return all that was said as one text: a line each, without margins and white space."""
    return "\n".join(_close(line.removeprefix("│").removeprefix("└")) for line in brought)
