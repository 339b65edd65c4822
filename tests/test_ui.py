"""The pages of `make ui` in a real browser: what a person sees who presses *Materialize all*, and who broke a table."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from browser import ROOT, Browser, pages, waited

from pipeline.checksums import digest
from pipeline.former_dataset import LEDGER_FILE
from pipeline.former_shards import SUMS
from pipeline.orchestration.assets import ASSETS as DEFINITIONS
from pipeline.orchestration.checks import CHECKS
from pipeline.sources.files import find_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

PUBLISHED = 240
"""Seconds that a whole run is waited for at most; what it takes is measured elsewhere."""

ASSETS = [spec.key.to_user_string() for definition in DEFINITIONS for spec in definition.specs]


def _materialize_all(browser: Browser, address: str) -> None:
    """What a newcomer does: open the page, decline the newsletter, press the button."""
    browser.open(f"{address}/asset-groups", until="Materialize all")
    # The newsletter's dialog comes a moment after the page, and only to who has not seen it.
    time.sleep(2)
    if browser.texts("//button[normalize-space(.)='Skip']"):
        browser.press("Skip")
    browser.press("Materialize all")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _checks() -> int:
    return sum(1 for definition in CHECKS for _ in definition.check_specs)


class Published(NamedTuple):
    """The pages after *Materialize all*: their addresses, and the folders that they work on."""

    address: str
    beside: str
    raw: Path
    output: Path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The samples, published by the button; the tests of this file look at that one run, and the last one breaks it."""
    folder = tmp_path_factory.mktemp("ui")
    raw, output = folder / "raw", folder / "output"
    shutil.copytree(ROOT / "raw", raw)
    with pages(folder / "home", raw, output) as (address, beside):
        browser = Browser(folder / "profile", pictures=folder / "pictures")
        try:
            _materialize_all(browser, address)
            waited((output / "dataset" / "SHA256SUMS").exists, "a published dataset", seconds=PUBLISHED)
            browser.open(f"{address}/runs", until="Success", seconds=PUBLISHED)
        finally:
            browser.driver.quit()
        yield Published(address, beside, raw, output)


def test_materialize_all_publishes_the_samples(published: Published, browser: Browser) -> None:
    """Every asset and check is green, and each stage's page says what it did, in words and in pictures."""
    address, beside, raw, output = published
    for asset in ASSETS:
        browser.open(f"{address}/assets/{asset}", until="Latest materialization")
        waited(lambda: browser.shows(" ago"), f"{asset} to be materialized")
        assert not browser.shows("Unsynced"), asset
    for asset in ("published_dataset", "report"):
        browser.open(f"{address}/assets/{asset}", until=f"{beside}/report/index.html")
        _follow(browser, f"{beside}/report/index.html")
        waited(lambda: browser.shows("What was changed, by rule"), "the report")
    browser.keys("d")
    waited(lambda: browser.texts("//article//*[@data-change]"), "a document before and after")

    browser.open(f"{address}/assets/staged_dataset", until="Latest check results")
    seen = "//*[normalize-space(text())='Latest check results']/.."
    waited(lambda: browser.texts(seen)[0].text.split()[-1] == str(_checks()), "every check to have passed")
    everything = f"{address}/assets/report?view=lineage&lineageScope=upstream&lineageDepth=9"
    browser.open(everything, until="raw_documents")
    browser.take("assets")

    browser.open(f"{address}/assets/converted_documents", until="turns Traditional into Simplified")
    waited(lambda: browser.shows("edits by rule"), "what the stage did")
    browser.scroll_to("plots")
    browser.take("stage")
    # The UI hides long Markdown behind this word: the first one on the page is that of the plots.
    browser.texts("//*[text()='[Show Markdown]']")[0].click()
    _see_every_plot(browser)
    browser.take("plots")

    browser.open(f"{address}/assets/staged_dataset?view=checks", until=f"Checks ({_checks()})")
    # The list draws what fits the window; the filter brings the rest.
    browser.texts("//input[@placeholder='Filter checks']")[0].send_keys("documents_id")
    waited(lambda: browser.shows("documents_id_unique"), "the checks by name")
    browser.texts("//*[text()='documents_id_unique']")[0].click()
    waited(lambda: browser.shows("Passed"), "a check that passed")
    browser.take("checks")

    browser.open(f"{address}/locations/pipeline.orchestration.definitions/jobs/build/playground", until="Launch Run")
    waited(lambda: browser.shows("maximum_lossy_share"), "the options")
    browser.take("launchpad")

    files = pq.read_table(output / "dataset" / "data" / "files-00000.parquet").to_pylist()
    documents = pq.read_table(output / "dataset" / "data" / "documents-00000.parquet")
    assert sum(row["status"] == "published" for row in files) == documents.num_rows > 0
    assert len(find_inputs(raw)) == len(files)


