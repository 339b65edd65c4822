"""The pages that are served beside Dagster's: the report and the Data Docs, and nothing else of an output folder."""

from __future__ import annotations

import http.client
import os
import socket
import struct
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pipeline.__main__ import main
from pipeline.command_line.ending import BAD_USAGE
from pipeline.serving import FOLDERS, HOST, IDLE_SECONDS, _Handler, server
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIL = "zhangsan@example.org"


class Answer(NamedTuple):
    """What came back: the status, the head, and the body as text."""

    status: int
    head: http.client.HTTPMessage
    text: str


class Served(NamedTuple):
    """An output folder and the port on which its pages are served."""

    output: Path
    port: int

    def ask(self, path: str, method: str = "GET", **head: str) -> Answer:
        """Ask for a path, letter by letter as it is given."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in head.items()})
            answer = connection.getresponse()
            return Answer(answer.status, answer.msg, answer.read().decode())
        finally:
            connection.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """An output folder in which everything that is not for showing holds personal data."""
    output = tmp_path / "output"
    hidden = ("private/redactions.parquet", "stages/raw/part.parquet", ".staging/a", "dataset/README.md", "report2/a")
    for name in hidden:
        (output / name).parent.mkdir(parents=True)
        (output / name).write_text(MAIL)
    (tmp_path / "outside").write_text(MAIL)
    with server(output, port=0) as one:
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        try:
            yield Served(output, one.server_port)
        finally:
            one.shutdown()
            thread.join()


def _write(served: Served, name: str, content: str) -> None:
    path = served.output / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")


def test_report_and_data_docs_are_served(served: Served) -> None:
    """Each by its name, also without the name of the page to begin with."""
    _write(served, "report/index.html", "报告")
    _write(served, "report/data/documents.js", "report.list([]);")
    _write(served, "data_docs/validations/documents/documents.html", "docs")
    assert "报告" == served.ask("/report/").text == served.ask("/report/index.html?from=dagster").text
    assert "/report/" == served.ask("/report").head["Location"]
    assert "docs" == served.ask("/data_docs/validations/documents/documents.html").text
    script = served.ask("/report/data/documents.js")
    assert ("text/javascript", "nosniff") == (script.head["Content-Type"], script.head["X-Content-Type-Options"])
    assert (200, "") == (served.ask("/report/", "HEAD").status, served.ask("/report/", "HEAD").text)


@pytest.mark.parametrize(
    "path",
    [
        *("/private/redactions.parquet", "/stages/raw/part.parquet", "/.staging/a", "/dataset/README.md", "/report2/a"),
        *("//private/redactions.parquet", "/./private/redactions.parquet", "/private", "/stages/", "/Private/"),
        *("/report/../private/redactions.parquet", "/report/%2e%2e/private/redactions.parquet"),
        *("/report/..%2fprivate/redactions.parquet", "/report/data/..\\..\\private\\redactions.parquet"),
        *("/../outside", "/report/../../outside", "/%2e%2e/outside", "/report%00/../private", "/report/%00"),
        *("/%70rivate/redactions.parquet", "http://localhost/private/redactions.parquet", "/*", "/report/data/"),
    ],
)
def test_nothing_else_is_found(served: Served, path: str) -> None:
    """Whatever an address looks like; a folder without a page is not listed."""
    _write(served, "report/data/documents.js", "report.list([]);")
    answer = served.ask(path)
    assert 404 == answer.status
    assert MAIL not in answer.text
    assert "documents.js" not in answer.text


@pytest.mark.parametrize(
    "name",
    [
        *("%25" * 3_000, "a" * 300, "a/" * 5_000, "%00", "a%00.html", "%ED%A0%80", "%ED%A0%80/a.html", "%FF", "\x80"),
        *("loop", "loop/index.html", "pipe"),
    ],
)
def test_names_that_no_file_has(served: Served, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Any page of another site can ask for them: they are not found, and nothing stands on the terminal."""
    _write(served, "report/index.html", "报告")
    (served.output / "report" / "loop").symlink_to("loop")
    os.mkfifo(served.output / "report" / "pipe")
    with socket.create_connection((HOST, served.port), timeout=10) as connection:
        connection.sendall(f"GET /report/{name} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode("latin-1"))
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.0 404 ")
    assert "" == "".join(capfd.readouterr())


def test_links_are_followed_in_a_folder_alone(served: Served) -> None:
    """What leads out of the report or the Data Docs is not found, by whatever name or page."""
    _write(served, "report/data/documents.js", "report.list([]);")
    outside = served.output / "private" / "redactions.parquet"
    for name, target in {
        "report/file.html": outside,
        "report/folder": outside.parent,
        "report/index.html": outside,
        "report/other.html": Path("../private/redactions.parquet"),
        "data_docs": outside.parent,
    }.items():
        (served.output / name).symlink_to(target)
    (served.output / "report" / "inside.js").symlink_to("data/documents.js")
    paths = ("file.html", "folder/redactions.parquet", "", "index.html", "other.html")
    for path in (*(f"/report/{name}" for name in paths), "/data_docs/redactions.parquet"):
        answer = served.ask(path)
        assert (404, False) == (answer.status, MAIL in answer.text)
    assert "report.list([]);" == served.ask("/report/inside.js").text


def test_who_says_nothing_is_not_waited_for(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """A connection on which nothing comes is closed, one that was broken is none of the terminal's."""
    assert 0 < IDLE_SECONDS <= 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Handler, "timeout", 0.2)
        with socket.create_connection((HOST, served.port), timeout=10) as connection:
            assert b"" == connection.recv(1)
    _write(served, "report/large.js", "0" * 20_000_000)
    with socket.create_connection((HOST, served.port), timeout=10) as connection:
        connection.sendall(b"GET /report/large.js HTTP/1.0\r\nHost: localhost\r\n\r\n")
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert 404 == served.ask("/report/none").status
    assert "" == "".join(capfd.readouterr())


def test_nothing_can_be_written(served: Served) -> None:
    """It is for reading alone."""
    for method in ("POST", "PUT", "DELETE"):
        assert 501 == served.ask("/report/index.html", method).status


def test_a_page_that_is_not_there_yet_says_what_to_do(served: Served) -> None:
    """In both languages; the first page leads to what there is to be."""
    for name in FOLDERS:
        answer = served.ask(f"/{name}/index.html")
        assert 404 == answer.status
        assert "Materialize all" in answer.text
        assert "尚未生成" in answer.text
        assert f'href="/{name}/"' in served.ask("/").text


def test_no_other_site_can_look_in(served: Served) -> None:
    """No page of one may frame the pages, load the documents as a script, or lead its own name to this machine."""
    _write(served, "report/data/documents.js", "report.list([]);")
    for path in ("/", "/report/data/documents.js", "/data_docs/"):
        head = served.ask(path).head
        assert "frame-ancestors 'none'" in head["Content-Security-Policy"]
        assert "same-origin" == head["Cross-Origin-Resource-Policy"] == head["Cross-Origin-Opener-Policy"]
    for host in ("evil.example", "localhost.evil.example:3001", "localhost@evil.example", "[evil", ""):
        answer = served.ask("/report/data/documents.js", Host=host)
        assert 421 == answer.status
        assert "report.list" not in answer.text
    for host in ("localhost:3001", "127.0.0.1", "[::1]:8000"):
        assert "report.list" in served.ask("/report/data/documents.js", Host=host).text


def test_the_next_run_is_seen_at_once(served: Served) -> None:
    """Pages are replaced while they are served; a browser asks anew, and is told where nothing has changed."""
    _write(served, "report/index.html", "one")
    first = served.ask("/report/")
    assert "no-cache" == first.head["Cache-Control"]
    assert 304 == served.ask("/report/", If_Modified_Since=first.head["Last-Modified"]).status
    (served.output / "report").rename(served.output / "former")
    assert 404 == served.ask("/report/").status
    _write(served, "report/index.html", "two")
    assert "two" == served.ask("/report/").text


def test_who_cannot_be_served_is_told_why_in_one_line(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken, one that there is not, and a folder that there is not."""
    with pytest.raises(BadInput, match="give another one"):
        server(served.output, port=served.port)
    said = {
        ("serve", str(served.output), "--port", "70000"): "port 70000 cannot be listened on",
        ("serve", str(served.output / "none")): "is no folder: name the output folder of a build",
    }
    for arguments, problem in said.items():
        assert BAD_USAGE == main(arguments)
        assert problem in capsys.readouterr().err
