"""The pages of `make ui` in a real browser: a person presses *Materialize all* and gets a published dataset."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[1]
SERVED, SHOWN, PUBLISHED, STOPPED = 120, 60, 240, 30
"""Seconds that are waited for at most."""

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1600,1200",
)


def _waited(for_what: Callable[[], Any], seconds: float, what: str) -> Any:  # noqa: ANN401  whatever is waited for
    """What a call gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := for_what():
            return found
        time.sleep(0.3)
    pytest.fail(f"waited {seconds} s in vain: {what}")


@contextmanager
def _pages(home: Path, raw: Path, output: Path) -> Iterator[str]:
    """The address of `dagster dev`, started as `make ui` does."""
    home.mkdir()
    shutil.copy(ROOT / "dagster.yaml", home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DAGSTER_HOME": str(home), "ZHENGWEN_RAW": str(raw), "ZHENGWEN_OUTPUT": str(output)}
    with (home / "log").open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _waited(lambda: _answers(f"{address}/server_info"), SERVED, (home / "log").read_text("utf-8", "replace"))
            yield address
        finally:
            os.killpg(served.pid, signal.SIGTERM)
            try:
                served.wait(STOPPED)
            except subprocess.TimeoutExpired:
                os.killpg(served.pid, signal.SIGKILL)
                served.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310  an address of this test
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class _Browser:
    """A headless Chromium, as far as a person uses it: open, press, read, look."""

    def __init__(self, profile: Path) -> None:
        webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
        driver = shutil.which("chromedriver")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not driver or not program:
            pytest.skip("Chromium and its driver are not installed (Debian: chromium, chromium-driver)")
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))

    def texts(self, path: str) -> list[Any]:
        """The visible elements that a path finds."""
        return [element for element in self.driver.find_elements("xpath", path) if element.is_displayed()]

    def press(self, words: str) -> None:
        """Press the button with these words, as soon as it is there and can be pressed."""
        path = f"//button[contains(normalize-space(.), '{words}')]"
        button = _waited(lambda: [one for one in self.texts(path) if one.is_enabled()], SHOWN, f"a button {words!r}")[0]
        button.click()

    def shows(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in self.driver.find_element("tag name", "body").text


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[_Browser]:
    """A browser that is closed at the end; what it showed last lies in the test's folder."""
    opened = _Browser(tmp_path / "profile")
    try:
        yield opened
    finally:
        opened.driver.save_screenshot(str(tmp_path / "last.png"))
        opened.driver.quit()


def test_materialize_all_publishes_the_samples(tmp_path: Path, browser: _Browser) -> None:
    """Pressing *Materialize all* publishes the dataset, and each stage's page says what it did."""
    raw, output = tmp_path / "raw", tmp_path / "output"
    shutil.copytree(ROOT / "raw", raw)
    with _pages(tmp_path / "home", raw, output) as address:
        browser.driver.get(f"{address}/asset-groups")
        _waited(lambda: browser.shows("Materialize all"), SHOWN, "the graph of assets")
        # The newsletter's dialog comes a moment after the page, and only to who has not seen it.
        time.sleep(2)
        if browser.texts("//button[normalize-space(.)='Skip']"):
            browser.press("Skip")
        browser.driver.save_screenshot(str(tmp_path / "graph.png"))
        browser.press("Materialize all")
        _waited((output / "dataset" / "SHA256SUMS").exists, PUBLISHED, "a published dataset")
        browser.driver.get(f"{address}/runs")
        _waited(lambda: browser.shows("Success"), SHOWN, "a run that succeeded")
        browser.driver.save_screenshot(str(tmp_path / "runs.png"))
        browser.driver.get(f"{address}/assets/converted_documents")
        _waited(lambda: browser.shows("turns Traditional into Simplified"), SHOWN, "the stage's description")
        _waited(lambda: browser.shows("edits by rule"), SHOWN, "what the stage did")
        browser.driver.save_screenshot(str(tmp_path / "stage.png"))
        browser.driver.execute_script("arguments[0].scrollIntoView()", browser.texts("//*[text()='preview']")[0])
        browser.driver.save_screenshot(str(tmp_path / "preview.png"))
        browser.driver.get(f"{address}/assets/staged_dataset?view=checks")
        # The list draws what fits the window; the filter brings the rest.
        names = _waited(lambda: browser.texts("//input[@placeholder='Filter checks']"), SHOWN, "the list of checks")
        names[0].send_keys("rebuilds")
        _waited(lambda: browser.shows("rebuilds_exactly"), SHOWN, "the checks by name")
        _waited(lambda: browser.shows("Succeeded"), SHOWN, "a check that passed")
        browser.driver.save_screenshot(str(tmp_path / "checks.png"))

    files = pq.read_table(output / "dataset" / "data" / "files-00000.parquet").to_pylist()
    documents = pq.read_table(output / "dataset" / "data" / "documents-00000.parquet")
    assert sum(row["status"] == "published" for row in files) == documents.num_rows > 0
    assert len(files) == sum(path.is_file() for path in raw.rglob("*")) - 1  # all but the page about the folder
