r"""Plots: a few numbers in, a PNG image and a sentence for who cannot see it out.

Here belongs what a plot looks like. Which numbers are worth one, and how they are counted, is decided in
:mod:`pipeline.figures`; nothing here knows of tables.

>>> bars = Bars("Most files are in utf-8", "encoding", "files", (Row("utf-8", 3), Row("gb18030", 1)))
>>> in_words(bars)
'Bar chart. Most files are in utf-8. Files by encoding: utf-8 3, gb18030 1.'
>>> draw(bars)[:4]
b'\x89PNG'
"""

from pipeline.plots.drawing import draw
from pipeline.plots.kinds import Bars, Bin, Figure, Histogram, Row, Timeline
from pipeline.plots.words import amount, in_words

__all__ = ["Bars", "Bin", "Figure", "Histogram", "Row", "Timeline", "amount", "draw", "in_words"]
