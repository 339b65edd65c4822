"""The report in a real browser, opened from its folder: what a person sees, presses and types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from browser import ROOT, waited
from small_dataset import dataset_of, document, rows

from pipeline import columns
from pipeline.describing.details import detail_in
from pipeline.describing.statements import sentence_in
from pipeline.document import REASONS
from pipeline.edits import Edit
from pipeline.ledger import judge_documents
from pipeline.recipe import rules
from pipeline.report import write_report
from pipeline.report.page import words
from pipeline.sources.files import find_inputs
from pipeline.stages import write_stages
from pipeline.staging import stage_dataset
from pipeline.text import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from browser import Browser

    from pipeline.text import Step, View

pytestmark = pytest.mark.browser

ESCAPE, DOWN = "\ue00c", "\ue015"
ACTIVE = "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
HAN = re.compile("[一-鿿]")
CONFLICT = "hard/conflict-rival-prose.txt"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of the documents in raw/, with a report beside it."""
    output = tmp_path_factory.mktemp("output")
    write_stages(find_inputs(ROOT / "raw"), output, assets=list(columns.STAGE_TABLES))
    judge_documents(output)
    staged = stage_dataset(output)
    write_report(staged.dataset, staged.path / "report")
    return staged.dataset


def _open(browser: Browser, dataset: Path, path: str = "") -> None:
    """Open the report, at a document where one is named."""
    found = [row["id"] for row in rows(dataset, "documents") if row["raw_path"] == path]
    browser.driver.get("about:blank")
    address = (dataset.parent / "report" / "index.html").as_uri()
    browser.open(f"{address}#{found[0] if found else 'glance'}", until=path or "zhengwen")
    if path:
        waited(lambda: path in _heading(browser), f"{path} to be shown")


def _heading(browser: Browser) -> str:
    return " ".join(element.text for element in browser.texts("//article//*[@class='facts']"))


def _ask(browser: Browser, code: str) -> Any:  # noqa: ANN401  whatever the page answers
    return browser.driver.execute_script(f"return {code}")


# ------------------------------------------------------------------------------------------------ what is shown
def test_the_page_says_what_the_run_did(browser: Browser, dataset: Path) -> None:
    """In numbers and plots; a rule that is pressed leads to the documents that it changed."""
    _open(browser, dataset)
    files = rows(dataset, "files")
    assert f"{len(files)}" == browser.texts("//dd[@id='count-files']")[0].text
    assert 2 == len(browser.texts("//*[local-name()='svg' and @role='img']"))
    pressed = "pinyin.artifact"
    changed = {row["doc_id"] for row in rows(dataset, "edits") if row["rule"] == pressed}
    browser.press(pressed)
    waited(lambda: browser.shows(f"{len(changed)} of {len(rows(dataset, 'documents'))}"), "the documents it changed")
    assert pressed == browser.driver.find_element("id", "rule").get_attribute("value")
    waited(lambda: browser.texts("//del"), "what it took out")
    assert {"pinyin"} == set(_ask(browser, "items.filter((i) => i.piece && !i.isQuiet).map((i) => i.family)"))
    assert [] == browser.complaints()


def test_every_edit_of_every_document_is_told(browser: Browser, dataset: Path) -> None:
    """Before and after are the texts of the tables, and whatever was changed is drawn where one can point at it."""
    texts = {row["id"]: row["text"] for row in rows(dataset, "documents")}
    count = len(texts)
    _open(browser, dataset, CONFLICT)
    for name, text in texts.items():
        browser.driver.execute_script("location.hash = arguments[0]", name)
        waited(lambda: _ask(browser, "account.id") == name, f"{name} to be shown")  # noqa: B023  called at once
        assert text == _ask(browser, "textOf(account.pieces.filter(({ ended }) => ended < 0))")
        drawn = "[...document.querySelectorAll('[data-change]')].map((e) => items[e.dataset.change])"
        told = _ask(browser, f"unique({drawn}.flatMap(({{ piece }}) => account.told(piece)))")
        assert list(range(_ask(browser, "account.edits.length"))) == told
        for side in ("false", "true"):
            browser.driver.execute_script(f"view.side = {side}; drawDocument()")
            lines = _ask(browser, "[...document.querySelectorAll('.text > *')].map((e) => e.textContent)")
            assert all(line in "".join(lines) for line in text.splitlines() if _is_unchanged(browser, line))
    assert count == len(texts) > 20
    assert [] == browser.complaints()


