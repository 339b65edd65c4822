"""Environments for the peers that zhengwen is measured beside, one for each, from the versions in `peers/`.

    python benchmarks/environments.py FOLDER [NAME …]

They are made with pip, as it is set up on the machine, below a folder of your choice: neither in the project's own
environment nor in its repository. What is there already is made anew only where its versions have changed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

PEERS = Path(__file__).resolve().parent / "peers"
NAMES = ("datatrove", "data-juicer")
_READY = ".ready"


def main() -> int:
    """Make the environments that are not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in NAMES:
            parser.error(f"{name!r} is none of {', '.join(NAMES)}")
        if is_ready(arguments.folder, name):
            continue
        environment = arguments.folder / name
        venv.create(environment, with_pip=True, clear=True)
        python, versions = str(program(arguments.folder, name)), str(_versions(name))
        install = [python, "-m", "pip", "install", "--quiet", "--requirement", versions]
        if subprocess.run(install, check=False).returncode:
            print(f"{environment} could not be made; what pip says stands above", file=sys.stderr)
            return 1
        (environment / _READY).write_bytes(_versions(name).read_bytes())
        print(environment)
    return 0


def is_ready(folder: Path, name: str) -> bool:
    """Whether the environment of a peer is there, in the versions that are measured."""
    ready = folder / name / _READY
    return ready.is_file() and ready.read_bytes() == _versions(name).read_bytes()


def program(folder: Path, name: str, command: str = "python") -> Path:
    """A program in the environment of a peer."""
    return folder / name / ("Scripts" if os.name == "nt" else "bin") / command


def version(name: str) -> str:
    """The version of a peer that is measured.

    >>> version("datatrove")
    '0.10.1'
    """
    package = {"data-juicer": "py-data-juicer"}.get(name, name)
    lines = _versions(name).read_text("utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{package}=="))


def _versions(name: str) -> Path:
    return PEERS / f"{name}.txt"


if __name__ == "__main__":
    sys.exit(main())
