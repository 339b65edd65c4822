"""What of this package decides the result of a module: its source, the sources that it imports, and their data files.

Here belongs how that is found, by reading sources alone. What is done with it is decided where it is asked for.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = "pipeline"
_HERE = Path(__file__).parent

LIBRARIES = ("chardet", "fsspec", "numpy", "opencc-python-reimplemented", "pyarrow")
"""The distributions that the stages import; another version of one may give another text."""


@functools.cache
def code_fingerprint(*modules: str) -> str:
    """SHA-256 over all that decides what these modules do: sources, data files, the versions of Python and libraries.

    >>> code_fingerprint("pipeline.text") == code_fingerprint("pipeline.text", "pipeline.edits")
    True
    >>> code_fingerprint("pipeline.text") == code_fingerprint("pipeline.stages")
    False

    A comment counts like any other change: what is made again for nothing is right, what is not made again for want of
    looking is wrong.
    """
    digest = hashlib.sha256(repr((sys.version_info[:2], unicodedata.unidata_version)).encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in deciding_files(modules):
        digest.update(file.relative_to(_HERE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def deciding_files(modules: Iterable[str]) -> list[Path]:
    """The files that decide what these modules do, sorted: their sources and those of all they import, with their data.

    >>> [file.name for file in deciding_files(["pipeline.text"])]
    ['code_points.py', 'edits.py', 'text.py']

    Data files are those in the folder of a module that is reached, and in folders below it that are no packages. What
    is imported for the type checker alone does not count.
    """
    waiting, reached = list(modules), dict[str, Path]()
    while waiting:
        module = waiting.pop()
        if module in reached:
            continue
        file = _source(module)
        if file is not None:
            reached[module] = file
            waiting += imported(file)
    folders = {file.parent for file in reached.values()} - {_HERE}
    data = {file for folder in folders for file in _data_below(folder)}
    return sorted({*reached.values(), *data})


@functools.cache
def imported(file: Path) -> tuple[str, ...]:
    """The modules that a source imports when it runs, wherever in it; with each, the packages that it is in."""
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in _run(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if node.module != PACKAGE or _source(inner) is None:
                    yield node.module
                yield from _with_parents(inner)


def _with_parents(module: str) -> Iterator[str]:
    parts = module.split(".")
    # The package as a whole offers names that it imports: nobody below needs it.
    yield from (".".join(parts[:length]) for length in range(2 if parts[0] == PACKAGE else 1, len(parts) + 1))


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """All that is below a node and not for the type checker alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from _run(child)


def _source(module: str) -> Path | None:
    """The source of a module of this package; None for any other module, and for what is none."""
    package, *inner = module.split(".")
    if package != PACKAGE:
        return None
    path = _HERE.joinpath(*inner)
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


def _data_below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name != "__pycache__" and not (path / "__init__.py").exists():
                yield from _data_below(path)
        elif path.suffix != ".py":
            yield path
