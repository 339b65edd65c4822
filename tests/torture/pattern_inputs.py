"""Inputs made out of the pipeline's own regular expressions: what one of them repeats, again and again.

Here belongs how a string is made that a part of a pattern matches. How long the pipeline takes for it is measured in
`linear_time.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]  # what `re` compiles from has no types
import re._parser as parser  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any

from slow_inputs import PROSE, TITLED, Family

import pipeline

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_OTHERS = ("__main__", "describing", "orchestration", "plots", "ray_data", "report", "validate")
"""Modules that read no raw text, or import much."""

_DEEPEST = 4
_MANY = 8
"""A part that may stand more often than this is one that an input repeats."""

_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_ANY_OF = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: "-",
}


def from_patterns(chance: random.Random, *, most: int = 4) -> Iterator[Family]:
    """A few families for each pattern: its beginnings without their ends, and what it repeats without what follows."""
    for name, pattern in sorted(_patterns().items()):
        source, is_bytes = pattern.pattern, isinstance(pattern.pattern, bytes)
        flags = pattern.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE)
        units = {pair for pair in _repeated(parser.parse(source, flags), chance, "") if pair[1]}
        for head, unit in chance.sample(sorted(units), min(most, len(units))):
            if is_bytes:
                yield Family(
                    f"{name}: {unit!r}", unit.encode("latin-1", "replace"), head=head.encode("latin-1", "replace")
                )
            else:
                yield Family(f"{name}: {unit!r}", unit, head=TITLED + head, tail=f"\x01\n{PROSE}")


def _patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern of the pipeline that a module has a name for."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if not any(part in module.name for part in _OTHERS):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found.setdefault(f"{module.name}.{name}", value)
    return found


def _repeated(tree: Any, chance: random.Random, before: str, depth: int = 0) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """What stands before a part of a pattern, and the part, for every beginning and every repeated part."""
    items = list(tree)
    for number, (kind, value) in enumerate(items):
        head = before + _matched(items[:number], chance)
        if not depth:
            yield "", _matched(items[: number + 1], chance)
        if kind in _REPEATS and value[1] > _MANY:
            yield head, _matched(value[2], chance)
            yield head, "".join(_matched(value[2], chance) for _ in range(3))
        if depth < _DEEPEST:
            for one in _inner(kind, value):
                yield from _repeated(one, chance, head, depth + 1)


def _inner(kind: Any, value: Any) -> list[Any]:  # noqa: ANN401
    """The parts that a part of a pattern is made of."""
    if kind is sre.BRANCH:
        return list(value[1][:_MANY])
    if kind in _REPEATS:
        return [value[2]]
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (sre.ASSERT, sre.ASSERT_NOT) else []


def _matched(tree: Any, chance: random.Random) -> str:  # noqa: ANN401  of a tree without types
    """A string that a part of a pattern matches, more or less: what looks around is left out."""
    made = ""
    for kind, value in tree:
        if kind is sre.LITERAL:
            made += chr(value)
        elif kind is sre.NOT_LITERAL:
            made += "a" if value != ord("a") else "b"
        elif kind is sre.ANY:
            made += "a"
        elif kind is sre.IN:
            made += _one_of(value, chance)
        elif kind is sre.BRANCH:
            made += _matched(chance.choice(value[1]), chance)
        elif kind is sre.SUBPATTERN:
            made += _matched(value[3], chance)
        elif kind is sre.ATOMIC_GROUP:
            made += _matched(value, chance)
        elif kind in _REPEATS:
            made += "".join(_matched(value[2], chance) for _ in range(min(max(value[0], 1), 20)))
    return made


def _one_of(items: Any, chance: random.Random) -> str:  # noqa: ANN401
    """A character of a class; for one that is said by what it is not, one that is seldom named."""
    if items[0][0] is sre.NEGATE:
        return chance.choice("a政 1")
    kind, value = chance.choice(items)
    if kind is sre.LITERAL:
        return chr(value)
    return chr(chance.choice(value)) if kind is sre.RANGE else _ANY_OF.get(value, "a")
