"""No process of a test may connect to another machine: every attempt is written down, and refused.

Here belongs what Python itself says of an attempt (its audit events), in every process that is started with this folder
in PYTHONPATH and a file named in ZHENGWEN_CONNECTIONS. Connections within this machine are let through.
"""

from __future__ import annotations

import ipaddress
import os
import sys

_FILE = os.environ.get("ZHENGWEN_CONNECTIONS", "")


def _is_here(host: object) -> bool:
    name = str(host, "ascii", "replace") if isinstance(host, bytes) else str(host)
    if name in ("", "None", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo" or event.startswith("socket.gethostby"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        where = arguments[1]
        host = where[0] if isinstance(where, tuple) else "localhost"  # a path: a socket of this machine
    else:
        return
    if not _is_here(host):
        with open(_FILE, "a", encoding="utf-8") as file:  # noqa: PTH123  pathlib would be imported by every process
            file.write(f"{event} {host!r} {sys.argv[:3]}\n")
        message = f"no connection may be made: {event} {host!r}"
        raise OSError(message)


if _FILE:
    sys.addaudithook(_look)
