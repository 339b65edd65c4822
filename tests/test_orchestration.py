"""The assets and checks of Dagster, run in this process on a small folder, as *Materialize all* runs them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest

from pipeline import __version__, clean, recipe
from pipeline.checksums import write_checksums
from pipeline.columns import SPLIT_COLUMNS, TABLES
from pipeline.judging import HOW_TO_ADMIT
from pipeline.orchestration.assets import ASSETS
from pipeline.orchestration.checks import CHECKS
from pipeline.orchestration.definitions import BUILD, definitions, defs
from pipeline.orchestration.descriptions import MAY_BE_PUBLISHED, PERSONAL_DATA
from pipeline.orchestration.reporting import LogReporter
from pipeline.orchestration.settings import Settings
from pipeline.sources.files import find_inputs, read_input
from pipeline.validate import load_suites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NEWS = (
    "标题：算力中心开工\n发布时间：2023-05-30 09:25\n来源：某某日报\n"
    "5月30日，市算力中心在新区开工。中心建成后可服务两百家企业，为中小企业提供普惠算力。\n"
    "联系邮箱：office@example.org\n"
    "市政府表示，将按季度公布进展，重大事项随时报告。\n（责任编辑：张三）\n"
)
PSEUDO = (
    "企業(yè)發(fā)展，產(chǎn)業(yè)興旺，創(chuàng)業(yè)聯(lián)盟，數(shù)據(jù)開放，產(chǎn)業(yè)園區(qū)建設穩(wěn)步推進。\n"
    * 4
)
HOSTILE = (
    "<script>alert(1)</script> | `x` [链接](javascript:x) 这是一份讲网页安全的教材，用来说明脚本注入。\n\x1b[31m红色"
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A few documents of every kind that a crawl leaves."""
    folder = tmp_path / "raw"
    (folder / "news").mkdir(parents=True)
    (folder / "news" / "a.txt").write_bytes(NEWS.encode())
    (folder / "news" / "copy.txt").write_bytes(NEWS.encode())
    (folder / "gbk.txt").write_bytes(NEWS.replace("算力", "数据").encode("gb18030"))
    (folder / "pseudo.txt").write_bytes(PSEUDO.encode())
    (folder / "hostile.html").write_bytes(HOSTILE.encode())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    return folder


