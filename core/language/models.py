"""In which language somebody is spoken to."""

from __future__ import annotations

from core.labels import Labelled


class Language(Labelled):
    """The languages texts are shown in; the label is how the language calls itself."""

    CHINESE = "zh", "中文"
    ENGLISH = "en", "English"
