"""Chinese script: conversion from Traditional to Simplified, and the evidence of which script a text is written in.

Here belongs the speed of conversion: what the installed OpenCC package answers, compiled once into numpy tables, and a
reader for the two data files that correct it. When to convert, and the account of what changed, belong to a step.

The package (`opencc-python-reimplemented`) works on its dictionaries in this way, and no other is allowed here: in each
group of dictionaries the first dictionary takes the longest key that stands anywhere, the leftmost of several, then the
next longest in what is left, and what it leaves goes to the next dictionary; the first of several values counts; the
next group works on the result. Two facts make that fast without a difference. No key holds a separator, so cutting the
text at separators first, as the package does, changes nothing. And keys that do not overlap cannot disturb each other,
so the order (dictionary, longest, leftmost) has to be kept within a cluster of overlapping keys only. Single characters
are therefore one look-up for the whole text; keys of several characters are found by flags on two neighbouring units.
All of it works on UTF-16 units; a character outside the basic plane is a key of two units.

The data files: `script_overlay.tsv` holds characters and words that the package's dictionaries lack or have wrong, with
what is right (variants as in the 1955 list of variant characters, and those that the Table of General Standard Chinese
Characters of 2013 has again in some of their uses; upstream's own test cases), `script_protected.txt` terms whose
unusual character stays, and longer words that only look like such a term (提昇思 beside 昇思).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import opencc

from pipeline.edits import HAN_RUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

Units: TypeAlias = "NDArray[np.uint16]"
Rules: TypeAlias = "dict[str, str]"
Occurrence: TypeAlias = tuple[int, int, int, bytes]
"""A key found in the text: its rank (the lowest is taken first), its first byte, the byte after it, its value."""

OVERLAY = Path(__file__).parent / "steps" / "data" / "script_overlay.tsv"
PROTECTED = Path(__file__).parent / "steps" / "data" / "script_protected.txt"

_CODEC = "utf-16-le"
_UNIT = np.dtype("<u2")
_UNIT_BYTES = 2
_UNIT_COUNT = 0x10000
_PAIR_BYTES = 2 * _UNIT_BYTES
_BLOCK = 1 << 16
"""As many units are looked up at once: numpy's eight bytes for each stay in the processor's cache."""
_SURROGATES = (0xD800, 0xE000)
_HAN_SURROGATES = (0xD840, 0xD8C0)
_RARE_HAN = re.compile("[\U00020000-\U0003ffff]")
"""Han outside the basic plane; the range before has the first halves of their surrogate pairs."""

# The flags of a unit: the low byte says what it may begin, the high byte what it may continue, bit for bit. A key of
# several characters belongs to one of six groups, so that not every first unit meets every second unit.
_GROUPS = 6
_ALONE = 1 << 6  # a key of its own that the table of singles cannot hold; any unit continues it
_CHANGES = 1 << 7  # a text without any such unit stays as it is; no unit continues it
_CONTINUES = 8

_MODULE = "opencc.opencc"


class WrongPackage(RuntimeError):
    """Another package than the one whose dictionaries are compiled here answers to `import opencc`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """One group of dictionaries, compiled: UTF-16 bytes in, UTF-16 bytes out."""

    singles: Units
    flags: Units
    rules: Mapping[bytes, tuple[tuple[int, bytes, bytes], ...]]

    def apply(self, raw: bytes) -> bytes:
        """The converted bytes; `raw` itself where nothing can change."""
        units = np.frombuffer(raw, _UNIT)
        flags = _look_up(self.flags, units)
        if not (flags & _CHANGES).any():
            return raw
        plain = _look_up(self.singles, units).tobytes()
        hits = np.flatnonzero(flags[:-1] & (flags[1:] >> _CONTINUES)).tolist()
        if flags[-1] & _ALONE:
            hits.append(len(units) - 1)
        taken = _taken(self._occurrences(raw, hits))
        if not taken:
            return plain
        pieces: list[bytes] = []
        done = 0
        for _, start, end, value in taken:
            pieces += plain[done:start], value
            done = end
        pieces.append(plain[done:])
        return b"".join(pieces)

    def _occurrences(self, raw: bytes, hits: list[int]) -> Iterator[Occurrence]:
        """The keys that stand in `raw` at the units `hits`, by their starts."""
        rules = self.rules
        for hit in hits:
            start = hit * _UNIT_BYTES
            for size in (_PAIR_BYTES, _UNIT_BYTES):
                for rank, key, value in rules.get(raw[start : start + size], ()):
                    if raw.startswith(key, start):
                        yield rank, start, start + len(key), value