@pytest.fixture
def settings(raw: Path) -> Settings:
    """Where the run reads and writes."""
    return Settings(raw=str(raw), output=str(raw.parent / "output"))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster that keeps nothing."""
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as made:
        yield made


def _run(
    settings: Settings, instance: dg.DagsterInstance, selection: dg.AssetSelection | None = None
) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [*ASSETS, *CHECKS],
        selection=selection,
        instance=instance,
        resources={"settings": settings, "reporter": LogReporter()},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [row for file in sorted(folder.glob("*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()]


def _metadata(run: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    """What a run says about an asset: tables as lists of records."""
    return {
        name: _records(value) if isinstance(value, dg.TableMetadataValue) else value.value
        for event in run.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey(asset)
        for name, value in event.materialization.metadata.items()
    }


def _records(value: object) -> list[Any]:
    return [record.data for record in value.records] if isinstance(value, dg.TableMetadataValue) else []


def _said(run: dg.ExecuteInProcessResult) -> list[str]:
    """What the steps that failed said; those that failed on purpose said it in one line."""
    failures = [event.step_failure_data for event in run.all_events if event.is_step_failure]
    return [
        str(failure.user_failure_data.description if failure.user_failure_data else failure.error)
        for failure in failures
    ]


def _failed(run: dg.ExecuteInProcessResult) -> set[str]:
    return {evaluation.check_name for evaluation in run.get_asset_check_evaluations() if not evaluation.passed}


# ------------------------------------------------------------------------------------------------ what there is
def test_definitions_load_without_great_expectations() -> None:
    """The UI starts without it: its import takes as long as everything else together."""
    code = "import sys, pipeline.orchestration.definitions; print('great_expectations' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


def test_every_step_of_the_way_is_an_asset_that_says_what_it_does() -> None:
    """Names, groups, kinds, descriptions with what is not done, columns."""
    specs = {spec.key.to_user_string(): spec for asset in ASSETS for spec in asset.specs}
    names = ["raw_documents", *(stage.asset for stage in recipe.STAGES), "judged_documents", "staged_dataset"]
    assert [*names, "published_dataset", "report"] == list(specs)
    for spec in specs.values():
        assert spec.group_name in {"raw", "stages", "dataset"}
        assert spec.kinds
        assert spec.description is not None
        assert "**Does not:**" in spec.description
        assert ["team:zhengwen"] == list(spec.owners)
        assert {PERSONAL_DATA, MAY_BE_PUBLISHED} <= set(spec.tags)
        assert spec.code_version
        # A report is no table.
        assert (spec.key.to_user_string() == "report") != ("dagster/column_schema" in spec.metadata)


def test_there_is_a_check_for_every_expectation() -> None:
    """Named after table and promise; critical ones block, warnings do not."""
    checks = {spec.name: spec for check in CHECKS for spec in check.check_specs}
    expected = {
        f"{suite.table}_{each.name}": each.severity == "critical"
        for suite in load_suites()
        for each in suite.expectations
    }
    expected |= {"rebuilds_exactly": True, "checksums_fit": True}
    assert expected == {name: spec.blocking for name, spec in checks.items()}
    assert all(spec.description for spec in checks.values())


def test_what_dagster_dev_loads_can_be_resolved() -> None:
    """The job, the assets and their checks fit together."""
    dg.Definitions.validate_loadable(defs)
    assert BUILD.name == defs.resolve_job_def(BUILD.name).name


# ------------------------------------------------------------------------------------------------ the whole way
def test_materialize_all_publishes_a_checked_dataset(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Every asset is made, no blocking check fails, the dataset stands there, and no file is unaccounted for."""
    run = _run(settings, instance)
    assert run.success, "\n".join(_said(run))
    # The page about HTML is worth a warning, the one that was more pinyin than text as well; they stop nobody.
    assert {"documents_text_without_markup", "documents_raw_text_mostly_kept"} == _failed(run)
    expected = {spec.key for asset in ASSETS for spec in asset.specs}
    assert expected == {event.asset_key for event in run.get_asset_materialization_events()}

    dataset = settings.output_folder / "dataset" / "data"
    statuses = {row["raw_path"]: row["status"] for row in _rows(dataset) if "status" in row}
    assert {
        "empty.txt": "quarantined",
        "gbk.txt": "published",
        "hostile.html": "published",
        "news/a.txt": "published",
        "news/copy.txt": "duplicate",
        "picture.png": "quarantined",
        "pseudo.txt": "published",
    } == statuses
    assert all((dataset / f"{table}-00000.parquet").is_file() for table in TABLES)
    assert not settings.staging.exists()
    report = _metadata(run, "report")
    assert str((settings.output_folder / "report" / "index.html").absolute()) == report["page"]
    assert Path(report["page"]).is_file()
    assert 4 == report["documents shown"]


