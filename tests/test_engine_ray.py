"""The engine on Ray: the same bytes as this machine's, whatever happens to its processes.

Here belongs what needs Ray, which is an extra: without it these tests are skipped. What needs none (choosing an engine,
folders that lie elsewhere) is tested in test_remote.py.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pyarrow.parquet as pq
import pytest
from engine_tasks import CleaningThatEnds, doubled, sum_of

from pipeline.__main__ import main
from pipeline.columns import STAGE_TABLES
from pipeline.engines import local
from pipeline.engines.choosing import Engine
from pipeline.orchestration.definitions import definitions
from pipeline.orchestration.reporting import LogReporter
from pipeline.orchestration.settings import Settings
from pipeline.sources.files import BadInput, find_inputs
from pipeline.stages import write_stages
from pipeline.time_limit import KILLED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from pipeline.stages import AssetReport, Batch

ray = pytest.importorskip("ray", reason="Ray is not installed: it is the extra `ray`, which .ci/run installs")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Ray's own
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

RAW = Path(__file__).parents[1] / "raw"
ASSETS = list(STAGE_TABLES)
POISON = "poison.txt"


@pytest.fixture(scope="module", autouse=True)
def two_workers() -> Iterator[None]:
    """A Ray on this machine, of two processes, which find the functions of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])]))
        ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        yield
        ray.shutdown()


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented documents once more, and enough others for several batches."""
    raw = tmp_path_factory.mktemp("crawl")
    for number in range(1100):
        text = f"标题：关于第{number}号试点的通知\n\n各区应当推动人工智能与实体经济深度融合，按第{number}号方案办理。\n"
        (raw / f"{number:04}.txt").write_text(text, "utf-8")
    (raw / POISON).write_text("标题：关于试点的通知\n\n各区应当加强统筹，按方案办理，按季度报告进展。\n", "utf-8")
    (raw / "samples").mkdir()
    for file in RAW.rglob("*"):
        if file.is_file() and file.name != "README.md":
            (raw / "samples" / "-".join(file.relative_to(RAW).parts)).write_bytes(file.read_bytes())
    return raw


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _run() -> Callable[..., Generator[Any]]:
    return Engine("ray").run


# ------------------------------------------------------------------------------------------------ functions
def test_results_come_in_the_order_of_the_batches() -> None:
    """More batches than are handed over in one go, and none at all."""
    assert [2 * number for number in range(100, 300)] == list(_run()(doubled, range(100, 300)))
    assert [] == list(_run()(doubled, []))


def test_an_error_of_the_function_is_raised_here() -> None:
    """As what it is, and not as Ray's; what came before it is there."""
    found: list[int] = []
    with pytest.raises(LookupError, match="seven"):
        found.extend(_run()(doubled, [7]))
    assert [] == found


def test_what_ends_every_process_is_an_error_where_nobody_says_what_is_left() -> None:
    """The batches before it come out."""
    from pipeline.engines.ray_data import BatchLost  # noqa: PLC0415  it imports Ray

    results = _run()(sum_of, [[1, 2], [12, 13, 14]])
    assert 3 == next(results)
    with pytest.raises(BatchLost, match="more memory"):
        next(results)


# ------------------------------------------------------------------------------------------------ tables
def _tables(crawl: Path, output: Path, run: Callable[..., Any] = local.run) -> dict[str, AssetReport]:
    inputs = find_inputs(crawl, run=run)
    return write_stages(inputs, output, assets=ASSETS, run=run)


def test_the_stage_tables_are_those_of_the_local_engine(crawl: Path, tmp_path: Path) -> None:
    """Byte for byte, containers and files that are set aside included; and so is what is reported of them."""
    local, ours = _tables(crawl, tmp_path / "local"), _tables(crawl, tmp_path / "ray", _run())
    assert len(list((tmp_path / "ray" / "stages" / ASSETS[0]).iterdir())) > 2
    assert _files(tmp_path / "local") == _files(tmp_path / "ray")
    assert local == ours


def _ending(name: str, done: Path | None = None) -> Callable[..., Any]:
    """The engine, with a cleaning that ends its process."""

    def run(function: Any, batches: Iterable[Batch], *, rescue: Any = None) -> Generator[Any]:  # noqa: ANN401
        return _run()(CleaningThatEnds(function, name, done), batches, rescue=rescue)

    return run


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(crawl: Path, tmp_path: Path) -> None:
    """The tables are the local engine's, byte for byte."""
    inputs = find_inputs(crawl)
    write_stages(inputs, tmp_path / "local", assets=ASSETS)
    write_stages(inputs, tmp_path / "ray", assets=ASSETS, run=_ending("0600.txt", tmp_path / "done"))
    assert (tmp_path / "done").exists()
    assert _files(tmp_path / "local") == _files(tmp_path / "ray")


