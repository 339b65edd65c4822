"""The installed OpenCC package: that it is the right one, and what its files hold.

Here belongs whatever has to know how `opencc-python-reimplemented` is laid out. What is made of its dictionaries
belongs in the modules beside this one.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import opencc

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

Rules: TypeAlias = "dict[str, str]"
"""One dictionary: each key with what it becomes."""

_MODULE = "opencc.opencc"


class WrongPackage(RuntimeError):
    """Another package than the one whose dictionaries are compiled here answers to `import opencc`."""


def refuse_module(module: str) -> None:
    """Raise :class:`WrongPackage` unless the class OpenCC comes from the module of the package that is wanted.

    >>> refuse_module("opencc.opencc")
    >>> refuse_module("opencc")
    Traceback (most recent call last):
    pipeline.script.package.WrongPackage: `import opencc` finds another package (its OpenCC comes from 'opencc', \
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


def configurations() -> tuple[str, ...]:
    """The names of the configurations that the package ships.

    >>> configurations()
    ('hk2s', 's2hk', 's2t', 's2tw', 's2twp', 't2hk', 't2s', 't2tw', 'tw2s', 'tw2sp')
    """
    return tuple(path.stem for path in _files("config"))


def dictionary_groups(config: str) -> list[list[Rules]]:
    """The dictionaries of a configuration, in the groups and the order in which the package applies them.

    >>> [len(group) for group in dictionary_groups("t2s")]
    [2]

    Each key has the first of its values. Left out: five keys of `STPhrases` that hold one of the separators at which
    the package cuts a text before it looks for keys (乔治．布希), so that they never match.

    Raises ValueError for an unknown configuration, :class:`WrongPackage` where another package is installed or where
    its dictionaries hold what it would not convert key by key.
    """
    verify_package()
    if config not in configurations():
        known = ", ".join(configurations())
        message = f"there is no script configuration {config!r}; the installed package has {known}"
        raise ValueError(message)
    package = opencc.OpenCC(config)
    separator: re.Pattern[str] = package.split_chars_re
    return [[_used(rules, separator) for *_, rules in group] for group in package._dict_chain_data]  # noqa: SLF001 - the dictionaries exactly as the package read them


def _used(rules: Mapping[str, str], separator: re.Pattern[str]) -> Rules:
    """The rules that can match, each with its first value.

    An empty value stops the package's search in a whole stretch of text, and a key in ASCII would have to be looked for
    in English texts: no dictionary that it ships has either.
    """
    used = {key: value.split(" ")[0] for key, value in rules.items() if not separator.search(key)}
    odd = sorted(key for key, value in used.items() if not value or key.isascii())
    if odd:
        message = f"the installed OpenCC package has rules that were never seen in it ({odd[0]!r}); reinstall it"
        raise WrongPackage(message)
    return used


def dictionary(name: str) -> dict[str, list[str]]:
    """A dictionary of the package: each key with its values, the preferred one first.

    >>> dictionary("STCharacters")["发"]
    ['發', '髮']
    """
    path = Path(opencc.__file__).parent / "dictionary" / f"{name}.txt"
    entries = (line.strip().partition("\t") for line in path.read_text("utf-8").splitlines())
    return {key: values.split(" ") for key, _, values in entries}


@cache
def dictionary_fingerprint() -> str:
    """The SHA-256, in hexadecimal, of the package's configurations and dictionaries: names and bytes, by name.

    >>> len(dictionary_fingerprint())
    64
    """
    verify_package()
    digest = hashlib.sha256()
    for path in (path for folder in ("config", "dictionary") for path in _files(folder)):
        content = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(folder: str) -> list[Path]:
    return sorted((Path(opencc.__file__).parent / folder).iterdir(), key=lambda path: path.name)
