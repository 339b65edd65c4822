"""What finds hostile content that came through: it must be able to fail. And what needs neither a build nor a browser.

The attempts themselves are in `tests/torture/hostility.py`; `make torture` runs them, `.ci/run` their short form.
"""

from __future__ import annotations

import importlib
import json
import os
import sqlite3
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_dataset import dataset_of, document

from pipeline import clean
from pipeline.report import write_report

if TYPE_CHECKING:
    from types import ModuleType

    from browser import Browser

ROOT = Path(__file__).resolve().parents[1]
BODY = "各区人民政府要抓好落实，推动人工智能产业创新发展。" * 3


@pytest.fixture
def canaries_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The canaries of the torture."""
    monkeypatch.syspath_prepend(ROOT / "tests" / "torture")
    return importlib.import_module("canaries")


# ------------------------------------------------------------------------------------------------ personal data
def test_a_canary_is_found_however_it_is_written(canaries_module: ModuleType, tmp_path: Path) -> None:
    """In either width, in groups, escaped, in the cells of a table however deep, in a database."""
    canaries: Any = canaries_module.Canaries()
    canaries_module.write_canaries(tmp_path / "raw", canaries)
    assert len(canaries.all) > 600
    for one in canaries.all:
        wide = one.written.translate({n: n + 0xFEE0 for n in range(0x30, 0x3A)})
        assert one in canaries.found_in(f"电话{one.written}。")
        assert one in canaries.found_in(f"电话{wide}。")
        assert one in canaries.found_in(unicodedata.normalize("NFKC", one.written))
    first, last = canaries.all[0], canaries.all[-1]
    cells = pa.table({"a": [None, [{"b": f"甲{first.written}"}]], "c": [last.written.encode(), b""]})
    pq.write_table(cells, tmp_path / "a.parquet", compression="zstd")
    (tmp_path / "b.js").write_text("".join(f"\\u{ord(one):04x}" for one in first.written))
    with sqlite3.connect(tmp_path / "c.db") as database:
        database.execute("create table events (said text)")
        database.execute("insert into events values (?)", [json.dumps({"text": last.written})])
    database.close()
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())
    found = {(file, canary) for file, _, canary in canaries_module.leaks(canaries, files, tmp_path)}
    assert {("a.parquet", first), ("a.parquet", last), ("b.js", first), ("c.db", last)} == found


def test_every_form_of_a_canary_is_personal_data(canaries_module: ModuleType) -> None:
    """The pipeline masks each of them behind a word such as 电话, and so the search for them says something."""
    canaries: Any = canaries_module.Canaries()
    for number, form in enumerate(canaries_module.FORMS):
        text = clean(f"{BODY}\n第{number}条，联系电话：{canaries(form, 'text')}。\n".encode()).text
        assert text is not None
        assert [] == canaries.found_in(text)
        assert "]。" in text


# ------------------------------------------------------------------------------------------------ pages
@pytest.mark.browser
def test_what_would_run_is_heard_and_nothing_in_the_report_runs(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each payload runs where it stands unescaped; none does where it is a text, a title, a name or an author."""
    monkeypatch.syspath_prepend(ROOT / "tests" / "torture")
    watching, opening = importlib.import_module("watching"), importlib.import_module("opening")
    payloads = watching.payloads()
    assert len({one.name for one in payloads}) == len(payloads) > 90
    with watching.Beacon().listening() as beacon:
        watched = watching.Watched(browser, beacon)
        heard = watching.control(watched, [one for one in payloads if one.live])
        assert [] == [name for name, ran in heard.items() if not ran]
        documents = {}
        for number, one in enumerate(payloads):
            text = one.numbered(number, beacon.address)
            said = {"title": text, "authors": [text], "summary": text, "source_name": text}
            content = f"{number}{BODY}\n{text}\n{BODY}".encode("utf-8", "replace")
            documents[f"{number} {text.replace('/', '')[:80]}.txt"] = document(content, **said)
        staged = dataset_of(documents, tmp_path)
        write_report(staged.dataset, staged.path / "report")
        with opening.served(staged.path) as address:
            opened = opening.open_report(watched, f"{address}/report/index.html")
    assert () == opened.wrong
    assert len(payloads) == opened.pages - 1
    assert len(payloads) * 0.9 < len(opened.shown)


# ------------------------------------------------------------------------------------------------ connections
@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("import urllib.request as u; u.urlopen('http://telemetry.example/', timeout=1)", "telemetry.example"),
        ("import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)", "192.0.2.1"),
        ("import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'a', ('192.0.2.1', 80))", "192.0.2.1"),
        ("import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())", ""),
        ("import sys; from pipeline.__main__ import main; sys.exit(main(['clean', '-']))", ""),
    ],
)
def test_who_connects_is_heard(code: str, heard: str, tmp_path: Path) -> None:
    """Every attempt to reach another machine is refused and written down; `clean` makes none."""
    said = tmp_path / "connections"
    paths = os.pathsep.join((str(ROOT / "tests" / "torture" / "forbidding"), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": paths, "ZHENGWEN_CONNECTIONS": str(said)},
        input=BODY.encode(),
        capture_output=True,
        check=False,
    )
    assert bool(heard) == bool(done.returncode)
    assert (heard in said.read_text("utf-8")) if heard else not said.exists()


# ------------------------------------------------------------------------------------------------ what is written
def test_nothing_is_written_that_a_spreadsheet_works_out(tmp_path: Path) -> None:
    """A cell may begin as a formula does, and stays what it is: there is no file that a program opens as a table."""
    staged = dataset_of({"a.txt": document(BODY.encode(), title="=HYPERLINK(1)", source_name="@SUM(1)")}, tmp_path)
    write_report(staged.dataset, staged.path / "report")
    written = [path for path in (*staged.dataset.rglob("*"), *(staged.path / "report").rglob("*")) if path.is_file()]
    assert {".html", ".js", ".json", ".jsonl", ".md", ".parquet", ""} == {path.suffix for path in written}
    assert {"SHA256SUMS"} == {path.name for path in written if not path.suffix}


def test_front_matter_makes_no_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read by patterns, and a tag of YAML is a text."""
    monkeypatch.chdir(tmp_path)
    front = "title: !!python/object/apply:os.system ['touch ran']\nauthor: !!python/name:os.system ''"
    document = clean(f"---\n{front}\n---\n\n{BODY}\n".encode(), source="a.md")
    assert BODY in (document.text or "")
    assert [] == list(tmp_path.iterdir())
