"""A coverage-guided search for bytes that break a law of `targets.py`, with atheris, in a process of its own.

Called as `coverage_guided.py TARGET SECONDS SEED CORPUS`. It ends with exit code 0 when the time is over and the law
held; else the input that broke it lies in CORPUS. How many inputs were tried stands on standard error, as
`stat::number_of_executed_units`. Of the code, only the pipeline's guides it.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["pipeline"]):
    from targets import TARGETS

from hostile_pieces import mutated

_LONGEST_BYTES = 4_096
_LONGEST_SECONDS = 20
"""One input of that length takes no longer, on a machine that does other things too."""

_MOST_MEMORY_MB = 4_000


def main() -> None:
    """Search until the time is over, or an input breaks the law."""
    target, seconds, seed, corpus = sys.argv[1:]

    def mutator(content: bytes, most: int, chance: int) -> bytes:
        # Half of the time the fuzzer's own way, which knows what the code compares with.
        return mutated(content, most, chance) if chance % 2 else atheris.Mutate(content, most)

    arguments = [
        sys.argv[0],
        corpus,
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST_BYTES}",
        f"-timeout={_LONGEST_SECONDS}",
        f"-rss_limit_mb={_MOST_MEMORY_MB}",
        f"-seed={seed}",
        "-verbosity=0",
        f"-artifact_prefix={corpus}/",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, TARGETS[target], custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
