"""The pairs of characters that decide between readings of damaged bytes: what the file holds, and how it is asked."""

from __future__ import annotations

import re

from pipeline import lexicon
from pipeline.pinyin.likelihood import Likelihood, is_common

PAIRS = lexicon.rows("character_pairs.tsv")


def test_the_data_file_has_the_form_that_its_head_says() -> None:
    """A first character, then groups of followers behind a logarithm, the most frequent group first; nothing twice."""
    groups = [(first, re.findall("([0-9]+)([^0-9 ]+)", followers)) for first, followers in PAIRS]

    assert PAIRS == [[first, " ".join(map("".join, found))] for first, found in groups]
    assert [] == [
        first for first, found in groups if [int(n) for n, _ in found] != sorted({int(n) for n, _ in found})[::-1]
    ]
    assert [] == [
        first for first, found in groups if len("".join(f for _, f in found)) != len({*"".join(f for _, f in found)})
    ]
    assert [] == [first for first, found in groups if any(list(f) != sorted(f) for _, f in found)]


def test_the_text_at_hand_counts_beside_chinese_at_large() -> None:
    """A pair that the text has is likelier than without it, in either script."""
    at_large, here = Likelihood(""), Likelihood("瀧川瀧川瀧川，滝")

    assert here.after("瀧", "川") > at_large.after("瀧", "川")
    assert at_large.after("產", "業") > at_large.after("产", "业")  # which no Traditional text has
    assert (3, 0) == (here.times("瀧", "川"), at_large.times("瀧", "川"))


def test_a_character_beyond_the_basic_plane_is_an_unknown_one() -> None:
    """樠 becomes one in Simplified script."""
    here = Likelihood("樠業樠業𠮷")

    assert here.after("樠", "業") == here.after("𠮷", "業")
    assert (0, 0) == (here.times("樠", "業"), here.times("業", "樠"))


def test_likelihoods_of_what_follows_add_up_to_one_at_most() -> None:
    """They are logarithms of shares of one whole."""
    at_large = Likelihood("")
    followers = {one for first, groups in PAIRS if first == "人" for one in re.sub("[0-9 ]", "", groups)}

    assert 0.7 < sum(2.718281828 ** at_large.after("人", one) for one in followers - {"/"}) <= 1


def test_what_is_common() -> None:
    """Both scripts, and Chinese marks; no rare character, no letter."""
    assert [True, True, True, False, False] == [is_common(one) for one in "業业。虡Ｋ"]
