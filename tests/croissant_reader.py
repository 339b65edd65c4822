"""Load a dataset as a stranger's program would, with Croissant's reference implementation; print what was found.

A program of its own: the library keeps hold of standard error and warns of its own dependencies.
"""

from __future__ import annotations

import json
import sys


def main(metadata: str) -> None:
    """Print the errors and warnings about a file, how many records each table has, and the ids of the documents."""
    import mlcroissant  # noqa: PLC0415  where tests are collected, it would keep hold of their standard error

    dataset = mlcroissant.Dataset(metadata)
    issues = dataset.metadata.ctx.issues
    counts = {}
    ids = []
    for table in dataset.metadata.record_sets if "--records" in sys.argv else ():
        records = list(dataset.records(table.uuid))
        counts[table.uuid] = len(records)
        if table.uuid == "documents":
            ids = sorted(record["documents/id"].decode() for record in records)
    found = {"errors": list(issues.errors), "warnings": list(issues.warnings), "records": counts, "ids": ids}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
