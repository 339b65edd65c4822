"""Faults from outside: builds that are killed, disks that are full, bits that flip, workers that hang.

Here belongs which faults are injected, in their order; how each is made is said in the files beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import flipped_bits
import killed_builds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attempts import Attempts


def attempts(*, long: bool, scratch: Path) -> Iterator[Attempts]:
    """Every fault of this part, kind by kind."""
    folder = scratch / "faults"
    folder.mkdir()
    yield from killed_builds.attempts(long=long, scratch=folder)
    # A dataset that a build has published, which nobody disturbed.
    yield from flipped_bits.attempts(folder / "known-a", folder, long=long)
