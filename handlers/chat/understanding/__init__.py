"""What somebody means who types a sentence instead of a word: a recogniser by rules, whose reasons can be read.

A text is folded (scripts, slips of the input method), the house's terms are found in it, and each intent's rules say
which terms together mean it. The outcome is a word of the router, so nothing is reached here that typing would not
reach. ``lexicon`` holds the terms, of Chinese and of English, ``meanings`` the rules, which are the same for both, and
``reading`` the order of it all.
"""

from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.reading import Kind, Reading, understand

__all__ = ["Intent", "Kind", "Reading", "understand"]
