"""Conversion of Chinese text from one script to another, as the installed OpenCC package does it, only faster.

Here belong the converters and the three data files that correct them. The tables that make them fast are in
:mod:`pipeline.script.tables`; when to convert belongs to a step.

The data files: `script_overlay.tsv` holds characters and words that the package's dictionaries lack or have wrong, with
what is right (variants as in the 1955 list of variant characters, and those that the Table of General Standard Chinese
Characters of 2013 has again in some of their uses; upstream's own test cases), `script_protected.txt` terms whose
unusual character stays, `script_names.txt` names of people who write themselves so; and longer words that only look
like such a term or name (提昇思 beside 昇思).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.edits import Layer
from pipeline.rewriting import aligned_rewriting, rewriting
from pipeline.script.package import dictionary_groups
from pipeline.script.tables import CODEC, compile_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.edits import Span
    from pipeline.script.package import Rules
    from pipeline.script.tables import Tables

OVERLAY = Path(__file__).parents[1] / "steps" / "data" / "script_overlay.tsv"
PROTECTED = Path(__file__).parents[1] / "steps" / "data" / "script_protected.txt"
NAMES = Path(__file__).parents[1] / "steps" / "data" / "script_names.txt"
_SURROGATES = (0xD800, 0xE000)


@dataclass(frozen=True, slots=True, eq=False)
class Converter:
    """One configuration of the package, compiled; made by :func:`converter`.

    `aligned`: each rule gives as many code points as it takes, so position i of a result comes from position i of the
    text; in spite of that the characters of one word may have been decided together (乾坤 beside 乾燥).
    """

    config: str
    aligned: bool
    tables: tuple[Tables, ...]

    def convert(self, text: str) -> str:
        """The text converted, exactly as the package converts it (with the overlay, where this converter has it).

        >>> converter("t2s").convert("乾隆年間，頭髮乾燥")
        '乾隆年间，头发干燥'
        >>> converter("t2s").convert("遶行，昇騰"), converter("t2s", overlay=True).convert("遶行，昇騰")
        ('遶行，升腾', '绕行，昇腾')

        Whether a text should be converted is not asked: in Simplified text this makes 昇腾 into 升腾. Conversion is not
        idempotent where the package keeps a character for the sake of a Traditional word: 乾清宮 → 乾清宫 → 干清宫.
        """
        if text.isascii():  # which no key is: see pipeline.script.package
            return text
        try:
            raw = text.encode(CODEC)
        except UnicodeEncodeError:
            return self._convert_around_surrogates(text)
        converted = self.apply(raw)
        return text if converted is raw else converted.decode(CODEC)

    def apply(self, raw: bytes) -> bytes:
        """The same for a text in UTF-16, low byte first; `raw` itself where nothing changes."""
        for tables in self.tables:
            raw = tables.apply(raw)
        return raw

    def _convert_around_surrogates(self, text: str) -> str:
        """No key holds a lone surrogate, so each parts the text like a separator."""
        low, high = _SURROGATES
        places = [at for at, character in enumerate(text) if low <= ord(character) < high]
        pieces = [
            text[start : start + 1] + self.convert(text[start + 1 : end])
            for start, end in pairwise([*places, len(text)])
        ]
        return self.convert(text[: places[0]]) + "".join(pieces)

    def edits(self, text: str, spans: Sequence[Span], rule: str) -> Layer:
        r"""The edits that convert these stretches of a text and leave the rest; the stretches are sorted and disjoint.

        >>> [edit.after for edit in converter("t2s").edits("發展\n發展", [(3, 5)], "script.t2s")]
        ['发']

        A stretch is converted by itself: what stands before and behind it is not looked at.
        """
        if self.aligned:
            return aligned_rewriting(text, self._converted(text, spans), rule)
        starts: list[int] = []
        lengths: list[int] = []
        afters: list[str] = []
        for start, end in spans:
            layer = rewriting(text[start:end], self.convert, rule)
            starts += (layer.starts + start).tolist()
            lengths += layer.before_lengths.tolist()
            afters += [edit.after for edit in layer]
        return Layer.of_columns(text, starts, lengths, afters, rule)

    def _converted(self, text: str, spans: Sequence[Span]) -> str:
        if list(spans) == [(0, len(text))]:
            return self.convert(text)
        pieces, last = list[str](), 0
        for start, end in spans:
            pieces += text[last:start], self.convert(text[start:end])
            last = end
        return "".join([*pieces, text[last:]])


@cache
def converter(config: str, *, overlay: bool = False) -> Converter:
    """The converter of a configuration of the package, such as `t2s`, `tw2s` or `hk2s`; made once.

    >>> converter("tw2s").convert("隨著軟體的著作權")
    '随着软体的著作权'
    >>> converter("tw2s") is converter("tw2s")
    True

    With `overlay`, the words of the data files come before every dictionary, and their single characters complete
    the last one: that is for a configuration that leads to Simplified script.

    Raises ValueError for an unknown configuration, :class:`pipeline.script.package.WrongPackage` where another package
    is installed.
    """
    groups = dictionary_groups(config)
    if overlay:
        groups = _with_overlay(groups, read_overlay())
    aligned = all(len(key) == len(value) for group in groups for rules in group for key, value in rules.items())
    return Converter(config, aligned=aligned, tables=tuple(map(compile_group, groups)))


@lru_cache(maxsize=4)
def simplified(text: str) -> str:
    """A text in Simplified script, code point for code point, whatever it was in.

    >>> simplified("標題：人工智能產業"), simplified("标题：人工智能产业")
    ('标题：人工智能产业', '标题：人工智能产业')

    This is for looking things up: nothing is published that it has made.
    """
    return converter("t2s", overlay=True).convert(text)


def _with_overlay(groups: Sequence[Sequence[Rules]], overlay: Rules) -> list[list[Rules]]:
    """The groups with the overlay's words first in each, kept as they are in all but the last, and its characters.

    What a word becomes stays what it is: Taiwan's 专著, in a paragraph that is Simplified already, is not 专着.
    """
    words = {key: value for key, value in overlay.items() if len(key) > 1}
    words = {value: value for value in words.values()} | words
    characters = {key: value for key, value in overlay.items() if len(key) == 1}
    *earlier, last = groups
    kept = {word: word for word in words}
    return [*([kept, *group] for group in earlier), [words, *last[:-1], {**last[-1], **characters}]]


@cache
def read_overlay() -> Rules:
    """The characters and words of the data files, each with what it becomes in Simplified text.

    >>> read_overlay()["遶"], read_overlay()["昇騰"]
    ('绕', '昇腾')

    Words are spelt as they stand in the text before conversion, whatever its orthography.
    """
    lines = [line for path in (OVERLAY, PROTECTED, NAMES) for line in path.read_text("utf-8").splitlines()]
    return {key: value for key, _, value in (line.partition("\t") for line in lines)}
