"""zhengwen (正文, "the body text"): crawled Chinese documents into a clean dataset, with an account of every change.

>>> import pipeline
>>> document = pipeline.clean("企業 發展".encode("utf-8"))
>>> pipeline.rebuild(document) == "企業 發展".encode("utf-8")
True

Here belongs what a user imports. Nothing here imports Dagster, pandas or Great Expectations, and what is here is itself
imported when it is first asked for: the steps and their patterns take half a second, which `--help` has no use for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.document import Document, rebuild
    from pipeline.edits import Edit, Layer
    from pipeline.recipe import clean
    from pipeline.text import Finding, Text

__version__ = "0.1.0"

__all__ = ["Document", "Edit", "Finding", "Layer", "Text", "clean", "rebuild"]

_STANDS_IN = {
    "Document": "document",
    "Edit": "edits",
    "Finding": "text",
    "Layer": "edits",
    "Text": "text",
    "clean": "recipe",
    "rebuild": "document",
}


if not TYPE_CHECKING:  # a type checker takes no name that is not there

    def __getattr__(name: str) -> object:
        if name not in _STANDS_IN:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(f"pipeline.{_STANDS_IN[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