def _is_unchanged(browser: Browser, line: str) -> bool:
    """Whether a line of the published text stood in the raw one, as it stands."""
    return bool(_ask(browser, f"account.pieces.some((p) => p.born < 0 && p.ended < 0 && p.text.includes({line!r}))"))


def test_a_change_is_explained(browser: Browser, dataset: Path) -> None:
    """By its rule, the rule's sentence, its step, what stood there and what stands there now; to mouse and keys."""
    from selenium.webdriver import ActionChains  # noqa: PLC0415  not everybody has it

    _open(browser, dataset, "news/taipei-software-big5.txt")
    dateline = browser.texts("//del[contains(., '報導')]")[0]
    ActionChains(browser.driver).move_to_element(dateline).perform()
    said = waited(lambda: browser.texts("//*[@role='tooltip']"), "why")[0].text
    for expected in ("field.dateline", rules()["field.dateline"], "split › cut_dateline", "column dateline"):
        assert expected in said
    # What was converted before it was cut out tells of both.
    assert "script.tw2s" in said
    browser.keys(ESCAPE)
    waited(lambda: not browser.texts("//*[@role='tooltip']"), "the explanation to be gone")
    browser.keys("n", "n", "n")
    assert "why" == browser.driver.switch_to.active_element.get_attribute("aria-describedby")
    assert browser.texts("//*[@role='tooltip']")
    assert [] == browser.complaints()


def test_what_came_and_went_has_a_sign(browser: Browser, tmp_path: Path) -> None:
    """A text that one step put in and another took out again stands neither before nor after; its edits are told."""

    def put_in(view: View) -> Outcome:
        return Outcome([Edit(view.text.index("丙"), "", "乙", "space.example")])

    def taking(gone: str) -> Step:
        def take_out(view: View) -> Outcome:
            return Outcome([Edit(view.text.index("乙"), gone, "", "character.example")])

        return take_out

    # Alone, and with a piece of the raw text, which tells of the step that took both out and not of the other one.
    shapes = {"alone.txt": ("乙", "甲丙"), "with another.txt": ("乙丙", "甲丙丁")}
    documents = {
        name: document(text.encode(), steps={"convert": [put_in], "split": [taking(gone)]})
        for name, (gone, text) in shapes.items()
    }
    staged = dataset_of(documents, tmp_path)
    write_report(staged.dataset, staged.path / "report")
    browser.driver.get((staged.path / "report" / "index.html").as_uri() + "#documents")
    waited(lambda: browser.shows("甲◇丙"), "the sign")
    browser.keys("j")
    waited(lambda: browser.shows("丁"), "the other document")
    waited(lambda: browser.shows("◇"), "its sign")
    browser.texts("//*[contains(@class, 'passed')]")[0].click()
    said = waited(lambda: browser.texts("//*[@role='tooltip']"), "why")[0].text
    for expected in ("space.example", "convert › put_in", "character.example", "split › take_out"):
        assert expected in said
    assert [] == browser.complaints()


def test_the_sides_of_a_conflict_are_shown(browser: Browser, dataset: Path) -> None:
    """With what became of them, and where they stood."""
    _open(browser, dataset, CONFLICT)
    browser.take("conflict")
    found = [row for row in rows(dataset, "conflicts") if row["resolution"] == "ours"][:1]
    browser.texts("//summary[contains(., 'ours stays')]")[0].click()
    assert found
    waited(lambda: browser.shows("Show in the text"), "the sides")
    browser.press("Show in the text")
    marker = browser.driver.switch_to.active_element.text
    assert marker.startswith("<<<<<<<")
    assert [] == browser.complaints()


