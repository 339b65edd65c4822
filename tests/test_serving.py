"""The pages that are served beside Dagster's: the report and the Data Docs, and nothing else of an output folder."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pipeline.__main__ import main
from pipeline.command_line.ending import BAD_USAGE
from pipeline.serving import FOLDERS, HOST, server
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
