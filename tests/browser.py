"""The pages of `make ui`, and a browser that opens them and others, as far as a person uses either."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pipeline.serving import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
SERVED, SHOWN, STOPPED = 120, 60, 30
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
    "--hide-scrollbars",
    "--window-size=1500,1100",
)


def waited(for_what: Callable[[], Any], what: str, *, seconds: float = SHOWN) -> Any:  # noqa: ANN401  whatever is waited for
    """What a call gives as soon as it gives something; a page that is being drawn anew has nothing to give."""
    from selenium.common.exceptions import StaleElementReferenceException  # noqa: PLC0415  not everybody has it

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := for_what():
                return found
        except StaleElementReferenceException:
            pass
        time.sleep(0.3)
    pytest.fail(f"waited {seconds} s in vain: {what}")


class Pages(NamedTuple):
    """Addresses: of Dagster's pages, and of those that are served beside them."""

    dagster: str
    beside: str


@contextmanager
def pages(home: Path, raw: Path, output: Path) -> Iterator[Pages]:
    """What `make ui` opens: `dagster dev`, and beside it the report and the Data Docs."""
    home.mkdir()
    output.mkdir()
    with server(output, port=0) as served:
        beside = f"http://localhost:{served.server_port}"
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            with _dagster(home, raw, output, beside) as address:
                yield Pages(address, beside)
        finally:
            served.shutdown()
            thread.join()


@contextmanager
def _dagster(home: Path, raw: Path, output: Path, beside: str) -> Iterator[str]:
    shutil.copy(ROOT / "dagster.yaml", home)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "ZHENGWEN_RAW": str(raw),
        "ZHENGWEN_OUTPUT": str(output),
        "ZHENGWEN_PAGES_URL": beside,
    }
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
            waited(lambda: _answers(f"{address}/server_info"), f"pages; see {home / 'log'}", seconds=SERVED)
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


class Browser:
    """A headless Chromium: open, press, read, look. Pictures lie in the folder given for them."""

    def __init__(self, profile: Path, *, pictures: Path) -> None:
        webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
        driver = shutil.which("chromedriver")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not driver or not program:
            pytest.skip("Chromium and its driver are not installed (Debian: chromium, chromium-driver)")
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        self.pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)

    def open(self, address: str, *, until: str, seconds: float = SHOWN) -> None:
        """Open a page, and wait until it shows these words."""
        self.driver.get(address)
        waited(lambda: self.shows(until), f"{until!r} on {address}", seconds=seconds)

    def texts(self, path: str) -> list[Any]:
        """The visible elements that a path finds."""
        return [element for element in self.driver.find_elements("xpath", path) if element.is_displayed()]

    def press(self, words: str) -> None:
        """Press the button with these words, as soon as it is there and can be pressed."""
        path = f"//button[contains(normalize-space(.), '{words}')]"
        button = waited(lambda: [one for one in self.texts(path) if one.is_enabled()], f"a button {words!r}")[0]
        button.click()

    def keys(self, *keys: str) -> None:
        """Press keys, one after the other, wherever the page has its focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def complaints(self) -> list[str]:
        """What the page's console has said since it was last asked, such as a policy that was not kept."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]

    def shows(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in self.driver.find_element("tag name", "body").text

    def scroll_to(self, words: str) -> None:
        """Bring the element with just these words to the upper edge."""
        found = waited(lambda: self.texts(f"//*[text()='{words}']"), f"{words!r} to scroll to")[0]
        self.driver.execute_script("arguments[0].scrollIntoView()", found)

    def take(self, name: str) -> None:
        """Take a picture of the page, once what moves on it has come to rest."""
        time.sleep(1)
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))
