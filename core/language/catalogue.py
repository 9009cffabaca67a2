"""The catalogues: what each Chinese text of the code is in another language, from gettext's files. Read once.

A text is its own name (msgid), with ``{0}``, ``{1}`` for the expressions of an f-string. What people type stands under
the context ``typed``: a word of a sentence and a word to be typed may be written differently. What stands in the menus
under the chat, where there is little room, has the context ``menu``. What counts has two forms, chosen by the first
number among what fills its places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from core.language.models import Language
from core.language.templates import Template, places_of, plain, template_of

TYPED = "typed"
MENU = "menu"
CHINESE_SIGN = 1000  # what a sign that is left in Chinese costs
MET_AT_MOST = 4096
HEAD = 2  # signs by which templates are looked up


@dataclass(frozen=True)
class Entry:
    """One text: as the code has it, and its one or two forms in the other language."""

    chinese: str
    forms: tuple[str, ...]
    context: str = ""

    def said(self, counted: Mapping[str, str], parts: Mapping[str, str]) -> str:
        """Return it with its places filled by ``parts``; ``counted``, the same in Chinese, decides about the form.

        The first form is for one, the last for any other number.
        """
        counts = (counted[name] for name in places_of(self.chinese) if counted.get(name, "").isdecimal())
        form = self.forms[0] if next(counts, "") == "1" else self.forms[-1]
        return "".join(literal + parts.get(name, "") for literal, name in _cut(form))


@dataclass(frozen=True)
class Pattern:
    """An entry with places."""

    template: Template
    entry: Entry


@dataclass(frozen=True)
class Rendered:
    """A text in the other language, and what the way to it cost."""

    text: str
    cost: int

    @property
    def left(self) -> int:
        """How many signs of Chinese are left in it."""
        return self.cost // CHINESE_SIGN


@dataclass
class Catalogue:
    """The entries of one language, to be looked up as a whole, by how a text goes on, and by their literal parts."""

    whole: dict[str, Entry] = field(default_factory=dict)
    """Texts without places."""
    typed: dict[str, Entry] = field(default_factory=dict)
    menu: dict[str, Entry] = field(default_factory=dict)
    """What is shorter in a menu than anywhere else."""
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """How long the whole texts are that begin with these signs, longest first."""
    headed: dict[str, list[Pattern]] = field(default_factory=dict)
    """Those that begin with a literal, by its first signs."""
    open: list[Pattern] = field(default_factory=list)
    """Those that begin with a place."""
    typed_patterns: list[Pattern] = field(default_factory=list)

    met: dict[str, Rendered] = field(default_factory=dict)
    """Whole texts that are the same for everybody and were rendered before."""

    def texts_in(self, context: str) -> dict[str, Entry]:
        """Return where the texts without places of a context are kept."""
        return {TYPED: self.typed, MENU: self.menu}.get(context, self.whole)

    def remember(self, text: str, rendered: Rendered) -> None:
        """Keep what a text is; there is room for all that the house says, and no more."""
        if len(self.met) >= MET_AT_MOST:
            self.met.clear()
        self.met[text] = rendered

    def beginning_at(self, text: str, start: int) -> Iterable[Entry]:
        """Yield the whole texts that stand in a text at ``start``, longest first."""
        for length in self.lengths.get(text[start : start + 1], ()):
            entry = self.whole.get(text[start : start + length])
            if entry is not None and start + length <= len(text):
                yield entry

    def headed_at(self, text: str, start: int) -> Iterable[Pattern]:
        """Yield the templates whose literal beginning may stand in a text at ``start``."""
        two = text[start : start + HEAD]
        yield from self.headed.get(two, ())
        if len(two) == HEAD:
            yield from self.headed.get(two[:1], ())


def catalogue_of(entries: Iterable[Entry]) -> Catalogue:
    """Return a catalogue of these entries; of two for the same text the first counts."""
    made = Catalogue()
    lengths: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        template = template_of(entry.chinese)
        if template is None:
            text = plain(entry.chinese)
            made.texts_in(entry.context).setdefault(text, entry)
            if not entry.context:
                lengths[text[:1]].add(len(text))
        elif entry.context == TYPED:
            made.typed_patterns.append(Pattern(template, entry))
        elif template.head:
            made.headed.setdefault(template.head[:HEAD], []).append(Pattern(template, entry))
        else:
            made.open.append(Pattern(template, entry))
    for patterns in (*made.headed.values(), made.open):
        patterns.sort(key=lambda each: -each.template.weight)
    made.lengths = {sign: tuple(sorted(each, reverse=True)) for sign, each in lengths.items()}
    return made


@cache
def _cut(form: str) -> tuple[tuple[str, str], ...]:
    """Return a form as literals, each with the name of the place after it; the last has none."""
    template = template_of(form)
    if template is None:
        return ((plain(form), ""),)
    literals = (*template.literals,)
    cut = [(literals[0], "")]
    for names, literal in zip(template.places, literals[1:], strict=True):
        cut[-1] = (cut[-1][0], names[0])
        cut += [("", name) for name in names[1:]]
        cut.append((literal, ""))
    return tuple(cut)


@cache
def catalogue(language: Language) -> Catalogue:
    """Return the catalogue of a language other than Chinese."""
    return catalogue_of(entries(language))


@cache
def entries(language: Language) -> tuple[Entry, ...]:
    """Return all entries of a language, file by file; one without its translation counts as none."""
    folder = files("core.language") / language.value
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".po")), key=lambda each: each.name)
    return tuple(entry for each in found for entry in read_entries(each.read_bytes(), language))


def read_entries(content: bytes, language: Language) -> Iterable[Entry]:
    """Yield the entries of one gettext file; raises babel's ``PoFileError`` for a broken one."""
    for message in read_po(BytesIO(content), locale=language.value, abort_invalid=True):
        forms = _forms(message)
        if message.id and forms and all(forms):
            chinese = message.id if isinstance(message.id, str) else message.id[0]
            yield Entry(chinese, forms, message.context or "")


def _forms(message: Message) -> tuple[str, ...]:
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())
