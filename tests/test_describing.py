"""What a dataset says about itself to programs and in Chinese: accepted by the libraries, complete, and true."""

from __future__ import annotations

import ast
import datetime as dt
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from small_dataset import dataset_of, document

from pipeline import clean, columns, recipe
from pipeline.corpus.quality import REFUSING
from pipeline.corpus.signals import FOREIGN_WRITINGS, Signals
from pipeline.describing.about import About, read_about
from pipeline.describing.account import Account
from pipeline.describing.card import card
from pipeline.describing.croissant import croissant
from pipeline.describing.data_package import data_package
from pipeline.describing.details import detail_in
from pipeline.describing.statements import LANGUAGES, Language, sentence_in, statements
from pipeline.document import REASONS
from pipeline.edits import Edit
from pipeline.judging import HOW_TO_ADMIT
from pipeline.options import PRESET_THRESHOLDS
from pipeline.sources.files import BadInput
from pipeline.text import Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = Path(recipe.__file__).parent / "describing" / "chinese.json"
ABOUT = About(
    name="甲市政策文件",
    creator="某研究组",
    license="CC-BY-4.0",
    version="1.0.0",
    homepage="https://example.org/dataset",
    date_published=dt.date(2026, 1, 2),
)


def _cut_first(view: View) -> Outcome:
    return Outcome([Edit(0, view.text[0], "", next(iter(recipe.rules())))])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with a row in several tables, half of its documents open."""
    documents = {
        "a.txt": document(
            "各区人民政府，各委办局。".encode(), steps={"convert": [_cut_first]}, rights_status="cn_art5_exempt"
        ),
        "b.txt": document("第二篇：推进人工智能。".encode(), rights_status="unknown"),
        "c.txt": document(b""),
    }
    return dataset_of(documents, tmp_path_factory.mktemp("described")).dataset


# ------------------------------------------------------------------------------------------------ Croissant
def _read_by_croissant(file: Path, *options: str) -> Any:  # noqa: ANN401  a JSON value has no narrower type
    if importlib.util.find_spec("mlcroissant") is None:
        pytest.skip("needs mlcroissant (dependency group dev)")
    program = Path(__file__).with_name("croissant_reader.py")
    command = [sys.executable, "-W", "ignore", str(program), str(file), *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == run.returncode, run.stderr
    return json.loads(run.stdout)


def test_croissant_is_accepted_and_every_record_is_loaded(dataset: Path) -> None:
    """The reference implementation finds no error, and loads each table with as many records as there are rows."""
    found = _read_by_croissant(dataset / "croissant.json", "--records")
    rows = {
        name: sum(pq.read_metadata(file).num_rows for file in (dataset / "data").glob(f"{name}-*.parquet"))
        for name in columns.TABLES
    }
    assert [] == found["errors"]
    assert {name: count for name, count in rows.items() if count} == found["records"]
    assert pq.read_table(dataset / "data" / "documents-00000.parquet")["id"].to_pylist() == found["ids"]


def test_croissant_repeats_what_is_stated_and_makes_nothing_up(tmp_path: Path) -> None:
    """With everything stated there is not even a warning; without, what nobody said is left out."""
    account = Account(source="甲市", languages=Counter({"zh-Hans": 1}), rows=Counter(dict.fromkeys(columns.TABLES, 1)))
    file = tmp_path / "croissant.json"
    file.write_text(json.dumps(croissant(account, ABOUT)), "utf-8")
    found = _read_by_croissant(file)
    assert ([], []) == (found["errors"], found["warnings"])

    unstated = croissant(account, About())
    assert set() == {"license", "version", "datePublished", "creator", "url"} & set(unstated)
    assert "甲市" == unstated["name"]


def test_croissant_says_what_the_data_was_made_from() -> None:
    """Lineage: the collection, and an activity for each stage by this recipe."""
    account = Account(
        source="甲市", metadata={"recipe_fingerprint": "f" * 64}, statuses=Counter(published=3), raw_bytes=9
    )
    described = croissant(account, About())

    assert "甲市: 3 files, 9 bytes" == described["prov:wasDerivedFrom"]["prov:label"]
    made = described["prov:wasGeneratedBy"]
    assert [stage.name for stage in recipe.STAGES] == [one["prov:label"].partition(":")[0] for one in made]
    assert {f"zhengwen, recipe {'f' * 64}"} == {one["prov:wasAssociatedWith"]["prov:label"] for one in made}


# ------------------------------------------------------------------------------------------------ Frictionless
def test_the_data_package_is_accepted_and_names_every_file(dataset: Path) -> None:
    """The reference implementation finds no error; every Parquet file of a table is there."""
    frictionless = pytest.importorskip("frictionless", reason="needs frictionless (dependency group dev)")
    assert frictionless.Package.validate_descriptor(str(dataset / "datapackage.json")).valid

    described = json.loads((dataset / "datapackage.json").read_text("utf-8"))
    paths = [path for one in described["resources"] for path in _listed(one["path"])]
    assert sorted(file.relative_to(dataset).as_posix() for file in (dataset / "data").iterdir()) == sorted(paths)
    for resource in described["resources"]:
        assert [column.name for column in columns.TABLES[resource["name"]]] == [
            field["name"] for field in resource["schema"]["fields"]
        ]


def _listed(path: str | list[str]) -> list[str]:
    return [path] if isinstance(path, str) else path


@pytest.mark.parametrize(
    ("title", "name"), [("甲市", "zhengwen"), ("甲市 AI-Policy 2024!", "ai-policy-2024"), ("../x", "x")]
)
def test_the_package_has_a_name_that_the_standard_allows(title: str, name: str) -> None:
    """Small letters, digits and `._-`; the title keeps the words."""
    described = data_package(Account(source=title), About(), {})

    assert (name, title) == (described["name"], described["title"])


def test_the_keys_are_keys(built: Path) -> None:
    """In the samples, no two rows of a table have the same key, and none has a null in it."""
    for table, key in columns.PRIMARY_KEYS.items():
        files = sorted((built / "data").glob(f"{table}-*.parquet"))
        rows = pa.concat_tables([pq.read_table(file, columns=list(key)) for file in files])
        assert rows.num_rows == rows.group_by(list(key)).aggregate([]).num_rows, table
        assert 0 == sum(rows[name].null_count for name in key), table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of a few documents with sections, edits and labelled fields."""
    head = "标题：甲市行动计划\n来源：甲网\n\n"
    text = f"{head}一、总体要求\n到2025年，规模达到3000亿元。\n二、任务\n落实《甲市规划》（甲政发〔2020〕1号）。\n"
    return dataset_of(
        {f"{number}.txt": clean(f"{number}{text}".encode()) for number in range(3)},
        tmp_path_factory.mktemp("built"),
    ).dataset


