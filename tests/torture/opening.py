"""Opening every page that people are given, as they do: from its folder and served, each document of it, each link.

Here belongs how a page is gone through. What counts as an execution belongs in :mod:`watching`.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from browser import waited

from pipeline.serving import server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watching import Watched

_NUMBER = re.compile(r"\bran\((\d+)\)|/ran/(\d+)")

_EVERY_DOCUMENT, _EVERY_LINK, _ASTRAY = (
    Path(__file__).with_name(f"{name}.js").read_text("utf-8") for name in ("every_document", "every_link", "astray")
)


class Opened(NamedTuple):
    """What came of pages: how many were opened, which payloads they showed as text, and what should not have been."""

    pages: int = 0
    shown: frozenset[str] = frozenset()
    wrong: tuple[str, ...] = ()

    def __add__(self, other: object) -> Opened:
        """Of both."""
        if not isinstance(other, Opened):
            return NotImplemented
        return Opened(self.pages + other.pages, self.shown | other.shown, (*self.wrong, *other.wrong))


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of the payloads that stand in a text."""
    return frozenset(first or second for first, second in _NUMBER.findall(text))


def open_report(watched: Watched, address: str, *, most: int | None = None) -> Opened:
    """The report: each document (or `most` of them) in both views, its changes explained, its links followed."""
    driver = watched.browser.driver
    driver.set_script_timeout(600)
    driver.get("about:blank")
    driver.get(address)
    waited(lambda: watched.browser.shows("zhengwen"), address)
    glance = numbers_in(driver.find_element("tag name", "body").get_attribute("textContent") or "")
    documents, shown, astray = driver.execute_async_script(_EVERY_DOCUMENT, most)
    wrong = [*watched.ran(), *watched.left(address), *map(str, astray), *driver.execute_script(_ASTRAY)]
    if not documents:
        wrong.append("no document was opened")
    return Opened(1 + int(documents), frozenset(map(str, shown)) | glance, tuple(f"{address}: {one}" for one in wrong))


def open_page(watched: Watched, address: str, *, also: tuple[str, ...] = ()) -> Opened:
    """A page without a script: what it shows, and whether all that it leads to or loads is a page beside it.

    `also` are the beginnings of addresses to which it may lead.
    """
    driver = watched.browser.driver
    driver.get(address)
    wrong = []
    for tag, to in driver.execute_script(_EVERY_LINK):
        fine = tag == "A" and (to.startswith(("#", *also)) or re.fullmatch(r"[\w./#-]+", to))
        if not fine and not (tag == "LINK" and to == "data:,") and tag != "META":
            wrong.append(f"{tag} {to[:80]}")
    shown = numbers_in(driver.find_element("tag name", "body").get_attribute("textContent") or "")
    wrong += [*watched.ran(), *watched.left(address), *driver.execute_script(_ASTRAY)]
    return Opened(1, shown, tuple(f"{address}: {one}" for one in wrong))


@contextmanager
def served(output: Path) -> Iterator[str]:
    """The pages of an output folder as `python -m pipeline serve` serves them; their address."""
    with server(output, port=0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{serving.server_port}"
        finally:
            serving.shutdown()
            thread.join()


def open_output(watched: Watched, output: Path, *, by_file: bool = True, most: int | None = None) -> Opened:
    """The report and every page of the Data Docs in an output folder, served, and from the folder as well."""
    pages = sorted(path.relative_to(output).as_posix() for path in (output / "data_docs").rglob("*.html"))

    def all_of(address: str) -> Opened:
        opened = open_report(watched, f"{address}/report/index.html", most=most)
        for page in pages:
            opened += open_page(watched, f"{address}/{page}")
        return opened

    with served(output) as address:
        found = all_of(address)
    return found + all_of(output.absolute().as_uri()) if by_file else found


_SHOWS = "//*[starts-with(normalize-space(text()), '[Show ')]"
_PUBLISHED = 900
"""Seconds for a run through Dagster's pages."""


def open_dagster(watched: Watched, address: str, output: Path, assets: Sequence[str]) -> Opened:
    """Dagster's pages after *Materialize all*: each asset with everything that can be opened, its checks, the run."""
    browser, driver = watched.browser, watched.browser.driver
    browser.open(f"{address}/asset-groups", until="Materialize all")
    time.sleep(2)  # the newsletter's dialog comes a moment after the page
    if browser.texts("//button[normalize-space(.)='Skip']"):
        browser.press("Skip")
    browser.press("Materialize all")
    waited((output / "dataset" / "SHA256SUMS").exists, "a published dataset", seconds=_PUBLISHED)
    browser.open(f"{address}/runs", until="Success", seconds=_PUBLISHED)
    run = driver.find_element("xpath", "//a[contains(@href, '/runs/')]").get_attribute("href")
    found = Opened()
    for page in (
        *(f"{address}/assets/{asset}" for asset in assets),
        *(f"{address}/assets/{asset}?view=events" for asset in assets),
        f"{address}/assets/staged_dataset?view=checks",
        str(run),
    ):
        driver.get(page)
        waited(lambda: len(browser.driver.find_element("tag name", "body").text) > 200, page)
        time.sleep(2)
        seen = set(numbers_in(_content(watched)))
        for place in range(len(browser.texts(_SHOWS))):
            shows = browser.texts(_SHOWS)
            if place < len(shows):
                driver.execute_script("arguments[0].click()", shows[place])
                time.sleep(0.7)
                seen |= numbers_in(_content(watched))
                browser.keys("\ue00c")
                time.sleep(0.3)
        astray = driver.execute_script(_ASTRAY)
        wrong = [*watched.ran(), *astray, *(one for one in watched.left(page) if "left for" not in one)]
        found += Opened(1, frozenset(seen), tuple(f"{page}: {one}" for one in wrong))
    return found


def _content(watched: Watched) -> str:
    return str(watched.browser.driver.find_element("tag name", "body").get_attribute("textContent") or "")
