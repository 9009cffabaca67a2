"""What lacks English: every Chinese text of the code that a person may be shown, against the catalogues.

    python -m tools.texts            lists what has no entry, file by file
    python -m tools.texts core/otp   only under these paths

The code is read, not run: string literals, and f-strings with {0}, {1} for their expressions. Left out by rule are
docstrings, what the chat listens for, and patterns; by name, the places below that show nothing to people in the chat
or in mails.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.language.catalogue import entries
from core.language.models import Language

ROOT = Path(__file__).parent.parent
SHOWN = ("core", "handlers/chat", "bot/render", "bot/richmenu", "bot/channels")
NOT_SHOWN = (
    "core/language",  # reads Chinese, says none but the name of each language
    "core/imports",  # told to operators and the desk
    "core/exports",  # the desk's files
    "core/migrations",
    "core/checks/references.py",  # reads what other systems write
    "core/records/names.py",  # reads names
    "core/masking.py",
    "core/audit.py",  # doors, which the desk and the command line show
    "core/inbox/models.py",  # states, which the desk shows
    "core/machines/facts.py",  # reads what other systems write
    "core/machines/models.py",  # of the keys of other systems
    "core/machines/refusals.py",  # told to other systems and operators
    "core/watch",  # the desk's figures
    "core/helpdesk/panel.py",  # the desk's panel beside a conversation
    "core/helpdesk/searching.py",
    "handlers/chat/understanding",  # listens
    "handlers/chat/named.py",
    "handlers/chat/following.py",
    "handlers/chat/small_talk.py",
    "handlers/chat/whose.py",
    "handlers/chat/urgent_signs.py",
    "handlers/chat/words.py",
)
"""Files and folders whose Chinese no person in the chat, and no reader of a mail, is shown."""
LISTENED = {
    "says", "compile", "fullmatch", "sub", "maketrans", "split", "strip", "startswith", "endswith",
    "rstrip", "lstrip", "removeprefix", "removesuffix", "replace", "partition", "rpartition", "of_label",
}  # fmt: skip
"""Calls whose arguments are looked for in what people write, and never shown."""
UNSAID = frozenset({"WEEKDAYS", "_ERA", "_WEEKDAY", "_FORMS", "_MAY", "_AGAIN", "CONSENTS", "TO_TYPE"})
"""Names given to what is looked for in what people write, and to the signs dates are written with."""
NOT_TO_PEOPLE = frozenset({"wrong_length", "wrong_kind", "wrong_urgency"})
"""Functions that speak to other systems."""
ALSO = 6  # which argument of a topic are the words that lead to it
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True)
class Said:
    """A text of the code, as a catalogue names it, and where it stands."""

    text: str
    file: str
    line: int


def texts() -> Iterator[Said]:
    """Yield every Chinese text that may be shown, with the place where it is first found."""
    for top in SHOWN:
        for path in sorted((ROOT / top).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(name == each or name.startswith(f"{each}/") for each in NOT_SHOWN):
                yield from _of_file(name, path.read_text(encoding="utf-8"))


def all_texts() -> Iterator[Said]:
    """Yield every Chinese text of the code, shown or not: an entry without one of these is dead."""
    for top in SHOWN:
        for path in sorted((ROOT / top).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                text = _text(node)
                if text is not None and _HAN.search(text):
                    yield Said(text, path.relative_to(ROOT).as_posix(), getattr(node, "lineno", 0))


def _of_file(name: str, code: str) -> Iterator[Said]:
    tree = ast.parse(code)
    unseen = set(_unseen(tree))
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        text = _text(node)
        if text is not None and _HAN.search(text):
            yield Said(text, name, getattr(node, "lineno", 0))


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return template(node) if isinstance(node, ast.JoinedStr) else None


def template(node: ast.JoinedStr) -> str:
    """Return an f-string with its expressions numbered."""
    number, said = 0, ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value).replace("{", "{{").replace("}", "}}")
        else:
            said, number = f"{said}{{{number}}}", number + 1
    return said


def _unseen(tree: ast.AST) -> Iterator[int]:
    """Yield the nodes that are no texts of their own: docstrings, what is listened for, the inside of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from (id(each) for each in node.values)
        elif isinstance(node, ast.Call):
            yield from _within(_heard(node))
        elif isinstance(node, ast.Compare):
            yield from _within([node.left, *node.comparators])
        elif isinstance(node, ast.Assign) and any(getattr(each, "id", "") in UNSAID for each in node.targets):
            yield from _within([node.value])
        elif isinstance(node, ast.FunctionDef) and node.name in NOT_TO_PEOPLE:
            yield from _within([node])


def _heard(call: ast.Call) -> Sequence[ast.AST]:
    """Return the arguments of a call that are listened for."""
    if _name(call.func) in LISTENED:
        return call.args
    return call.args[ALSO:] if _name(call.func) == "Topic" else ()


def _within(nodes: Sequence[ast.AST]) -> Iterator[int]:
    return (id(each) for node in nodes for each in ast.walk(node))


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def missing(under: tuple[str, ...] = ("",)) -> list[Said]:
    """Return the texts under these paths that English has no entry for."""
    known = {entry.chinese for entry in entries(Language.ENGLISH)}
    found = (each for each in texts() if each.file.startswith(under))
    first: dict[str, Said] = {}
    for each in found:
        first.setdefault(each.text, each)
    return [each for each in first.values() if each.text not in known]


def main() -> None:
    """Print what is missing; fail where anything is."""
    lacking = missing(tuple(sys.argv[1:]) or ("",))
    for each in lacking:
        print(f"{each.file}:{each.line}\t{each.text!r}")
    print(f"{len(lacking)} texts have no English")
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
