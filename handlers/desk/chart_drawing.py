"""Bar charts as SVG for the watch pages: pictures without script, in the colours of the desk, light and dark.

The library is slow to load: who serves a chart loads this file when the first one is asked for.
"""

from __future__ import annotations

import re
import sys
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from core.cards import Tone
from handlers.desk.charts import WIDE, Chart, Series, Size

# The library hangs a finder of the old kind into Python's imports, for maps we do not draw: each later import that no
# other finder knows would go through it, with a warning. We take it out again.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

ROW, FRAME = 34, 90  # pixels: a bar with its label; axis and legend
LEGEND, EXPLAINED = 22, 95  # pixels: a further line of the legend, and how wide one colour is explained
SIGN_WIDTH = 16
LIGHT = {Tone.LATE: "#b3261e", Tone.SOON: "#b26a00", Tone.GOOD: "#0b6b43", Tone.PLAIN: "#52605a"}
DARK = {Tone.LATE: "#ffb4ab", Tone.SOON: "#ffcf86", Tone.GOOD: "#6fd3a2", Tone.PLAIN: "#b2beb8"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNUSED = {"script", "desc"}


def drawn(chart: Chart, size: Size = WIDE) -> str:
    """Return a chart as SVG; one of nothing but zeros says that there is nothing."""
    if not any(number for each in chart.series for number in each.numbers):
        chart = Chart((), tuple(Series(each.name, each.tone, ()) for each in chart.series))
    labels = _labels(chart, size)
    room = size.width - SIGN_WIDTH * max((len(each) for each in labels), default=0)
    columns = len(chart.series) if EXPLAINED * len(chart.series) <= room else 1
    bars = pygal.HorizontalStackedBar(
        style=_style(chart),
        css=["file://style.css", "file://graph.css", f"inline:{_colours(chart)}"],
        js=(),
        disable_xml_declaration=True,
        no_prefix=True,
        explicit_size=True,
        width=size.width,
        height=ROW * max(len(labels), 1) + FRAME + LEGEND * (len(chart.series) // max(columns, 1) - 1),
        margin=8,
        margin_left=SIGN_WIDTH * max((len(each) for each in labels), default=0) // 2,
        legend_at_bottom=True,
        legend_at_bottom_columns=columns,
        truncate_label=-1,
        truncate_legend=-1,
        order_min=0,
        max_scale=size.steps,
        formatter=lambda value: str(round(value)),
        no_data_text="沒有資料",
    )
    bars.x_labels = labels[::-1]  # the library draws from below
    for each in chart.series:
        bars.add(each.name, list(each.numbers[::-1]))
    bars.add_xml_filter(_bare)
    return str(bars.render(is_unicode=True))


def _style(chart: Chart) -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground="#17211c",
        foreground_strong="#17211c",
        foreground_subtle="#52605a",
        guide_stroke_color="#d5dcd8",
        major_guide_stroke_color="#d5dcd8",
        font_family="system-ui, 'Noto Sans TC', 'Noto Sans CJK TC', sans-serif",
        colors=tuple(LIGHT[each.tone] for each in chart.series),
        label_font_size=15,
        major_label_font_size=15,
        legend_font_size=15,
        no_data_font_size=20,
        opacity="1",
        opacity_hover="1",
        transition="0s",
    )


def _colours(chart: Chart) -> str:
    """Return the rules for who looks at it in the dark."""
    bars = "".join(
        f".color-{number}{{fill:{DARK[each.tone]} !important;stroke:{DARK[each.tone]} !important}}"
        for number, each in enumerate(chart.series)
    )
    return (
        "@media (prefers-color-scheme:dark){text{fill:#eef3f0 !important}"
        f".axis .guide.line{{stroke:#36413c !important}}.axis .line{{stroke:#8a9791}}{bars}}}"
    )


def _labels(chart: Chart, size: Size) -> list[str]:
    """Return each label with the sum of its bars, short enough to leave them room."""
    return [
        f"{_short(_NO_XML.sub('', label), size.signs)} {sum(each.numbers[place] for each in chart.series)}"
        for place, label in enumerate(chart.labels)
    ]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _bare(root: Element) -> Element:
    """Leave out scripts, comments and what only scripts would show."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_unused(child):
                parent.remove(child)
    return root


def _is_unused(child: Element) -> bool:
    tag: object = child.tag
    if not isinstance(tag, str):  # a comment
        return True
    return tag.rpartition("}")[2] in _UNUSED or "tooltip-overlay" in child.get("class", "")