# ------------------------------------------------------------------------------------------------ the open copies
def test_the_open_copies_are_the_open_documents(dataset: Path) -> None:
    """The same rows, in the same order, with the same schema."""
    documents = pq.read_table(dataset / "data" / "documents-00000.parquet")
    copies = pq.read_table(dataset / "open" / "documents-00000.parquet")

    assert documents.filter(pc.is_in(documents["rights_status"], pa.array(columns.OPEN_RIGHTS))).equals(copies)
    assert 1 == copies.num_rows


def test_without_open_documents_there_are_no_copies(tmp_path: Path) -> None:
    """A file without rows cannot be loaded by some readers, and the card offers none."""
    made = dataset_of({"b.txt": document("第二篇：推进人工智能。".encode(), rights_status="unknown")}, tmp_path).dataset

    assert [] == list((made / "open").glob("*"))
    assert "open/documents" not in (made / "README.md").read_text("utf-8")


# ------------------------------------------------------------------------------------------------ Chinese
def _sentences() -> set[str]:
    tables = {column.sentence for layout in columns.TABLES.values() for column in layout}
    words = (columns.TABLE_SENTENCES, columns.QUALITY_FLAGS, REASONS, recipe.rules())
    return tables.union(*(one.values() for one in words), (stage.sentence for stage in recipe.STAGES))