def _follow(browser: Browser, address: str) -> None:
    """Click a link, and go where it leads to, be it in another tab."""
    browser.texts(f"//a[@href='{address}']")[0].click()
    waited(lambda: browser.driver.window_handles, "a tab")
    browser.driver.switch_to.window(browser.driver.window_handles[-1])
    waited(lambda: browser.driver.current_url.startswith(address), address)


def _see_every_plot(browser: Browser) -> None:
    """Every picture on the page is one that the browser could draw."""
    for plot in waited(lambda: browser.texts("//img[starts-with(@src, 'data:image/png')]"), "plots"):
        assert browser.driver.execute_script("return arguments[0].naturalWidth", plot) > 0
        assert plot.get_attribute("alt")


def _break(stage_table: Path) -> str:
    """Let one document count a character too many, as a defect in a step might; its path."""
    file = next(stage_table.glob("*.parquet"))
    table = pq.ParquetFile(file).read()
    rows = table.to_pylist()
    broken = next(row for row in rows if row["text"])
    broken["char_count"] += 1
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    # A step would have written it down as it is; what is not as it was written is refused before.
    shards = sorted(stage_table.glob("*.parquet"))
    (stage_table / SUMS).write_text("".join(f"{digest(shard)}  {shard.name}\n" for shard in shards), "utf-8")
    return str(broken["raw_path"])


def test_a_broken_table_is_a_red_check_and_the_old_dataset_stays(published: Published, browser: Browser) -> None:
    """Who publishes from a damaged table sees which check failed, on which document, and what was there stays there."""
    address, beside, _, output = published
    former = _bytes(output / "dataset")

    path = _break(output / "stages" / "split_documents")
    # The published rows of the document are sound, and would be taken over: its key is the same.
    (output / "private" / LEDGER_FILE).unlink()
    browser.open(f"{address}/assets/staged_dataset?view=lineage&lineageScope=downstream", until="published_dataset")
    browser.press("Materialize all")
    # What says so first goes away by itself.
    waited(lambda: browser.shows("Launched run") or browser.shows("Materializing"), "a run that was launched")
    browser.open(f"{address}/runs", until="Failure", seconds=PUBLISHED)
    assert former == _bytes(output / "dataset")

    # Of so many checks the page draws those in sight; this is the address of one, as a click on its name gives it.
    failed = "documents_char_count_fits"
    browser.open(f"{address}/assets/staged_dataset?view=checks&checkDetail={failed}", until=failed)
    documents = pq.read_table(output / ".staging" / "dataset" / "data" / "documents-00000.parquet").to_pylist()
    waited(lambda: browser.shows(f"1 of {len(documents)} fail"), "what failed")
    failing = next(row["id"] for row in documents if row["raw_path"] == path)
    waited(lambda: browser.shows(failing), "the id of the document that fails")
    link = str(browser.texts(f"//a[starts-with(@href, '{beside}/data_docs/')]")[0].get_attribute("href"))
    browser.take("failed")
    browser.open(link, until="length")
    assert browser.driver.find_element("id", link.partition("#")[2]).is_displayed()
    assert former == _bytes(output / "dataset")