def test_a_report_that_cannot_be_replaced_stops_the_run_before_it_works(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """What lies in its place was not made here and would be lost."""
    (settings.output_folder / "report").mkdir(parents=True)
    (settings.output_folder / "report" / "mine.txt").write_text("mine")
    run = _run(settings, instance)
    assert not run.success
    assert any("holds no report and would be lost" in said for said in _said(run))
    assert not (settings.output_folder / "stages").exists()


@pytest.mark.parametrize("option", ["about", "admit", "furniture"])
def test_a_file_that_cannot_be_used_stops_the_run_before_it_works(
    option: str, settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """Hours of cleaning are no way to learn of a typing error."""
    named = tmp_path / "named"
    named.write_text("nmae: 甲市政策文件\n", "utf-8")
    values: dict[str, Any] = {"raw": settings.raw, "output": settings.output, option: str(named)}
    run = _run(Settings(**values), instance)
    assert not run.success
    assert any(str(named) in said for said in _said(run))
    assert not settings.output_folder.exists()


def test_the_ui_is_told_what_happened(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Rows, edits by rule with its sentence, reasons, a preview without anything that a page would obey."""
    run = _run(settings, instance, dg.AssetSelection.groups("raw", "stages"))
    assert run.success, "\n".join(_said(run))
    raw, converted = _metadata(run, "raw_documents"), _metadata(run, "converted_documents")
    assert 7 == raw["dagster/row_count"] == converted["dagster/row_count"]
    by_rule = {row["rule"]: row for row in converted["edits by rule"]}
    assert recipe.rules()["pinyin.artifact"] == by_rule["pinyin.artifact"]["what it does"]
    assert by_rule["pinyin.artifact"]["edits"] > 20
    assert converted["edits"] == sum(row["edits"] for row in by_rule.values())

    decoded = _metadata(run, "decoded_documents")
    assert "\x1b" not in decoded["preview"]
    assert "| ``<script>alert(1)</script> \\| `x` [链接](javascript:x)" in decoded["preview"]

    judged = _metadata(run, "judged_documents")
    assert (4, 1, 2) == (judged["published"], judged["duplicate"], judged["quarantined"])
    assert {"empty.txt", "picture.png"} == {row["raw_path"] for row in judged["set aside"]}


def _plain(value: Any) -> Any:  # noqa: ANN401  any field's value
    """A value as Arrow takes it."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def test_clean_and_the_assets_give_the_same_rows(settings: Settings, instance: dg.DagsterInstance) -> None:
    """For every input that is read: the text after each stage, each edit, each field, the verdict."""
    shutil.copytree(Path(__file__).parents[1] / "raw", Path(settings.raw) / "samples")
    run = _run(settings, instance, dg.AssetSelection.groups("raw", "stages"))
    assert run.success, "\n".join(_said(run))
    stages = settings.output_folder / "stages"
    tables = {stage.name: {row["raw_path"]: row for row in _rows(stages / stage.asset)} for stage in recipe.STAGES}
    judged = {row["raw_path"]: row for row in _rows(stages / "judged_documents")}
    for found in find_inputs(settings.raw_folder):
        if found.reason is not None:
            continue
        document = clean(read_input(found), source=found.raw_path, header=found.header, encoding=found.encoding)
        last, verdict = tables["split"][found.raw_path], document.verdict
        ours = judged[found.raw_path]
        detail = (ours["detail"] or "").removesuffix(HOW_TO_ADMIT)
        assert (verdict.reason, verdict.detail) == (ours["reason"], detail), found.raw_path
        of_stages = None if verdict.stage == "corpus" else verdict.reason
        assert of_stages == last["set_aside"], found.raw_path
        edits = []
        for stage in recipe.STAGES:
            row = tables[stage.name][found.raw_path]
            assert document.text_after(stage.name) == row["text"], (found.raw_path, stage.name)
            edits += [(edit["start"], edit["before"], edit["after"], edit["rule"]) for edit in row["edits"]]
        if last["text"] is not None:
            assert [tuple(edit) for layer in document.layers for edit in layer] == edits, found.raw_path
            fields = {name: _plain(value) for name, value in document.fields.items()}
            wanted = pa.Table.from_pylist([fields], pa.schema([column.field for column in SPLIT_COLUMNS])).to_pylist()
            assert wanted == [{column.name: last[column.name] for column in SPLIT_COLUMNS}], found.raw_path


# ------------------------------------------------------------------------------------------------ parts of the way
def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_one_stage_alone_writes_its_own_table_and_no_other(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Documents go through the stages before it in memory; the tables of those stay as they are."""
    assert _run(settings, instance, dg.AssetSelection.groups("raw", "stages")).success
    stages = settings.output_folder / "stages"
    before = _bytes(stages)
    shutil.rmtree(stages / "converted_documents")
    run = _run(settings, instance, dg.AssetSelection.assets("converted_documents"))
    assert run.success, "\n".join(_said(run))
    assert ["converted_documents"] == [
        event.asset_key.to_user_string() for event in run.get_asset_materialization_events() if event.asset_key
    ]
    assert before == _bytes(stages)


def test_the_ui_says_what_was_used_again(settings: Settings, instance: dg.DagsterInstance) -> None:
    """And its figures are those of all documents; what a later stage alone is asked for changes neither."""
    chosen = _selected(["raw_documents", "converted_documents"])
    first, again, later, fresh = (
        _metadata(_run(one, instance, chosen), "converted_documents")
        for one in (
            settings,
            settings,
            Settings(raw=settings.raw, output=settings.output, punctuation="keep"),
            Settings(raw=settings.raw, output=settings.output, fresh="yes"),
        )
    )
    assert (0, 7, 7, 0) == tuple(said.pop("used again") for said in (first, again, later, fresh))
    assert first == again == later == fresh


def _stale(settings: Settings, instance: dg.DagsterInstance) -> dict[str, list[str]]:
    """What the UI calls stale, and the reasons that it gives."""
    graph = definitions(settings, LogReporter()).resolve_asset_graph()
    resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
    reasons = {
        key.to_user_string(): sorted({cause.reason for cause in resolver.get_stale_causes(key)})
        for key in graph.toposorted_asset_keys
    }
    return {name: why for name, why in reasons.items() if why}


def test_the_ui_says_what_is_stale_and_why(settings: Settings, instance: dg.DagsterInstance) -> None:
    """After a whole run nothing is; what is made again and comes out otherwise makes the assets after it stale."""
    new_data = ["has a new dependency data version"]
    assert _run(settings, instance).success
    assert {} == _stale(settings, instance)

    assert _run(settings, instance, _selected(["converted_documents"])).success
    assert {} == _stale(settings, instance), "the same came out again"

    (Path(settings.raw) / "new.txt").write_text(NEWS.replace("算力", "数据标注"), "utf-8")
    assert _run(settings, instance, _selected(["raw_documents"])).success
    assert {"decoded_documents": new_data} == _stale(settings, instance)

    assert _run(settings, instance, dg.AssetSelection.groups("raw", "stages")).success
    assert {"staged_dataset": new_data} == _stale(settings, instance)

    other = Settings(raw=settings.raw, output=settings.output, script="keep")
    assert _run(other, instance, _selected(["converted_documents"])).success
    later = ["split_documents", "staged_dataset"]
    assert dict.fromkeys(later, new_data) == _stale(settings, instance)


def test_another_limit_is_a_matter_of_what_is_judged(settings: Settings, instance: dg.DagsterInstance) -> None:
    """The judged documents and what comes after them are materialized again, and no stage is."""
    assert _run(settings, instance).success
    stages = settings.output_folder / "stages"
    before = {stage.asset: _bytes(stages / stage.asset) for stage in recipe.STAGES}
    limits = Settings(raw=settings.raw, output=settings.output, minimum_han=60)

    run = _run(limits, instance, _selected(["judged_documents"]))
    assert run.success
    said = _metadata(run, "judged_documents")
    assert (0, {"limit": "minimum_han", "value": 60}) == (said["admitted"], said["limits"][0])
    assert {"staged_dataset": ["has a new dependency data version"]} == _stale(limits, instance)

    assert _run(limits, instance, _selected(["judged_documents"]).downstream()).success
    assert {} == _stale(limits, instance)
    assert before == {stage.asset: _bytes(stages / stage.asset) for stage in recipe.STAGES}
    published = _rows(settings.output_folder / "dataset" / "data")
    aside = {row["raw_path"]: row["reason"] for row in published if "reason" in row}
    assert "too_short" == aside["hostile.html"]


def test_the_job_judge_runs_no_stage() -> None:
    """It is the rest of a build, checks and all."""
    build, judge = ({node.name for node in defs.resolve_job_def(name).graph.nodes} for name in ("build", "judge"))
    assert {"raw_documents", "stages"} == build - judge
    assert judge < build


def test_the_version_of_the_code_is_the_fingerprint_of_the_recipe() -> None:
    """So a new word in a list makes stale what the recipe decides, and nothing else."""
    graph = defs.resolve_asset_graph()
    recipe_decides = [*(stage.asset for stage in recipe.STAGES), "staged_dataset"]
    fingerprints = dict.fromkeys(recipe_decides, recipe.fingerprint()[:12])
    fingerprints["judged_documents"] = recipe.judging_fingerprint()[:12]
    for key in graph.toposorted_asset_keys:
        assert fingerprints.get(key.to_user_string(), __version__) == graph.get(key).code_version


def _selected(assets: Sequence[str]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*assets)


STAGED = dg.AssetSelection.all().without_checks() - _selected(["published_dataset", "report"])
AUDIT = dg.AssetSelection.checks_for_assets("staged_dataset") | _selected(["published_dataset"])


def _damage(settings: Settings) -> None:
    """Let two documents of the staged dataset have one id, as a defect might, and leave no other trace."""
    file = settings.staging / "dataset" / "data" / "documents-00000.parquet"
    table = pq.ParquetFile(file).read()
    ids = table["id"].to_pylist()
    column = table.schema.get_field_index("id")
    same = pa.array([ids[0]] * 2 + ids[2:], pa.string())
    pq.write_table(table.set_column(column, table.schema.field("id"), same), file)
    write_checksums(settings.staging / "dataset")


def test_a_critical_check_that_fails_leaves_the_former_dataset_in_place(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """What was published before is there to the byte; the check says which rows failed."""
    assert _run(settings, instance).success
    former = _bytes(settings.output_folder / "dataset")
    (Path(settings.raw) / "new.txt").write_text(NEWS.replace("算力", "数据标注"), "utf-8")
    assert _run(settings, instance, STAGED).success
    _damage(settings)
    run = _run(settings, instance, AUDIT)
    assert not run.success
    assert {"documents_id_unique", "documents_id_from_raw_bytes"} <= _failed(run)
    assert not [event for event in run.get_asset_materialization_events() if event.asset_key]
    assert former == _bytes(settings.output_folder / "dataset")
    unique = next(one for one in run.get_asset_check_evaluations() if one.check_name == "documents_id_unique")
    assert dg.AssetCheckSeverity.ERROR == unique.severity
    ids = [row["id"] for row in _rows(settings.staging / "dataset" / "data") if "cluster_id" in row]
    assert [ids[0]] * 2 == [row["row"] for row in _records(unique.metadata["which"])]


def test_every_expectation_links_to_the_data_docs(settings: Settings, instance: dg.DagsterInstance) -> None:
    """To an anchor of the page where somebody serves it; to the file by itself where nobody does."""
    assert _run(settings, instance, STAGED).success
    served = Settings(raw=settings.raw, output=settings.output, pages_url="http://localhost:3001/")
    run = _run(served, instance, AUDIT)
    assert run.success, "\n".join(_said(run))
    links = {
        evaluation.check_name: evaluation.metadata["data docs"].value
        for evaluation in run.get_asset_check_evaluations()
        if "data docs" in evaluation.metadata
    }
    assert {f"{suite.table}_{each.name}" for suite in load_suites() for each in suite.expectations} == set(links)
    for link in links.values():
        page, _, anchor = str(link).removeprefix("http://localhost:3001/").partition("#")
        assert f'id="{anchor}"' in (settings.output_folder / page).read_text("utf-8")
    assert _run(settings, instance, STAGED).success
    for evaluation in _run(settings, instance, AUDIT).get_asset_check_evaluations():
        if "data docs" in evaluation.metadata:
            assert Path(str(evaluation.metadata["data docs"].value)).is_file()


def test_dataset_and_report_link_to_the_page(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Where somebody serves it; else they name the file, which is there once the report is."""
    page = settings.output_folder / "report" / "index.html"
    served = Settings(raw=settings.raw, output=settings.output, pages_url="http://localhost:3001")
    for chosen, expected in ((served, "http://localhost:3001/report/index.html"), (settings, str(page.absolute()))):
        run = _run(chosen, instance)
        assert run.success, "\n".join(_said(run))
        links = {
            (asset, name): str(run.asset_materializations_for_node(asset)[0].metadata[name].value)
            for asset, name in (("published_dataset", "report"), ("report", "page"))
        }
        assert {expected} == set(links.values())
    assert page.is_file()


def test_a_staged_dataset_that_passes_is_published(settings: Settings, instance: dg.DagsterInstance) -> None:
    """The same way, without the damage: it is the damage that the test above sees."""
    assert _run(settings, instance, STAGED).success
    assert not (settings.output_folder / "dataset").exists()
    run = _run(settings, instance, AUDIT)
    assert run.success, "\n".join(_said(run))
    assert (settings.output_folder / "dataset" / "SHA256SUMS").is_file()


def test_what_was_not_checked_is_not_published(settings: Settings, instance: dg.DagsterInstance) -> None:
    """To materialize the last asset alone does not lead past the checks."""
    assert _run(settings, instance, STAGED).success
    run = _run(settings, instance, _selected(["published_dataset"]))
    assert not run.success
    assert "did not pass on what is staged" in _said(run)[0]
    assert not (settings.output_folder / "dataset").exists()


def test_what_was_changed_after_its_checks_is_not_published(settings: Settings, instance: dg.DagsterInstance) -> None:
    """What is published is what was checked, to the byte."""
    assert _run(settings, instance, STAGED).success
    checks = dg.AssetSelection.checks_for_assets("staged_dataset")
    assert _run(settings, instance, checks).success
    file = settings.staging / "dataset" / "data" / "documents-00000.parquet"
    pq.write_table(pq.ParquetFile(file).read(), file, compression="none")
    run = _run(settings, instance, _selected(["published_dataset"]))
    assert not run.success
    assert "has changed since it was checked (data/documents-00000.parquet was changed)" in _said(run)[0]
    assert not (settings.output_folder / "dataset").exists()


def test_who_publishes_before_anything_is_staged_is_told_so(settings: Settings, instance: dg.DagsterInstance) -> None:
    """No list of checks that nobody could have run."""
    run = _run(settings, instance, _selected(["published_dataset"]))
    assert ["nothing is staged: materialize staged_dataset, with its checks"] == _said(run)


def test_an_empty_dataset_is_not_published(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Not even where there is none yet: limits that let nothing through are a slip."""
    run = _run(settings.model_copy(), instance, STAGED)
    assert run.success
    none = Settings(raw=settings.raw, output=settings.output, maximum_characters=1)
    run = _run(none, instance)
    assert not run.success
    assert any("no document is left to publish" in said for said in _said(run))
    assert not (settings.output_folder / "dataset").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-100]),
        lambda file: file.write_bytes(b"garbage"),
        lambda file: pq.write_table(pq.ParquetFile(file).read().drop_columns(["title"]), file),
        lambda file: pq.write_table(_retyped(pq.ParquetFile(file).read(), "char_count"), file),
    ],
    ids=["cut short", "garbage", "a column is gone", "a column of another type"],
)
def test_a_broken_stage_table_is_named_in_one_line(
    damage: Callable[[Path], object], settings: Settings, instance: dg.DagsterInstance
) -> None:
    """Which file, what is wrong with it, and what to materialize again."""
    assert _run(settings, instance, dg.AssetSelection.groups("raw", "stages")).success
    damage(next((settings.output_folder / "stages" / "split_documents").glob("*.parquet")))
    run = _run(settings, instance, _selected(["judged_documents", "staged_dataset"]).without_checks())
    assert not run.success
    assert "split_documents/part-00000.parquet' cannot be " in _said(run)[0]
    assert "materialize split_documents again" in _said(run)[0]


def _retyped(table: pa.Table, name: str) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, table[name].cast(pa.string()))


def test_a_second_run_on_one_output_folder_ends_with_a_line(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Two that mix would publish what neither of them checked; the first one has the folder until its process ends."""
    settings.output_folder.mkdir()
    code = (
        "import sys; from pathlib import Path; from pipeline.claiming import claim\n"
        "claim(Path(sys.argv[1])); print('claimed', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, settings.output], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert "claimed\n" == other.stdout.readline()
        run = _run(settings, instance, _selected(["raw_documents"]))
        assert not run.success
        assert "another run is at work in" in _said(run)[0]
        other.kill()
    assert _run(settings, instance, _selected(["raw_documents"])).success


def test_previews_mask_personal_data(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Dagster keeps them: neither side, and no stage, shows an address that rules find."""
    (Path(settings.raw) / "contact.txt").write_text("联系邮箱：office@example.org，电话：13800138000。\n" * 9, "utf-8")
    run = _run(settings, instance, dg.AssetSelection.groups("raw", "stages"))
    for stage in recipe.STAGES:
        preview = _metadata(run, stage.asset)["preview"]
        assert "office@example.org" not in preview
        assert "13800138000" not in preview
    assert "█" in _metadata(run, "split_documents")["preview"]


def test_nothing_does_not_take_the_place_of_something(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Where every file is set aside, the folder was the wrong one more often than not."""
    assert _run(settings, instance).success
    former = _bytes(settings.output_folder / "dataset")
    for path in Path(settings.raw).rglob("*.*"):
        path.write_bytes(b"")
    run = _run(settings, instance)
    assert not run.success
    assert "no document is left to publish" in _said(run)[0]
    assert former == _bytes(settings.output_folder / "dataset")


def test_an_input_without_a_row_is_noticed(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Inputs are counted when they are found, rows when the dataset is written: a file that came between shows."""
    assert _run(settings, instance, _selected(["raw_documents"])).success
    (Path(settings.raw) / "late.txt").write_text(NEWS.replace("算力", "标注"), "utf-8")
    later = _selected([*(stage.asset for stage in recipe.STAGES), "judged_documents", "staged_dataset"])
    assert _run(settings, instance, later.without_checks()).success
    run = _run(settings, instance, AUDIT)
    assert not run.success
    assert "files_row_for_every_input" in _failed(run)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda settings: shutil.rmtree(settings.raw_folder), "does not exist"),
        (lambda settings: settings.output_folder.write_text("a file"), "is a file"),
    ],
)
def test_bad_input_is_one_line_and_no_trace(
    break_it: Any,  # noqa: ANN401
    said: str,
    settings: Settings,
    instance: dg.DagsterInstance,
) -> None:
    """The run fails with what is wrong and what to do, as an intended failure."""
    break_it(settings)
    run = _run(settings, instance)
    assert not run.success
    assert said in _said(run)[0]
    assert "\n" not in _said(run)[0]


def test_the_build_of_the_command_line_is_these_definitions(settings: Settings) -> None:
    """One job, all assets, all checks, one process."""
    job = definitions(settings, LogReporter()).resolve_job_def(BUILD.name)
    assert {spec.key for asset in ASSETS for spec in asset.specs} == set(job.asset_layer.executable_asset_keys)
    assert "in_process" == job.executor_def.name