def test_every_sentence_has_its_chinese() -> None:
    """And none is kept that nobody says any more; what is literal in one language is so in the other."""
    translated = json.loads(_FILE.read_text("utf-8"))

    assert sorted(_sentences()) == list(translated)
    assert [] == [english for english, chinese in translated.items() if english == chinese]
    literal = re.compile(r"`[^`]+`")
    assert [] == [
        english
        for english, chinese in translated.items()
        if sorted(literal.findall(english)) != sorted(literal.findall(chinese))
    ]


def _literals(module: Path) -> set[str]:
    """Every text in a module that has words with a space between them, with `{}` for what is put in."""
    tree = ast.parse(module.read_text("utf-8"))
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    left_out |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = set()
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return {text.strip() for text in found if re.search("[A-Za-z0-9{}],? [A-Za-z{}]", text)}


_SAYING = ("sources/*.py", "detection/*.py", "recipe.py", "stages.py", "time_limit.py")
"""The modules that say what was seen of a file which is set aside; those of its text say it by :data:`REFUSING`."""

_OTHERWISE_SAID = re.compile(
    r"Callable\[|.*\(--raw DIR\)|.*does not count\)|.*or name another folder|there is no (?:stage table )?\{\}"
    r"|\{\} (?:cannot be read|holds documents)|: name a file|its last document is|it is one$"  # a call that is wrong
    r"|.*\(--output DIR\)|\{\} \{\}: name the folder|.*install the same release"
    r"|cannot be listed \(\{\}\)$|does not exist$|is no folder$"  # a call that is wrong
    r"|Unicode code points"  # metadata
    r"|no character that text has not|every pair of bytes is|\{\} of \{\} lines in utf-8"  # of texts that are read
    r"|\{\}: \{\}$|behind (?:one document|\{\} documents)$"  # what stands around others
)
_SPOKEN_BY_OTHERS = re.compile(r"(?:No such|Permission|Input/output|Too many levels|File name)\b.*")
"""What an operating system says of a file."""


def _of_quality() -> Iterator[str]:
    """What is said of texts that are set aside, each with and without the way to publish it."""
    for writing in FOREIGN_WRITINGS:
        signals = Signals(*[0.25] * len(Signals._fields))._replace(foreign_writing=writing)
        for one in REFUSING:
            said = one.says(signals, PRESET_THRESHOLDS)
            yield from (said, said + HOW_TO_ADMIT)


def test_every_detail_has_its_chinese() -> None:
    """Whatever the pipeline says of a file that is set aside, and nothing that nobody says any more."""
    root = Path(recipe.__file__).parent
    found = {text for pattern in _SAYING for module in root.glob(pattern) for text in _literals(module)}
    found -= {stage.sentence for stage in recipe.STAGES}
    said = {text.replace("{}", "7") for text in found if not _OTHERWISE_SAID.match(text)} | {*_of_quality()}
    assert len(said) > 70
    assert [] == sorted(text for text in said if not _is_chinese(detail_in("zh", text)))
    assert [] == [text for text in _of_quality() if re.search("[a-z]", detail_in("zh", text).replace("--admit", ""))]

    worded = json.loads(_FILE.with_name("details.json").read_text("utf-8"))
    assert sorted(worded) == list(worded)
    name = re.compile(r"\{\w+\}")
    assert [] == [one for one in worded if sorted(name.findall(one)) != sorted(name.findall(worded[one]))]
    known = {text.removesuffix(": 7") for text in said} | {"a link", "font", "program"}
    known |= {"behind one document 7", "behind 7 documents 7"}
    unsaid = [one for one in worded if not any(_pattern(one).fullmatch(text) for text in known)]
    assert [] == [one for one in unsaid if not _SPOKEN_BY_OTHERS.fullmatch(one)]


def _pattern(detail: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(detail)))


def _is_chinese(text: str) -> bool:
    return re.search("[一-鿿]", text) is not None


