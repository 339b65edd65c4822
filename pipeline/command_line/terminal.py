"""What a person sees on a terminal while a command works, and how numbers are put there."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable


def counted(number: int, what: str) -> str:
    """A number and what is counted.

    >>> counted(1, "document"), counted(1_200, "document")
    ('1 document', '1,200 documents')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


class TerminalReporter:
    """Says on standard error how far the work is: one line that changes on a terminal, else a line now and then."""

    sees_plots = False

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.last = 0.0

    def begin(self, what: str, log: object) -> Callable[[int, int], None]:
        """Begin a piece of work."""
        del log

        def say(done: int, total: int) -> None:
            now = time.monotonic()
            if done == total or now - self.last >= (0.2 if self.is_terminal else 10):
                self.last = now
                self.say(f"{what}: {done:,} of {total:,}")

        return say

    def warn(self, line: str, log: object) -> None:
        """Say what may become a problem, on a line that stays."""
        del log
        self.end()
        print(f"warning: {visible(line)}", file=sys.stderr)

    def say(self, line: str) -> None:
        """Say one thing, in the place of what was said before."""
        print(f"\r\x1b[K{line}" if self.is_terminal else line, end="" if self.is_terminal else "\n", file=sys.stderr)
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line free for what follows."""
        if self.is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr)
