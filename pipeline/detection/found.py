"""What was found about the bytes of a file: its codecs, or why it is set aside."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from pipeline.decoding import Run

Method: TypeAlias = Literal["bom", "utf8_strict", "scored", "declared", "chardet", "runs"]
Reason: TypeAlias = Literal["binary", "undecodable", "unsupported_encoding"]


class Detection(NamedTuple):
    """The codecs of a file, run by run, and how they were found; or why it is set aside, and then no run.

    `confidence` is between 0 and 1; it orders, and is no probability.
    """

    runs: tuple[Run, ...]
    method: Method
    confidence: float
    reason: Reason | None = None
    detail: str = ""


def whole(content: bytes, encoding: str, method: Method, confidence: float, detail: str = "") -> Detection:
    """Say that all of a file is in one codec."""
    return Detection((Run(0, len(content), encoding),), method, round(confidence, 3), None, detail)


def set_aside(reason: Reason, detail: str, method: Method = "scored", confidence: float = 0.9) -> Detection:
    """Say why a file is no text that can be read."""
    return Detection((), method, confidence, reason, detail)
