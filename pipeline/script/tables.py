"""Dictionaries compiled into tables that convert a text without a step of Python for each character.

Here belongs the speed of conversion. Which dictionaries are compiled belongs in :mod:`pipeline.script.conversion`.

The package (`opencc-python-reimplemented`) works on its dictionaries in this way, and no other is allowed here: in each
group of dictionaries the first dictionary takes the longest key that stands anywhere, the leftmost of several, then the
next longest in what is left, and what it leaves goes to the next dictionary; the first of several values counts; the
next group works on the result. Two facts make that fast without a difference. No key holds a separator, so cutting the
text at separators first, as the package does, changes nothing. And keys that do not overlap cannot disturb each other,
so the order (dictionary, longest, leftmost) has to be kept within a cluster of overlapping keys only. Single characters
are therefore one look-up for the whole text; keys of several characters are found by flags on two neighbouring units.
All of it works on UTF-16 units; a character outside the basic plane is a key of two units.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.script.package import Rules

Units: TypeAlias = "NDArray[np.uint16]"
Occurrence: TypeAlias = tuple[int, int, int, bytes]
"""A key found in the text: its rank (the lowest is taken first), its first byte, the byte after it, its value."""

CODEC = "utf-16-le"
UNIT = np.dtype("<u2")
UNIT_COUNT = 0x10000
UNIT_BYTES = 2
_PAIR_BYTES = 2 * UNIT_BYTES
_BLOCK = 1 << 16
"""As many units are looked up at once: numpy's eight bytes for each stay in the processor's cache."""

# The flags of a unit: the low byte says what it may begin, the high byte what it may continue, bit for bit. A key of
# several characters belongs to one of six groups, so that not every first unit meets every second unit.
_GROUPS = 6
_ALONE = 1 << 6  # a key of its own that the table of singles cannot hold; any unit continues it
_CHANGES = 1 << 7  # a text without any such unit stays as it is; no unit continues it
_CONTINUES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """One group of dictionaries, compiled by :func:`compile_group`: UTF-16 bytes in, UTF-16 bytes out."""

    singles: Units
    flags: Units
    rules: Mapping[bytes, tuple[tuple[int, bytes, bytes], ...]]

    def apply(self, raw: bytes) -> bytes:
        """The converted bytes; `raw` itself where nothing can change."""
        units = np.frombuffer(raw, UNIT)
        flags = look_up(self.flags, units)
        if not (flags & _CHANGES).any():
            return raw
        plain = look_up(self.singles, units).tobytes()
        hits = np.flatnonzero((flags[:-1] & (flags[1:] >> _CONTINUES)) != 0).tolist()
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
            start = hit * UNIT_BYTES
            for size in (_PAIR_BYTES, UNIT_BYTES):
                for rank, key, value in rules.get(raw[start : start + size], ()):
                    if raw.startswith(key, start):
                        yield rank, start, start + len(key), value


def look_up(table: Units, units: Units) -> Units:
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


def compile_group(group: Sequence[Rules]) -> Tables:
    """The tables of one group of dictionaries, of which the first that knows a text decides.

    >>> tables = compile_group([{"乾坤": "乾坤"}, {"乾": "干"}])
    >>> tables.apply("乾坤乾".encode(CODEC)).decode(CODEC)
    '乾坤干'

    No key and no value may be empty.
    """
    singles = np.arange(UNIT_COUNT, dtype=UNIT)
    flags = np.zeros(UNIT_COUNT, UNIT)
    last_with_phrases = max((at for at, rules in enumerate(group) if any(len(key) > 1 for key in rules)), default=-1)
    found: dict[bytes, list[tuple[int, bytes, bytes]]] = {}
    phrases: list[tuple[str, str]] = []
    for at, rules in reversed(list(enumerate(group))):
        for key, value in rules.items():
            encoded, replacement = key.encode(CODEC), value.encode(CODEC)
            unit = int.from_bytes(encoded[:UNIT_BYTES], "little")
            if len(encoded) == len(replacement) == UNIT_BYTES and at >= last_with_phrases:
                singles[unit] = int.from_bytes(replacement, "little")
                found.pop(encoded, None)  # what a later dictionary has for it
                continue
            rank = at * UNIT_COUNT - len(key)
            found.setdefault(encoded[:_PAIR_BYTES], []).append((rank, encoded, replacement))
            if len(encoded) == UNIT_BYTES:
                flags[unit] |= _ALONE | _CHANGES
                continue
            phrases.append((key, value))
            belongs = 1 << unit % _GROUPS
            flags[unit] |= belongs
            flags[int.from_bytes(encoded[UNIT_BYTES:_PAIR_BYTES], "little")] |= belongs << _CONTINUES
    flags |= _ALONE << _CONTINUES
    flags[singles != np.arange(UNIT_COUNT)] |= _CHANGES
    # Most phrases that change something hold a unit that changes by itself; another is known by one that it changes,
    # which is rarer in Simplified text than its first: 瞭 in 一目瞭然.
    for key, value in phrases:
        units = np.frombuffer(key.encode(CODEC), UNIT)
        if key != value and not (flags[units] & _CHANGES).any():
            changed = (at for at, (before, after) in enumerate(zip(key, value, strict=False)) if before != after)
            flags[int.from_bytes(key[next(changed, 0)].encode(CODEC)[:UNIT_BYTES], "little")] |= _CHANGES
    return Tables(singles, flags, {start: tuple(sorted(entries)) for start, entries in found.items()})
