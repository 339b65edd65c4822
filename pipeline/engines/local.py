"""Batches in this process, one after another.

Here belongs how a function is run over batches, and nothing of what it does. Every engine has this one function, so
that one can stand in for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def run(
    function: Callable[[Batch], Result],
    batches: Iterable[Batch],
    *,
    rescue: Callable[[Batch, Callable[[Batch], bool]], Batch] | None = None,
) -> Iterator[Result]:
    """The results of `function` for each batch, in the order of the batches, as they come.

    >>> list(run(len, [["a", "b"], ["c"]]))
    [2, 1]

    An error in `function` is raised here; batches behind it are not begun. `rescue` is for engines with processes of
    their own: there is nothing to be rescued where a killed process is this one.
    """
    del rescue
    return map(function, batches)
