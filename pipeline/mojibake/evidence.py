"""What speaks for a wrong reading: how much better a stretch has to read, and the characters that hint at it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.mojibake.readings import GB_AS_BIG5, GB_AS_HKSCS, UTF8_AS_GB, UTF8_AS_SHIFT_JIS, WrongReading

LEAST_LIKENESS, LEAST_GAIN = 0.35, 0.4
"""A line that is read back has at least so much likeness to Chinese, and so much more than before: of lines that
`tests/damage.py` damages, those that were read back have 0.5 to 0.9, and the damaged ones less than 0.1."""

FORM = 8
"""How much the form of UTF-8 speaks for a stretch, in characters that read better: no text has it by chance."""

FEWEST = 4
"""In fewer characters, likeness and form are chance."""

HINTS = {
    UTF8_AS_GB: "锛銆鐨涓鈥浜骞鏈鍙鏄閿閻閺",
    UTF8_AS_SHIFT_JIS: "縲ｼ莠譁蜿",
    **dict.fromkeys((GB_AS_BIG5, GB_AS_HKSCS), "ㄛ﹝﹜腔﹟"),
}
"""What the commonest characters of Chinese become: the comma, the full stop, 的, 中, a quotation mark, 人, 年 …; and
what the first of these become when they are misread again."""


class Stretch(NamedTuple):
    """A stretch that looks misread: where it starts, what stands there, what it was, and how much speaks for that."""

    start: int
    before: str
    after: str
    reading: WrongReading
    gain: float

    @property
    def span(self) -> tuple[int, int]:
        """Where it lies in the text."""
        return self.start, self.start + len(self.before)