def _look_up(table: Units, units: Units) -> Units:
    """What the table has for each unit."""
    found = np.empty(len(units), table.dtype)
    for first in range(0, len(units), _BLOCK):
        block = slice(first, first + _BLOCK)
        table.take(units[block], out=found[block], mode="clip")  # every unit is in the table; "raise" would copy
    return found


def _taken(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Of occurrences in the order of their starts, those that the package takes."""
    taken: list[Occurrence] = []
    cluster: list[Occurrence] = []
    cluster_end = 0
    for occurrence in occurrences:
        _, start, end, _ = occurrence
        if start >= cluster_end:
            taken += _taken_of_cluster(cluster)
            cluster = []
        cluster.append(occurrence)
        cluster_end = max(cluster_end, end)
    return taken + _taken_of_cluster(cluster)


def _taken_of_cluster(cluster: list[Occurrence]) -> list[Occurrence]:
    """Of overlapping occurrences, those that the package takes: by rank, then from the left; linear in the text."""
    if len(cluster) < 2:  # noqa: PLR2004 - one alone overlaps nothing
        return cluster
    (_, first, *_), last = cluster[0], max(end for _, _, end, _ in cluster)
    covered = bytearray(last - first)
    taken = []
    for occurrence in sorted(cluster):
        _, start, end, _ = occurrence
        if 1 not in covered[start - first : end - first]:
            covered[start - first : end - first] = bytes([1]) * (end - start)
            taken.append(occurrence)
    return sorted(taken, key=itemgetter(1))


def _compile(group: Sequence[Rules]) -> _Stage:
    """The tables of one group of dictionaries, of which the first that knows a text decides."""
    singles = np.arange(_UNIT_COUNT, dtype=_UNIT)
    flags = np.zeros(_UNIT_COUNT, _UNIT)
    last_with_phrases = max((at for at, rules in enumerate(group) if any(len(key) > 1 for key in rules)), default=-1)
    found: dict[bytes, list[tuple[int, bytes, bytes]]] = {}
    phrases: list[tuple[str, str]] = []
    for at, rules in reversed(list(enumerate(group))):
        for key, value in rules.items():
            encoded, replacement = key.encode(_CODEC), value.encode(_CODEC)
            unit = int.from_bytes(encoded[:_UNIT_BYTES], "little")
            if len(encoded) == len(replacement) == _UNIT_BYTES and at >= last_with_phrases:
                singles[unit] = int.from_bytes(replacement, "little")
                found.pop(encoded, None)  # what a later dictionary has for it
                continue
            rank = at * _UNIT_COUNT - len(key)
            found.setdefault(encoded[:_PAIR_BYTES], []).append((rank, encoded, replacement))
            if len(encoded) == _UNIT_BYTES:
                flags[unit] |= _ALONE | _CHANGES
                continue
            phrases.append((key, value))
            belongs = 1 << unit % _GROUPS
            flags[unit] |= belongs
            flags[int.from_bytes(encoded[_UNIT_BYTES:_PAIR_BYTES], "little")] |= belongs << _CONTINUES
    flags |= _ALONE << _CONTINUES
    flags[singles != np.arange(_UNIT_COUNT)] |= _CHANGES
    # Most phrases that change something hold a unit that changes by itself; another is known by one that it changes,
    # which is rarer in Simplified text than its first: 瞭 in 一目瞭然.
    for key, value in phrases:
        units = np.frombuffer(key.encode(_CODEC), _UNIT)
        if key != value and not (flags[units] & _CHANGES).any():
            changed = (at for at, (before, after) in enumerate(zip(key, value, strict=False)) if before != after)
            flags[int.from_bytes(key[next(changed, 0)].encode(_CODEC)[:_UNIT_BYTES], "little")] |= _CHANGES
    return _Stage(singles, flags, {start: tuple(sorted(entries)) for start, entries in found.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Converter:
    """One configuration of the package, compiled; made by :func:`converter`.

    `aligned`: each rule gives as many code points as it takes, so position i of a result comes from position i of the
    text; in spite of that the characters of one word may have been decided together (乾坤 beside 乾燥).
    """

    config: str
    aligned: bool
    stages: tuple[_Stage, ...]
    package: Any

    def convert(self, text: str) -> str:
        """The text converted, exactly as the package converts it (with the overlay, where this converter has it).

        >>> converter("t2s").convert("乾隆年間，頭髮乾燥")
        '乾隆年间，头发干燥'
        >>> converter("t2s").convert("遶行，昇騰"), converter("t2s", overlay=True).convert("遶行，昇騰")
        ('遶行，升腾', '绕行，昇腾')

        Whether a text should be converted is not asked: in Simplified text this makes 昇腾 into 升腾. Conversion is not
        idempotent where the package keeps a character for the sake of a Traditional word: 乾清宮 → 乾清宫 → 干清宫.
        """
        if not self.stages:
            return str(self.package.convert(text))
        if text.isascii():  # which no key is: see _is_exact
            return text
        try:
            raw = text.encode(_CODEC)
        except UnicodeEncodeError:
            return self._convert_around_surrogates(text)
        converted = raw
        for stage in self.stages:
            converted = stage.apply(converted)
        return text if converted is raw else converted.decode(_CODEC)

    def _convert_around_surrogates(self, text: str) -> str:
        """No key holds a lone surrogate, so each parts the text like a separator."""
        low, high = _SURROGATES
        places = [at for at, character in enumerate(text) if low <= ord(character) < high]
        pieces = [
            text[start : start + 1] + self.convert(text[start + 1 : end])
            for start, end in pairwise([*places, len(text)])
        ]
        return self.convert(text[: places[0]]) + "".join(pieces)


@cache
def converter(config: str, *, overlay: bool = False) -> Converter:
    """The converter of a configuration of the package, such as `t2s`, `tw2s` or `hk2s`; made once.

    >>> converter("tw2s").convert("隨著軟體的著作權")
    '随着软体的著作权'
    >>> converter("tw2s") is converter("tw2s")
    True

    With `overlay`, the words of the two data files come before every dictionary, and their single characters complete
    the last one. A configuration that cannot be compiled exactly is left to the package, which is slow and right.

    Raises :class:`WrongPackage` where another package is installed, ValueError for an unknown configuration and for an
    overlay on one that cannot be compiled.
    """
    verify_package()
    known = sorted(path.stem for path in _package_files("config"))
    if config not in known:
        message = f"there is no script configuration {config!r}; the installed package has {', '.join(known)}"
        raise ValueError(message)
    package = opencc.OpenCC(config)
    groups = [[_first_values(rules) for *_, rules in group] for group in package._dict_chain_data]  # noqa: SLF001 - the dictionaries exactly as the package read them
    if not all(_is_exact(rules, package.split_chars_re) for group in groups for rules in group):
        if overlay:
            message = f"the script configuration {config!r} cannot be compiled, so it cannot take the overlay"
            raise ValueError(message)
        return Converter(config, aligned=False, stages=(), package=package)
    if overlay:
        groups = _with_overlay(groups, read_overlay())
    aligned = all(len(key) == len(value) for group in groups for rules in group for key, value in rules.items())
    return Converter(config, aligned=aligned, stages=tuple(map(_compile, groups)), package=package)


def _first_values(rules: Mapping[str, str]) -> Rules:
    return {key: value.split(" ")[0] for key, value in rules.items()}


def _is_exact(rules: Rules, separator: Any) -> bool:  # noqa: ANN401 - the package's pattern
    """Whether the tables do with these rules what the package does.

    A key with a separator never matches; an empty value stops the package's search in a whole stretch of text; a key
    in ASCII would have to be looked for in English texts.
    """
    return all(value and not key.isascii() and not separator.search(key) for key, value in rules.items())


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
    """The characters and words of both data files, each with what it becomes in Simplified text.

    >>> read_overlay()["遶"], read_overlay()["昇騰"]
    ('绕', '昇腾')

    Words are spelt as they stand in the text before conversion, whatever its orthography.
    """
    lines = [line for path in (OVERLAY, PROTECTED) for line in path.read_text("utf-8").splitlines()]
    return {key: value for key, _, value in (line.partition("\t") for line in lines)}


def refuse_module(module: str) -> None:
    """Raise :class:`WrongPackage` unless the class OpenCC comes from the module of the package that is wanted.

    >>> refuse_module("opencc.opencc")
    >>> refuse_module("opencc")
    Traceback (most recent call last):
    pipeline.script_conversion.WrongPackage: `import opencc` finds another package (its OpenCC comes from 'opencc', \
not from 'opencc.opencc'); run `pip uninstall opencc`, then `pip install --force-reinstall opencc-python-reimplemented`
    """
    if module != _MODULE:
        message = (
            f"`import opencc` finds another package (its OpenCC comes from {module!r}, not from {_MODULE!r}); "
            "run `pip uninstall opencc`, then `pip install --force-reinstall opencc-python-reimplemented`"
        )
        raise WrongPackage(message)


def verify_package() -> None:
    """Raise :class:`WrongPackage` unless `import opencc` finds the package whose dictionaries are compiled here.

    >>> verify_package()

    The C++ package installs the same folder; its dictionaries and its answers are others.
    """
    refuse_module(opencc.OpenCC.__module__)


def _package_files(folder: str) -> list[Path]:
    return sorted((Path(opencc.__file__).parent / folder).iterdir(), key=lambda path: path.name)


@cache
def dictionary_fingerprint() -> str:
    """The SHA-256, in hexadecimal, of the package's configurations and dictionaries: names and bytes, by name.

    >>> len(dictionary_fingerprint())
    64
    """
    verify_package()
    digest = hashlib.sha256()
    for path in (path for folder in ("config", "dictionary") for path in _package_files(folder)):
        content = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


class ScriptEvidence(NamedTuple):
    """How many characters of a text speak for which script; see :func:`script_evidence`."""

    han: int
    traditional: int
    simplified: int
    taiwan: int
    hongkong: int


# One bit for each count; _RARE marks the first half of Han outside the basic plane.
_HAN, _TRADITIONAL, _SIMPLIFIED, _TAIWAN, _HONGKONG, _RARE = (1 << bit for bit in range(6))
_BITS_OF_KIND = np.arange(1 << 6)[:, None] >> np.arange(6) & 1


def script_evidence(text: str) -> ScriptEvidence:
    """How many characters of `text` are Han, and how many of those belong to one script or orthography alone.

    >>> script_evidence("隨著裡面的著名軟體 v2")
    ScriptEvidence(han=9, traditional=4, simplified=0, taiwan=2, hongkong=0)
    >>> script_evidence("随着里面的著名软件，説")
    ScriptEvidence(han=10, traditional=1, simplified=2, taiwan=0, hongkong=1)

    - `han`: what :data:`pipeline.edits.HAN_RUN` matches.
    - `traditional`: `t2s` changes the character when it stands alone.
    - `simplified`: `s2t` changes it, and it is no Traditional character besides: no value in the package's table from
      Simplified to Traditional (后 干 谷), no key in the table back, no form of Taiwan or Hong Kong (台 户 群), and not
      in Big5 (体 与 机, which are rare Traditional characters too). That leaves 3,722, hardly one of which stands in
      Traditional prose; reprints of classical verse have 却 烟 韵.
    - `taiwan`, `hongkong`: a form that the package's table of variants has for this region and not for the other, that
      is not the package's Traditional standard, and that is not in GB 2312, nor, for Hong Kong, in Big5: 裡 麵 汙 for
      the one, 説 衞 枱 for the other. 著 counts where the Taiwan dictionaries read it as 着 (隨著, not 著名).

    Characters alone decide; words and phrases are not looked at, other than for 著.
    """
    if text.isascii():
        return ScriptEvidence(0, 0, 0, 0, 0)
    raw = text.encode(_CODEC, "replace")
    kinds = _kinds().take(np.frombuffer(raw, _UNIT))
    counts: list[int] = (np.bincount(kinds, minlength=len(_BITS_OF_KIND)) @ _BITS_OF_KIND).tolist()
    han, traditional, simplified, taiwan, hongkong, rare = counts
    if taiwan:
        stage = converter("tw2s", overlay=True).stages[0]
        changed = np.frombuffer(stage.apply(raw), _UNIT) != np.frombuffer(raw, _UNIT)
        taiwan = int(np.count_nonzero(changed & (kinds & _TAIWAN > 0)))
    if rare:
        sets = distinctive_characters()
        beyond = _RARE_HAN.findall(text)
        traditional += sum(map(sets.traditional.__contains__, beyond))
        simplified += sum(map(sets.simplified.__contains__, beyond))
    return ScriptEvidence(han, traditional, simplified, taiwan, hongkong)


def has_traditional(text: str) -> bool:
    """True where a text has a character that only Traditional has: the quick look before :func:`script_evidence`.

    >>> has_traditional("人工智能"), has_traditional("人工智慧產業")
    (False, True)

    Han outside the basic plane count as such: what they are is found out by the closer look.
    """
    if text.isascii():
        return False
    kinds = _kinds().take(np.frombuffer(text.encode(_CODEC, "surrogatepass"), _UNIT))
    return bool((kinds & (_TRADITIONAL | _RARE)).any())


def han_count(text: str) -> int:
    """How many characters of `text` are Han, as :data:`pipeline.edits.HAN_RUN` has them.

    >>> han_count("正文 (zhèngwén) 〇")
    3
    """
    if text.isascii():
        return 0
    units = np.frombuffer(text.encode(_CODEC, "replace"), _UNIT)
    return int(np.count_nonzero(_kinds().take(units) & _HAN))


class DistinctiveCharacters(NamedTuple):
    """The characters that speak for one script or orthography; see :func:`script_evidence` for how they are found."""

    traditional: frozenset[str]
    simplified: frozenset[str]
    taiwan: frozenset[str]
    hongkong: frozenset[str]


@cache
def distinctive_characters() -> DistinctiveCharacters:
    """The characters that speak for one script or orthography, from the installed package's dictionaries.

    >>> distinctive_characters().taiwan >= set("裡麵汙著"), "後" in distinctive_characters().traditional
    (True, True)
    """
    verify_package()
    to_traditional, to_simplified = _dictionary("STCharacters"), _dictionary("TSCharacters")
    taiwan, hongkong = _values("TWVariants"), _values("HKVariants")
    standard = {values[0] for values in to_traditional.values()}
    simplified = {character for character, values in to_traditional.items() if values[0] != character}
    simplified -= _values("STCharacters") | to_simplified.keys() | taiwan | hongkong
    judged_by_words = {character for word in _dictionary("TWVariantsRevPhrases") for character in word}
    forms_of_taiwan, forms_of_hongkong = taiwan - hongkong - standard, hongkong - taiwan - standard
    return DistinctiveCharacters(
        traditional=frozenset(character for character, values in to_simplified.items() if values[0] != character),
        simplified=frozenset(simplified - _in_codec(simplified, "big5")),
        taiwan=frozenset(forms_of_taiwan - (_in_codec(forms_of_taiwan, "gb2312") - judged_by_words)),
        hongkong=frozenset(
            forms_of_hongkong - _in_codec(forms_of_hongkong, "gb2312") - _in_codec(forms_of_hongkong, "big5")
        ),
    )


@cache
def _kinds() -> NDArray[np.uint8]:
    """For each UTF-16 unit, the bits of what it counts for."""
    kinds = np.zeros(_UNIT_COUNT, np.uint8)
    for run in HAN_RUN.finditer("".join(map(chr, range(_UNIT_COUNT)))):
        kinds[run.start() : run.end()] |= _HAN
    kinds[slice(*_HAN_SURROGATES)] |= _HAN | _RARE
    sets = distinctive_characters()
    for bit, characters in zip((_TRADITIONAL, _SIMPLIFIED, _TAIWAN, _HONGKONG), sets, strict=True):
        kinds[[ord(character) for character in characters if ord(character) < _UNIT_COUNT]] |= bit
    return kinds


def _dictionary(name: str) -> dict[str, list[str]]:
    """A dictionary of the package: each key with its values, the preferred one first."""
    path = Path(opencc.__file__).parent / "dictionary" / f"{name}.txt"
    entries = (line.strip().partition("\t") for line in path.read_text("utf-8").splitlines())
    return {key: values.split(" ") for key, _, values in entries}


def _values(name: str) -> set[str]:
    return {value for values in _dictionary(name).values() for value in values}


def _in_codec(characters: Iterable[str], codec: str) -> set[str]:
    """Those of the characters that the character set has."""
    return {character for character in characters if character.encode(codec, "ignore")}