# ------------------------------------------------------------------------------------------------ hands and keys
def test_the_list_is_searched_filtered_and_walked_with_keys(browser: Browser, dataset: Path) -> None:
    """Search and filter leave what fits; j and k, or arrows, go through it; Escape leaves a field."""
    _open(browser, dataset, CONFLICT)
    browser.keys("/")
    waited(lambda: browser.driver.switch_to.active_element.get_attribute("id") == "search", "the search")
    browser.keys("gb18030")
    encodings = [row["doc_id"] for row in rows(dataset, "files") if row["encoding"] == "gb18030" and row["doc_id"]]
    waited(lambda: browser.shows(f"{len(encodings)} of "), "what fits")
    assert len(encodings) == len(browser.texts("//*[@role='option']")) > 1
    browser.keys(ESCAPE, "j")
    waited(lambda: _ask(browser, "account.id") == _ask(browser, "shown[0].id"), "the first that fits")
    browser.keys("j")
    waited(lambda: _ask(browser, "account.id") == _ask(browser, "shown[1].id"), "the second")
    browser.keys("k")
    waited(lambda: _ask(browser, "account.id") == _ask(browser, "shown[0].id"), "the first again")
    browser.driver.find_element("id", "list").send_keys(DOWN)
    waited(lambda: _ask(browser, "account.id") == _ask(browser, "shown[1].id"), "the second again")
    selected = browser.driver.find_element("id", "list").get_attribute("aria-activedescendant")
    assert "true" == browser.driver.find_element("id", selected).get_attribute("aria-selected")
    assert [] == browser.complaints()


def test_what_was_done_can_be_looked_at_in_parts(browser: Browser, dataset: Path) -> None:
    """One family of rules put out, before and after side by side, what stays folded away, and the keys told."""
    _open(browser, dataset, "news/alliance-pinyin.txt")
    pinyin = "//del[contains(@class, 'f-pinyin')]"
    assert browser.texts(pinyin)
    browser.texts("//*[@id='legend-pinyin']")[0].click()
    assert [] == browser.texts(pinyin)
    assert "legend-pinyin" == browser.driver.switch_to.active_element.get_attribute("id")
    browser.keys("v")
    assert browser.texts("//*[@class='pair']")
    browser.keys("c")
    assert "true" == browser.texts("//*[@id='fold']")[0].get_attribute("aria-pressed")
    browser.keys("?")
    assert browser.shows("next, previous change")
    browser.keys(ESCAPE)
    waited(lambda: not browser.shows("next, previous change"), "the keys to be gone")
    browser.keys("g")
    waited(lambda: browser.shows(words()["files"]["en"]), "the glance")
    browser.keys("d")
    waited(lambda: "alliance-pinyin" in _heading(browser), "the document again")
    assert [] == browser.complaints()


def test_the_page_speaks_chinese(browser: Browser, dataset: Path) -> None:
    """Every word of it and every sentence, at once and on the next visit; what documents say stays as it is."""
    _open(browser, dataset)
    browser.press(words()["other_language"]["en"])
    waited(lambda: browser.shows(words()["files"]["zh"]), "Chinese")
    shown = {str(element.get_attribute("data-word")): element.text for element in browser.texts("//*[@data-word]")}
    assert {key: words()[key]["zh"] for key in shown} == shown
    assert "zh-Hans" == _ask(browser, "document.documentElement.lang")
    _open(browser, dataset)
    waited(lambda: browser.shows(words()["files"]["zh"]), "Chinese again")
    sentences = _ask(browser, "[...document.querySelectorAll('[data-sentence]')].map((e) => e.textContent)")
    assert sentence_in("zh", REASONS["binary"]) in sentences
    assert detail_in("zh", "PNG image") in sentences
    names = "[...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
    said = _ask(browser, f"{names}.flatMap((e) => [e.ariaLabel, e.title, e.placeholder]).filter(Boolean)")
    assert [] == [one for one in [*sentences, *said] if not HAN.search(one)]
    browser.press("English")
    waited(lambda: browser.shows(REASONS["binary"]), "English again")
    assert [] == browser.complaints()