def test_a_document_that_ends_every_process_is_set_aside_alone(crawl: Path, tmp_path: Path) -> None:
    """With a reason and a detail; the rows of all others are as they were."""
    inputs = find_inputs(crawl)
    write_stages(inputs, tmp_path / "local", assets=ASSETS)
    write_stages(inputs, tmp_path / "ray", assets=ASSETS, run=_ending(POISON))
    for asset in ASSETS:
        expected, found = (pq.read_table(tmp_path / one / "stages" / asset).to_pylist() for one in ("local", "ray"))
        assert [row["raw_path"] for row in expected] == [row["raw_path"] for row in found]
        assert [POISON] == [new["raw_path"] for old, new in zip(expected, found, strict=True) if old != new]
        (poison,) = (row for row in found if row["raw_path"] == POISON)
        assert ("step_failed", KILLED, None) == (poison["set_aside"], poison["set_aside_detail"], poison["text"])


def test_files_of_one_process_are_sent_along(tmp_path: Path) -> None:
    """`memory://` is read here, and cleaned there; `local://` is read there; both as the folder itself."""
    import fsspec  # noqa: PLC0415  the tests above need none

    expected = _tables(RAW, tmp_path / "disk")
    fsspec.filesystem("memory").put(f"{RAW}/", "/crawl", recursive=True)
    for name in ("memory://crawl", f"local://{RAW}"):
        settings = Settings(raw=name, output=str(tmp_path / name.partition(":")[0]), engine="ray")
        inputs = find_inputs(settings.raw_folder, run=settings.with_engine.run)
        found = write_stages(inputs, settings.output_folder, assets=ASSETS, run=settings.with_engine.run)
        assert _files(tmp_path / "disk") == _files(settings.output_folder)
        assert expected == found


# ------------------------------------------------------------------------------------------------ whole builds
def test_the_command_line_builds_the_same_dataset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file of the dataset, of what is private, and of the report."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for file in sorted(RAW.rglob("*"))[:20]:
        if file.is_file() and file.name != "README.md":
            (raw / file.name).write_bytes(file.read_bytes())
    assert 0 == main(["build", "--raw", str(raw), "--output", str(tmp_path / "local")])
    monkeypatch.chdir(tmp_path)
    assert 0 == main(["build", "--raw", "raw", "--output", "ray", "--engine", "ray"])
    assert "published" in capsys.readouterr().out
    for folder in ("dataset", "private", "report", "stages"):
        assert _files(tmp_path / "local" / folder) == _files(tmp_path / "ray" / folder)


def test_the_launchpad_sets_the_engine(tmp_path: Path) -> None:
    """The resource of the launchpad is what a run is configured with."""
    job = definitions(Settings(), LogReporter()).resolve_implicit_global_asset_job_def()
    configured = {"raw": str(RAW), "output": str(tmp_path / "ray"), "engine": "ray"}
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        run = job.execute_in_process(
            instance=instance,
            run_config={"resources": {"settings": {"config": configured}}},
            asset_selection=[dg.AssetKey("raw_documents"), *map(dg.AssetKey, ASSETS)],
        )
    assert run.success
    write_stages(find_inputs(RAW), tmp_path / "local", assets=ASSETS)
    for asset in ASSETS:
        assert _files(tmp_path / "local" / "stages" / asset) == _files(tmp_path / "ray" / "stages" / asset)


def test_a_folder_that_a_worker_does_not_see_is_said_in_one_line(tmp_path: Path) -> None:
    """Tables are written by the workers: on a machine without the folder they would be lost."""

    def run(function: Any, batches: Iterable[Any], *, rescue: Any = None) -> Generator[Any]:  # noqa: ANN401
        for folder in function.write.keywords["folders"].values():
            folder.rmdir()  # as on a machine that has another disk
        return _run()(function, batches, rescue=rescue)

    with pytest.raises(BadInput, match=r"does not see .*: name a folder that every machine has .*--output DIR"):
        write_stages(find_inputs(RAW), tmp_path, assets=ASSETS, run=run)


def test_a_machine_with_another_pipeline_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that were made by two recipes would be one table of neither."""
    monkeypatch.setattr("pipeline.recipe.fingerprint", lambda _: "of another release")
    with pytest.raises(BadInput, match="is another one: install the same release on every machine"):
        write_stages(find_inputs(RAW), tmp_path, assets=ASSETS, run=_run())


def test_nothing_is_sent_home() -> None:
    """Ray reports how it is used unless it is told not to, and its dashboard is a server."""
    assert [2] == list(_run()(doubled, [1]))
    assert "0" == os.environ["RAY_USAGE_STATS_ENABLED"]
    assert not ray._private.worker._global_node.webui_url  # noqa: SLF001  Ray says it nowhere else


# ------------------------------------------------------------------------------------------------ clusters
def test_a_cluster_that_does_not_answer_is_said_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Within seconds, and before any document is read."""
    ray.shutdown()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        code = main(
            ["build", "--raw", str(RAW), "--output", str(tmp_path), "--engine", "ray", "--ray-address", address]
        )
    last = capsys.readouterr().err.splitlines()[-1]
    assert (2, True) == (code, last.startswith(f"pipeline: no Ray cluster answers at '{address}'")), last
