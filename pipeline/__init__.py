"""zhengwen (正文, "the body text"): crawled Chinese documents into a clean dataset, with an account of every change.

>>> import pipeline
>>> document = pipeline.clean("企業 發展".encode("utf-8"))
>>> pipeline.rebuild(document) == "企業 發展".encode("utf-8")
True

Here belongs what a user imports. Nothing here imports Dagster, pandas or Great Expectations.
"""

from pipeline.document import Document, rebuild
from pipeline.edits import Edit, Layer
from pipeline.recipe import clean
from pipeline.text import Finding, Text

__version__ = "0.1.0"

__all__ = ["Document", "Edit", "Finding", "Layer", "Text", "clean", "rebuild"]
