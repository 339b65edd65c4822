"""What a document is called: its number, its title, the day it was signed; and whether two are called differently.

Here belongs the evidence that columns have. Cleaning has moved number and title out of the text, so that two notices of
one template may have the same text to the letter. What titles tell is in :mod:`pipeline.corpus.titles`, what the
figures of two texts tell in :mod:`pipeline.corpus.figures`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.corpus.folding import folded_string
from pipeline.corpus.titles import titles_differ

_FIGURE = re.compile("[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_FORM_WORDS = str.maketrans("", "", "第年号文")


class Name(NamedTuple):
    """The number, the title and the day of signature that a document states; None for what it does not state.

    The day is the one below the text, in EDTF; what a label calls the date of a document may be that of the page.
    """

    number: str | None = None
    title: str | None = None
    signed_on: str | None = None

    def completed(self, other: Name) -> Name:
        """The name with what it lacks and another one has."""
        return Name(self.number or other.number, self.title or other.title, self.signed_on or other.signed_on)


def called_differently(one: Name, other: Name, texts: tuple[str, str]) -> bool:
    """Whether two documents with nearly the same text have different names; `texts` are folded.

    >>> same = ("现印发给你们，请遵照执行。",) * 2
    >>> called_differently(Name("京政发〔2021〕3号"), Name("京政发[2021]9号"), same)
    True
    >>> called_differently(Name("国发〔2017〕35号"), Name("国发（2017）第35号"), same)
    False
    >>> called_differently(Name(title="第三批名单"), Name(title="第四批名单"), same)
    True

    What one of them does not state tells nothing, and nor does what both state: a number that was read wrongly may be
    that of a document which each of them cites.
    """
    if numbered_differently(one, other) or (one.signed_on and other.signed_on and one.signed_on != other.signed_on):
        return True
    return bool(one.title and other.title) and titles_differ(one.title or "", other.title or "", texts)


def numbered_differently(one: Name, other: Name) -> bool:
    """Whether two documents have different numbers, however they are printed.

    >>> numbered_differently(Name("国务院令第745号"), Name("中华人民共和国国务院令第745号"))
    False
    """
    if not (one.number and other.number):
        return False
    (figures, code), (other_figures, other_code) = map(_parts, (one.number, other.number))
    return figures != other_figures or not (code.endswith(other_code) or other_code.endswith(code))


def _parts(number: str) -> tuple[list[int], str]:
    """The figures of a number and its code, without the words that it may have or not."""
    plain = folded_string(number)
    return [*map(int, _FIGURE.findall(plain))], "".join(_LETTERS.findall(plain)).translate(_FORM_WORDS)
