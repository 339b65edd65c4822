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
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

PACKAGE = "pipeline"
_HERE = Path(__file__).parent

Import: TypeAlias = "tuple[str, str]"
"""A module, and one that it imports."""

LIBRARIES = ("chardet", "fsspec", "numpy", "opencc-python-reimplemented", "pyarrow")
"""The distributions that the stages import; another version of one may give another text."""


@functools.cache
def code_fingerprint(*modules: str, leaving: frozenset[Import] = frozenset()) -> str:
    """SHA-256 over all that decides what these modules do: sources, data files, the versions of Python and libraries.

    >>> code_fingerprint("pipeline.text") == code_fingerprint("pipeline.text", "pipeline.edits")
    True
    >>> code_fingerprint("pipeline.text") == code_fingerprint("pipeline.stages")
    False

    What is reached by way of an import in `leaving` alone does not count. A comment counts like any other change: what
    is made again for nothing is right, what is not made again for want of looking is wrong.
    """
    digest = hashlib.sha256(repr((sys.version_info[:2], unicodedata.unidata_version)).encode())
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in deciding_files(modules, leaving=leaving):
        digest.update(file.relative_to(_HERE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def deciding_files(modules: Iterable[str], *, leaving: Collection[Import] = ()) -> list[Path]:
    """The files that decide what these modules do, sorted: their sources and those of all they import, with their data.

    >>> [file.name for file in deciding_files(["pipeline.text"])]
    ['code_points.py', 'edits.py', 'text.py']
    >>> [file.name for file in deciding_files(["pipeline.text"], leaving=[("pipeline.edits", "pipeline.code_points")])]
    ['edits.py', 'text.py']

    A data file counts where a source that is reached has its name in it. One that no source of the package names is
    read by a name that is put together: it counts where its package is reached. What is imported for the type checker
    alone does not count.
    """
    waiting, reached = list(modules), dict[str, Path]()
    while waiting:
        module = waiting.pop()
        if module in reached:
            continue
        file = _source(module)
        if file is not None:
            reached[module] = file
            waiting += (name for name in imported(file) if (module, name) not in leaving)
    sources = set(reached.values())
    packages = {file.parent for file in sources} - {_HERE}
    data = {file for file, by in _named_by().items() if (by & sources if by else _package_of(file) in packages)}
    return sorted(sources | data)


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


@functools.cache
def _named_by() -> dict[Path, frozenset[Path]]:
    """Each data file of this package, with the sources that have its name in them."""
    files = [file for file in _HERE.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    texts = {file: file.read_text("utf-8") for file in files if file.suffix == ".py"}
    return {
        file: frozenset(source for source, text in texts.items() if file.name in text)
        for file in files
        if file not in texts
    }


def _package_of(file: Path) -> Path:
    return next(folder for folder in file.parents if (folder / "__init__.py").exists())
