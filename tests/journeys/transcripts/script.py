"""A transcript as a text file: a head that says who and when, then acts, and below each act what it brought.

An act begins at the margin; what was answered stands below it, indented. Remarks in （） at the margin are for readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

INDENT = "  "
REMARK = "（"


@dataclass(frozen=True)
class Act:
    """One line of what somebody does, and the lines that came of it."""

    number: int
    """The line of the file."""
    words: str
    brought: tuple[str, ...]

    @property
    def is_remark(self) -> bool:
        """Return whether it is only for readers."""
        return self.words.startswith(REMARK)


@dataclass(frozen=True)
class Script:
    """One transcript."""

    head: tuple[str, ...]
    acts: tuple[Act, ...]

    def values(self, label: str) -> list[str]:
        """Return what the head says under a label, line by line."""
        return [line.removeprefix(f"{label}：") for line in self.head if line.startswith(f"{label}：")]


def read(path: Path) -> Script:
    """Return the transcript of a file."""
    lines = path.read_text().splitlines()
    end = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    acts: list[Act] = []
    for number, line in enumerate(lines[end:], start=end + 1):
        if line.startswith(INDENT):
            last = acts[-1]
            acts[-1] = Act(last.number, last.words, (*last.brought, line.removeprefix(INDENT)))
        elif line.strip():
            acts.append(Act(number, line, ()))
    return Script(tuple(lines[:end]), tuple(acts))


def write(path: Path, script: Script, brought: list[tuple[str, ...]]) -> None:
    """Write a transcript with what its acts brought now."""
    blocks = ["\n".join(script.head)]
    for place, act in enumerate(script.acts):
        lines = brought[place] if place < len(brought) else ()
        blocks.append("\n".join([act.words, *(f"{INDENT}{line}" for line in lines)]))
    path.write_text("\n\n".join(blocks) + "\n")
