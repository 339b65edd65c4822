"""The search for near-duplicates on the documents of a folder, beside datasketch: documents a second, and memory.

    python benchmarks/near_duplicates.py CORPUS [--documents 10000000]

The texts are cleaned before. Both are measured from the text to the clusters, in one process each, bound to one core:
zhengwen folds, signs, finds what shares a band, and counts the shingles of each such pair; datasketch is given folded
texts, makes MinHashes with as many permutations, and finds pairs above the same threshold by an estimate. The best of
several rounds counts: what disturbs a round makes it slower, never faster.

With `--documents`, so many made-up signatures are searched, of which a tenth are near-duplicates of another one, with
no texts behind them: what the light columns of a large collection need.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import files_of, stay_on_one_core

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.corpus.inputs import Inputs

ROUNDS = 3
DATASKETCH_WHEEL = "datasketch==2.0.0"


def main() -> int:
    """Measure, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder of documents, or a tar archive of one")
    parser.add_argument("--documents", type=int, help="also search so many made-up signatures")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--texts", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--permutations", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--threshold", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    stay_on_one_core()
    if arguments.texts:
        texts = json.loads(arguments.texts.read_text("ascii"))
        print(json.dumps(_best(lambda: _of_the_other(texts, arguments), arguments.rounds)))
        return 0
    if arguments.documents:
        _print_made_up(arguments.documents)
    with tempfile.TemporaryDirectory() as scratch:
        _print_measured(arguments.corpus, Path(scratch), rounds=arguments.rounds)
    return 0


def _print_measured(corpus: Path, scratch: Path, *, rounds: int) -> None:
    from pipeline.corpus.comparing import THRESHOLD
    from pipeline.corpus.duplicates import standings
    from pipeline.corpus.folding import folded_string
    from pipeline.corpus.signatures import BANDS, ROWS, signature
    from pipeline.recipe import clean

    documents = [clean(file.read_bytes(), source=str(file)) for file in files_of(corpus, scratch)]
    documents = [document for document in documents if document.text]
    texts = [str(document.text) for document in documents]
    print(f"{len(texts):,} documents of {sum(map(len, texts)) / len(texts):,.0f} characters each")

    def sign() -> list[bytes | None]:
        return [signature(text) for text in texts]

    inputs = _inputs(documents, sign())

    def search() -> Any:  # noqa: ANN401  what becomes of each
        return standings(inputs, lambda rows: (texts[row] for row in rows))

    signing, _ = _best(sign, rounds)
    searching, _ = _best(lambda: len(search()), rounds)
    found = list(search())
    near = sum(
        one.status == "published" and one.cluster_id != document.id
        for one, document in zip(found, documents, strict=True)
    )
    rates = [len(texts) / seconds for seconds in (signing, searching, signing + searching)]
    print(
        f"zhengwen:   {rates[2]:8,.0f} documents/s ({rates[0]:,.0f} to sign, {rates[1]:,.0f} to search); "
        f"{near} near-duplicates"
    )
    folded = [folded_string(text) for text in texts]
    options = ["--permutations", str(BANDS * ROWS), "--threshold", str(THRESHOLD)]
    theirs, pairs = _in_scratch(folded, scratch, [*options, "--rounds", str(rounds)])
    print(f"datasketch: {len(texts) / theirs:8,.0f} documents/s; {pairs} pairs by its estimate")
    print(f"zhengwen / datasketch: {theirs / (signing + searching):.1f}")


def _inputs(documents: Sequence[Any], signatures: Sequence[bytes | None]) -> Inputs:
    """The light columns of these documents, as the stage tables have them."""
    import numpy as np
    import pyarrow as pa

    from pipeline.corpus.inputs import Inputs
    from pipeline.corpus.signatures import BANDS, SIGNATURE_BYTES

    raw = b"".join(one or bytes(SIGNATURE_BYTES) for one in signatures)
    fields = [document.fields for document in documents]
    return Inputs(
        raw_path=pa.array([document.source for document in documents]),
        raw_sha256=pa.array([document.raw_sha256 for document in documents]),
        text_sha256=pa.array([hashlib.sha256(document.text.encode()).hexdigest() for document in documents]),
        date_published=pa.array([one["date_published"] for one in fields], pa.date32()),
        accepted=np.ones(len(documents), np.bool_),
        doc_number=pa.array([one["doc_number"] for one in fields], pa.string()),
        title=pa.array([one["title"] for one in fields], pa.string()),
        signatures=np.frombuffer(raw, "<u4").reshape(-1, BANDS),
        signed_on=pa.nulls(len(documents), pa.string()),
        has_signature=np.array([one is not None for one in signatures]),
    )


def _print_made_up(count: int) -> None:
    """Search made-up signatures, and print the time and the memory that it takes beside what was there before."""
    import numpy as np

    from pipeline.corpus.near import gathered
    from pipeline.corpus.signatures import BANDS, sharing

    class Alike:
        def similarity(self, member: int, leader: int) -> float:
            return float(member != leader)

        def join(self, member: int, leader: int) -> None:
            pass

    random = np.random.default_rng(1)
    signatures = np.empty((count, BANDS), np.uint32)
    for band in range(BANDS):
        signatures[:, band] = random.integers(0, 2**32, count, np.uint32)
    copies, originals = random.choice(count, (2, count // 10), replace=False)
    signatures[copies, : BANDS // 2] = signatures[originals, : BANDS // 2]
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    rows, groups = sharing(signatures, np.arange(count))
    shared = time.process_time()
    leaders, _ = gathered(groups, np.arange(len(rows)), Alike())
    joined, end = int((leaders != np.arange(len(rows))).sum()), time.process_time()
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{count:,} made-up signatures, {signatures.nbytes / 1e9:.2f} GB: {shared - start:.0f} s to find {len(rows):,} "
        f"that share a band, {end - shared:.0f} s to join {joined:,}; {more / 1e6:.2f} GB more at most"
    )


def _in_scratch(texts: Sequence[str], scratch: Path, options: Sequence[str]) -> tuple[float, int]:
    """The seconds of datasketch in an environment of its own, and the pairs that it found."""
    environment = scratch / "environment"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", DATASKETCH_WHEEL, "xxhash"], check=True)
    file = scratch / "texts.json"
    file.write_text(json.dumps(texts), "ascii")
    command = [str(python), __file__, "-", "--texts", str(file), *options]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    seconds, pairs = json.loads(done.stdout)
    return seconds, pairs


def _of_the_other(texts: Sequence[str], arguments: argparse.Namespace) -> int:
    """Search with datasketch; how many pairs there are."""
    datasketch, xxhash = (importlib.import_module(name) for name in ("datasketch", "xxhash"))
    index = datasketch.MinHashLSH(threshold=arguments.threshold, num_perm=arguments.permutations)
    pairs = 0
    for number, text in enumerate(texts):
        shingles = [text[at : at + 5].encode() for at in range(max(1, len(text) - 4))]
        signed = datasketch.MinHash(num_perm=arguments.permutations, hashfunc=xxhash.xxh32_intdigest)
        signed.update_batch(shingles)
        pairs += len(index.query(signed))
        index.insert(str(number), signed)
    return pairs


def _best(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The processor's seconds of the best round, and what the work gave."""
    best, result = float("inf"), None
    for _ in range(rounds):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


if __name__ == "__main__":
    sys.exit(main())
