"""What the tests of the engines run in other processes, which import it by its name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path  # noqa: TC003  read when the class is made
from typing import NamedTuple, NoReturn

import pyarrow as pa


class Deed(NamedTuple):
    """Something to do in a folder: a number, and what of it kills whoever does it, always or once, or has it hang."""

    folder: Path
    number: int
    deadly: tuple[str, ...] = ()


def note(deed: Deed) -> int:
    """Leave a file with the number of the process, and give the number back; die where it is deadly."""
    (deed.folder / f"{deed.number}").write_text(str(os.getpid()))
    for what in deed.deadly:
        once = deed.folder / f"{deed.number}.died"
        if what == "once" and once.exists():
            continue
        once.touch()
        if what == "hang":
            signal.pause()
        os.kill(os.getpid(), signal.SIGKILL)
    return deed.number


def later(number: int) -> int:
    """The number, the later the smaller it is."""
    time.sleep(0.05 if number % 3 == 0 else 0)
    return number


def threads(_: int) -> tuple[int, str | None]:
    """How many threads Arrow and OpenBLAS may take."""
    return pa.cpu_count(), os.environ.get("OPENBLAS_NUM_THREADS")


def refuse(number: int) -> int:
    """An error for one number."""
    if number == 2:
        message = "two is refused"
        raise ValueError(message)
    return number


class Picky(Exception):
    """An error that does not come back from being pickled."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def refuse_oddly(_: int) -> NoReturn:
    """An error that cannot be carried to another process."""
    raise Picky(1, 2)


def hang(deed: Deed) -> None:
    """Say which process this is, and never end."""
    fresh = deed.folder / f".{deed.number}"
    fresh.write_text(str(os.getpid()))
    fresh.replace(deed.folder / f"{deed.number}")
    while True:
        time.sleep(1)