def test_a_document_is_explained_in_chinese(browser: Browser, dataset: Path) -> None:
    """Its flags and columns, its conflicts, and each change."""
    _open(browser, dataset, CONFLICT)
    browser.press(words()["other_language"]["en"])
    for summary in browser.texts("//article//summary"):
        summary.click()
    for sentence in (columns.QUALITY_FLAGS["conflict_in_prose"], rules()["conflict.losing_side"]):
        assert browser.shows(sentence_in("zh", sentence))
    in_english = "[...document.querySelectorAll('article [lang=en]')].map((e) => e.textContent)"
    flags = next(row for row in rows(dataset, "documents") if row["raw_path"] == CONFLICT)["quality_flags"]
    assert flags == _ask(browser, in_english)  # by their names, which are those of the column
    assert [] == [
        one
        for one in _ask(browser, "[...document.querySelectorAll('.chips li')].map((e) => e.title)")
        if not HAN.search(one)
    ]
    browser.keys("n")
    told = waited(lambda: browser.texts("//*[@role='tooltip']//p[@lang='zh-Hans']"), "why")[0].text
    assert told in {sentence_in("zh", sentence) for sentence in rules().values()}
    _open(browser, dataset, "news/alliance-pinyin.txt")
    browser.keys("n")
    browser.take("report.zh")
    assert [] == browser.complaints()


def test_it_is_drawn_by_day_and_by_night(browser: Browser, dataset: Path) -> None:
    """As the system has it; the picture by day is the one of the README."""
    _open(browser, dataset, "news/alliance-pinyin.txt")
    day = _ask(browser, "getComputedStyle(document.body).backgroundColor")
    browser.keys("n")
    browser.take("report")
    night = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", night)
    assert day != _ask(browser, "getComputedStyle(document.body).backgroundColor")
    browser.take("report-by-night")


# ----------------------------------------------------------------------------------------------- hostile, long, missing
def test_nothing_of_a_text_runs(browser: Browser, tmp_path: Path) -> None:
    """Neither of a text nor of a title or a name; marks of direction are named, and what follows stays in place."""
    text = f"甲{ACTIVE}\u202e乙\u2066丙\x00丁</script>{ACTIVE}\n戊"
    hostile = document(text.encode(), title=f"己{ACTIVE}", quality_flags=["mojibake_lossy"], authors=[ACTIVE])
    staged = dataset_of({f"庚{ACTIVE.replace('/', '')}\u202e.txt": hostile}, tmp_path)
    write_report(staged.dataset, staged.path / "report")
    browser.driver.get((staged.path / "report" / "index.html").as_uri() + "#documents")
    waited(lambda: browser.shows("戊"), "the document")
    for expected in (f"己{ACTIVE}", f"甲{ACTIVE}", "U+202E乙U+2066丙U+0000丁</script>"):
        assert expected in browser.driver.find_element("id", "document").text.replace("\n", "")
    assert browser.driver.title.startswith("zhengwen")
    assert 0 == _ask(browser, "document.querySelectorAll('img, article script, #list script').length")
    assert [] == browser.complaints()


def test_a_long_document_is_drawn_bit_by_bit(browser: Browser, tmp_path: Path) -> None:
    """A text that stays is folded, a line without an end is, and the end is there for who asks for it."""
    long = document(("甲" * 30_000 + "\n" + "乙丙\n" * 20_000 + "丁").encode())
    staged = dataset_of({"long.txt": long}, tmp_path)
    write_report(staged.dataset, staged.path / "report")
    browser.driver.get((staged.path / "report" / "index.html").as_uri() + "#documents")
    waited(lambda: browser.shows("丁"), "the end of the document")
    assert _ask(browser, "document.querySelectorAll('*').length") < 1_000
    browser.texts("//*[@class='folded']/button")[0].click()
    waited(lambda: _ask(browser, "document.querySelector('.text').textContent.length") > 10_000, "more of it")
    browser.keys("c")
    waited(lambda: "false" == browser.texts("//*[@id='fold']")[0].get_attribute("aria-pressed"), "the whole text")
    assert _ask(browser, "document.querySelectorAll('*').length") < 2_000
    assert [] == browser.complaints()


def test_a_page_that_is_missing_is_named(browser: Browser, dataset: Path, tmp_path: Path) -> None:
    """Who took the page alone out of its folder is told what belongs beside it."""
    alone = tmp_path / "index.html"
    alone.write_bytes((dataset.parent / "report" / "index.html").read_bytes())
    browser.driver.get(f"{alone.as_uri()}#documents")
    waited(lambda: browser.shows("data/documents.js could not be read"), "what is missing")
