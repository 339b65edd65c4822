"""The pages of an output folder, served to a browser on this machine: the report and the Data Docs, and nothing else.

Here belongs which folders may be seen and what stands in for a page that is not there yet. What is in the pages belongs
in :mod:`pipeline.report` and :mod:`pipeline.validate.data_docs`.
"""

from __future__ import annotations

import io
import os
import re
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.report import FOLDER as REPORT
from pipeline.sources.files import BadInput
from pipeline.validate.data_docs import FOLDER as DATA_DOCS

if TYPE_CHECKING:
    from typing import BinaryIO

HOST = "127.0.0.1"
"""This machine alone: whoever may see a dataset is decided elsewhere."""

PORT = 3001
"""That behind the one of Dagster's pages."""

FOLDERS = {REPORT: "The report · 报告", DATA_DOCS: "Data Docs · 校验结果"}
"""What is served of an output folder. `stages/` and `private/` hold personal data as it was found: they never are."""

IDLE_SECONDS = 30
"""After so long a connection on which nothing comes or goes is closed."""

HEADERS = {
    # A page is asked for anew each time: the next run replaces it.
    "Cache-Control": "no-cache",
    # What is served is what its name says.
    "X-Content-Type-Options": "nosniff",
    # No page of another site may frame these, load their scripts (which hold the documents), or get hold of a window.
    "Content-Security-Policy": "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
"""What every answer says; what a page itself may do, its own policy says."""

_OWN_NAME = re.compile(r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\])(?::\d+)?", re.IGNORECASE)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>zhengwen</title>
<h1>zhengwen · <span lang="zh-Hans">正文</span></h1>
{content}
</html>
"""
_LINKS = "\n".join(f'<li><a href="/{name}/">{said}</a></li>' for name, said in FOLDERS.items())
_INDEX = f"<ul>\n{_LINKS}\n</ul>"
_MISSING = """<p>This page is not there yet. Press <em>Materialize all</em> in Dagster's pages, or run
<code>make dataset</code>, and load it again.</p>
<p lang="zh-Hans">此页尚未生成。请在 Dagster 的页面上按 <em>Materialize all</em>，或运行
<code>make dataset</code>，再重新载入。</p>"""

_ELSEWHERE = """<p>These pages are served under <code>localhost</code> and under addresses in numbers alone.</p>
<p lang="zh-Hans">这些页面只在 <code>localhost</code> 与数字地址下提供。</p>"""


def server(output: Path, *, port: int = PORT) -> ThreadingHTTPServer:
    """A server of the pages in an output folder, which listens already; port 0 takes one that is free.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, server(Path(folder), port=0) as served:
    ...     served.server_address[0]
    '127.0.0.1'

    `/report/` and `/data_docs/` are served, as they stand on disk when they are asked for; nothing else in the folder
    is found, whatever an address looks like or a link in it leads to. The two need not be there yet. Who asks for them
    under another name than `localhost` or a number is refused: a page of another site could have given its own name
    this machine's address.

    Raises :class:`pipeline.sources.files.BadInput` where there is no such folder, and where the port is taken.
    """
    if not output.is_dir():
        message = f"{os.fspath(output)!r} is no folder: name the output folder of a build"
        raise BadInput(message)
    try:
        return _Server((HOST, port), partial(_Handler, directory=os.fspath(output)))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "no such port"
        message = f"port {port} cannot be listened on ({why}): give another one (--port NUMBER)"
        raise BadInput(message) from error


def _is_this_machine(host: str) -> bool:
    """Whether a request names the machine in a way that no page of another site can: such a name may be led here.

    >>> [_is_this_machine(name) for name in ("localhost:3001", "127.0.0.1", "[::1]:80", "evil.example:3001", "")]
    [True, True, True, False, False]
    """
    return bool(_OWN_NAME.fullmatch(host))


def _may_be_seen(path: Path, folder: Path) -> bool:
    """Whether a path leads to a file or a folder that lies in a folder, and so does the page that stands for it."""
    try:
        real = [Path(os.path.realpath(one, strict=True)) for one in (path, *path.glob("index.htm*"))]
    except (OSError, ValueError):  # there is none, or no file can have such a name
        return False
    return all(one.is_relative_to(folder) and (one.is_file() or one.is_dir()) for one in real)


class _Server(ThreadingHTTPServer):
    """Says nothing of browsers that go away before they have read their answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  the parent's
        """Show an error, if it is one of this side."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Answers with what lies in the folders that are served."""

    timeout = IDLE_SECONDS
    server_version = "zhengwen"
    sys_version = ""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The file that is asked for, after its head; a page of words where there is none to be seen."""
        if not _is_this_machine(self.headers.get("Host", "")):
            return self._said(HTTPStatus.MISDIRECTED_REQUEST, _ELSEWHERE)
        path = Path(self.translate_path(self.path))
        inside = path.relative_to(self.directory).parts
        if not inside or inside[0] not in FOLDERS:
            return self._said(HTTPStatus.NOT_FOUND if inside else HTTPStatus.OK, _INDEX)
        if not _may_be_seen(path, Path(self.directory).resolve() / inside[0]):
            return self._said(HTTPStatus.NOT_FOUND, _MISSING)
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """A folder without a page of its own shows nothing."""
        del path
        return self._said(HTTPStatus.NOT_FOUND, _MISSING)

    def end_headers(self) -> None:
        """End the head of an answer with what every one says."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name for it
        """Nobody wants to read what was loaded."""

    def _said(self, status: HTTPStatus, content: str) -> io.BytesIO:
        page = _PAGE.format(content=content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)