def test_the_chinese_card_says_what_the_english_one_says() -> None:
    """The same tables, columns, rules and numbers; no English sentence is left in it."""
    account = Account(
        source="甲市",
        rows=Counter(dict.fromkeys(columns.TABLES, 1234)),
        rules=Counter(dict.fromkeys(recipe.rules(), 5678)),
        reasons=Counter(dict.fromkeys(REASONS, 2)),
        flags=Counter(dict.fromkeys(columns.QUALITY_FLAGS, 3)),
        rights=Counter(cn_art5_exempt=1),
    )
    english, chinese = (card(account, ABOUT, language) for language in LANGUAGES)

    cells = re.compile(r"^\| `[^`]+` \|(?: [\d,]+ \|)?", re.MULTILINE)
    assert cells.findall(english) == cells.findall(chinese)
    assert [] == [sentence for sentence in _sentences() if sentence in chinese]
    assert [sentence_in("zh", one) for one in columns.TABLE_SENTENCES.values() if sentence_in("zh", one) in chinese]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statements_are_in_the_card(language: Language) -> None:
    """Each of them, once."""
    text = card(Account(source="甲市"), language=language)
    for said in statements(language).values():
        for one in said if isinstance(said, list) else [said]:
            assert one in text


# ------------------------------------------------------------------------------------------------ about
def test_what_is_stated_stands_in_card_and_metadata(tmp_path: Path) -> None:
    """By its file; numbers are taken as texts."""
    file = tmp_path / "about.yaml"
    file.write_text("name: 甲市*政策*\nversion: 2\nlicense: CC-BY-4.0\ndate_published: 2026-01-02\n", "utf-8")
    about = read_about(file)

    assert ("2", 2026) == (about.version, about.date_published and about.date_published.year)
    text = card(Account(), about)
    assert "- Version: 2\n" in text
    assert "甲市*政策*" not in text.split("---\n", 2)[2]


LAUGHS = "name:\n  a0: &a0 [x]\n" + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
"""Written out, it would have 9 to the power of 29 elements."""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it has no keys"),
        ("- a\n", "it has no keys"),
        ("titel: x\n", "it has the key 'titel'"),
        ("name: [a]\n", "name is a list"),
        ("name:\n- &a [x, x]\n- &b [*a, *a, *a, *a]\n- [*b, *b, *b]\n", "name is a list"),
        (LAUGHS, "name is a mapping"),
        ("version: 0x" + "f" * 60_000, "version is a number with too many digits"),
        ("version: " + ":".join(["59"] * 9_000), "version is a number with too many digits"),
        ("version: " + "9" * 60_000, "integer string conversion"),
        ("name: " + "[" * 30_000, "maximum recursion depth exceeded"),
        ("name: a\nname: b\n", "a key stands there twice"),
        ("homepage: javascript:alert(1)\n", "homepage is 'javascript:alert(1)', and no address"),
        ('homepage: https://example.org/"><script>\n', "and no address"),
        ("date_published: soon\n", "date_published is 'soon'"),
        ("version: 2026-01-02\n", "version is '2026-01-02'"),
        ("a: b: c\n", "mapping values are not allowed"),
        ('name: "\\ud800"\n', "name has a character that no text may have, U+D800"),
        ('description: "a\\0b"\n', "description has a character that no text may have, U+0000"),
        ('creator: "a\\eb"\n', "creator has a character that no text may have, U+001B"),
        ("license: 甲\u202e乙\n", "license has a character that no text may have, U+202E"),
        ('homepage: "https://example.org/\\ud800"\n', "homepage has a character that no text may have, U+D800"),
        ('"\\ud800": x\n', "it has the key '\\ud800'"),
        ("!!python/object:os.system x\n", "could not determine a constructor"),
    ],
)
def test_another_file_is_refused(content: str, said: str, tmp_path: Path) -> None:
    """In one line that says what is wrong, where, and what is right."""
    file = tmp_path / "about.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(BadInput) as refused:
        read_about(file)
    assert said in str(refused.value)
    assert str(refused.value).startswith(f"the file about the dataset '{file}' cannot be used: ")
    assert 1 == len(str(refused.value).splitlines())
    with pytest.raises(BadInput, match="No such file"):
        read_about(tmp_path / "none.yaml")
