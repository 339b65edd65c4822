"""The local engine: order, few in flight, errors, killed processes, and what is left when somebody stops it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from engine_functions import Deed, hang, later, note, refuse, refuse_oddly, threads

from pipeline.engines import local, processes
from pipeline.engines.processes import Pool, Task, TookTooLong, WorkerDied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_batches(workers: int) -> None:
    """Whoever is done first waits for those before it."""
    assert list(range(10)) == list(local.run(later, range(10), workers=workers))
    assert [] == list(local.run(later, [], workers=workers))


def test_few_batches_are_begun_before_their_results_are_taken(tmp_path: Path) -> None:
    """What is in flight does not grow with what there is to do."""
    taken = []

    def deeds() -> Iterator[Deed]:
        for number in range(20):
            taken.append(number)
            yield Deed(tmp_path, number)

    with contextlib.closing(local.run(note, deeds(), workers=2)) as results:
        for number, _ in enumerate(results):
            assert len(taken) <= number + 1 + 2 * local.BATCHES_A_WORKER


def test_work_is_done_by_so_many_processes_and_not_by_this_one(tmp_path: Path) -> None:
    """They are kept for the next call; with one worker there is none."""
    deeds = [Deed(tmp_path, number) for number in range(12)]
    assert 12 == len(list(local.run(note, deeds, workers=2)))
    first = {int((tmp_path / f"{number}").read_text()) for number in range(12)}
    assert os.getpid() not in first
    assert len(first) <= 2
    assert 12 == len(list(local.run(note, deeds, workers=2)))
    assert {int((tmp_path / f"{number}").read_text()) for number in range(12)} <= first
    assert [0] == list(local.run(note, deeds[:1], workers=1))
    assert str(os.getpid()) == (tmp_path / "0").read_text()


def test_a_process_takes_one_thread() -> None:
    """There is one for each core already."""
    assert [(1, "1")] == list(local.run(threads, [0], workers=2))
    assert "PYTHONSAFEPATH" not in os.environ


def test_an_error_is_raised_as_it_is() -> None:
    """With what it says; results before it are handed over, and the engine works on."""
    for workers in (1, 2):
        results = local.run(refuse, range(5), workers=workers)
        assert [0, 1] == [next(results), next(results)]
        with pytest.raises(ValueError, match="two is refused"):
            next(results)
    with pytest.raises(RuntimeError, match="Picky: 1 and 2"):
        list(local.run(refuse_oddly, [0], workers=2))
    assert [0, 1] == list(local.run(refuse, [0, 1], workers=2))


def test_a_batch_whose_process_is_killed_is_done_by_another(tmp_path: Path) -> None:
    """Those beside it lose nothing."""
    deeds = [Deed(tmp_path, number, ("once",) if number in {1, 2} else ()) for number in range(6)]
    assert list(range(6)) == list(local.run(note, deeds, workers=2))


def test_a_batch_that_kills_again_is_rescued_or_an_error(tmp_path: Path) -> None:
    """Whoever rescues it may try what kills."""
    deeds = [Deed(tmp_path, number, ("always",) if number == 3 else ()) for number in range(6)]
    with pytest.raises(WorkerDied, match="killed twice"):
        list(local.run(note, deeds, workers=2))
    tried = []

    def rescue(deed: Deed, survives: Callable[[Deed], bool]) -> Deed:
        tried.append((survives(deed), survives(deed._replace(deadly=()))))
        return deed._replace(number=33, deadly=())

    assert [0, 1, 2, 33, 4, 5] == list(local.run(note, deeds, workers=2, rescue=rescue))
    assert [(False, True)] == tried


def test_a_batch_that_hangs_is_ended_and_rescued(tmp_path: Path) -> None:
    """After the time that it has, which is asked for each; those beside it lose nothing."""
    deeds = [Deed(tmp_path, number, ("hang",) if number == 1 else ()) for number in range(4)]

    def seconds(deed: Deed) -> float:
        return 0.3 if deed.deadly else 60

    with pytest.raises(TookTooLong, match="it hangs"):
        list(local.run(note, deeds, workers=2, seconds=seconds))
    tried = []

    def rescue(deed: Deed, survives: Callable[[Deed], bool]) -> Deed:
        tried.append((survives(deed), survives(deed._replace(deadly=()))))
        return deed._replace(number=11, deadly=())

    assert [0, 11, 2, 3] == list(local.run(note, deeds, workers=2, rescue=rescue, seconds=seconds))
    assert [(False, True)] == tried


def test_a_process_that_is_killed_before_it_begins_is_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no sign that none can be started: another one does its work."""
    one = processes._Worker  # noqa: SLF001
    ready = one.wait_until_ready
    killed: list[processes._Worker] = []

    def kill_the_first(worker: processes._Worker) -> None:
        if not killed:
            killed.append(worker)
            worker.process.kill()
            worker.process.join()
            with contextlib.suppress(EOFError):  # it may have been ready already
                worker._pipe.recv_bytes()  # noqa: SLF001
        ready(worker)

    monkeypatch.setattr(one, "wait_until_ready", kill_the_first)
    assert 0 == Pool(1).begin(Task(note, Deed(tmp_path, 0))).result()
    assert 1 == len(killed)


def test_a_process_that_ends_idle_is_none_that_was_killed(tmp_path: Path) -> None:
    """It was given something in the very moment in which it was through with waiting."""
    pool = Pool(1)
    assert 0 == pool.begin(Task(note, Deed(tmp_path, 0), tries=1)).result()
    (worker,) = pool._free  # noqa: SLF001
    worker._pipe.close()  # noqa: SLF001  for who is at the other end, this is the same
    worker.process.join()
    worker.process.is_alive = lambda: True
    assert 1 == pool.begin(Task(note, Deed(tmp_path, 1), tries=1)).result()
    assert (tmp_path / "0").read_text() != (tmp_path / "1").read_text()


def test_a_program_that_cannot_be_imported_again_is_told_so(tmp_path: Path) -> None:
    """Nothing is taken for a batch that kills."""
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path[:0] = {[str(HERE.parent)]!r}\n"
        "from pipeline.engines import local\nprint(list(local.run(len, [[1], []], workers=2)))\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert "no process could be started" in done.stderr.splitlines()[-1]


def test_a_long_name_of_the_folder_for_temporary_files_stops_nothing(tmp_path: Path) -> None:
    """No socket has a path of more than 107 bytes: processes are started without one, and nothing stays there."""
    long = tmp_path / ("long" * 32)
    long.mkdir()
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path[:0] = {[str(HERE.parent)]!r}\n"
        "from pipeline.engines import local\nfrom pipeline.engines.processes import prepare\n"
        "if __name__ == '__main__':\n    prepare()\n    print(list(local.run(len, [[1], []], workers=2)))\n"
    )
    environment = {**os.environ, "TMPDIR": os.fspath(long)}
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, env=environment)
    assert ("[1, 0]\n", "") == (done.stdout, done.stderr)
    assert [] == list(long.iterdir())


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def _wait(until: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError):
            if until():
                return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_who_closes_the_results_ends_what_was_begun(tmp_path: Path) -> None:
    """At once, whatever it is doing."""
    deeds = [Deed(tmp_path, number) for number in range(2)]
    results = local.run(hang, deeds, workers=2)

    def close_once_begun(*_: object) -> None:
        is_begun = all((tmp_path / str(number)).exists() for number in range(2))
        # Again in any case: what is raised while something is freed is swallowed.
        signal.setitimer(signal.ITIMER_REAL, 2 if is_begun else 0.05)
        if is_begun:
            raise KeyboardInterrupt

    former = signal.signal(signal.SIGALRM, close_once_begun)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt):
            next(results)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    processes = [int((tmp_path / str(number)).read_text()) for number in range(2)]
    assert _wait(lambda: not any(map(_is_there, processes)))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the mask of a process in /proc")
def test_ctrl_c_is_not_for_the_server_from_its_first_moment() -> None:
    """One that it hits at its imports would say so at length: all processes of a terminal are sent it."""
    program = (
        "from multiprocessing import forkserver\nfrom pathlib import Path\n"
        "from pipeline.engines.processes import prepare\n"
        "prepare(); print(Path(f'/proc/{forkserver._forkserver._forkserver_pid}/status').read_text())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    (blocked,) = (int(line.split()[1], 16) for line in said.splitlines() if line.startswith("SigBlk:"))
    assert blocked & 1 << signal.SIGINT - 1


@pytest.mark.parametrize(
    ("how", "folder"),
    [(signal.SIGINT, ""), (signal.SIGKILL, ""), (signal.SIGTERM, ""), (signal.SIGINT, "long" * 32)],
    ids=["SIGINT", "SIGKILL", "SIGTERM", "SIGINT, no server"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_who_is_stopped_leaves_no_process_behind(how: signal.Signals, folder: str, tmp_path: Path) -> None:
    """Ctrl-C, a kill without warning: those at work end, and the server from which they are forked."""
    (tmp_path / folder).mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": os.fspath(tmp_path / folder)} if folder else None
    program = tmp_path / "program.py"
    program.write_text(
        f"import sys; sys.path[:0] = {[str(HERE), str(HERE.parent)]!r}\n"
        "import signal\nfrom pathlib import Path\nfrom engine_functions import Deed, hang\n"
        "from pipeline.engines import local\n"
        # Who is started in the background may have been told to ignore them.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "if __name__ == '__main__':\n"
        f"    list(local.run(hang, [Deed(Path({str(tmp_path)!r}), n) for n in range(4)], workers=2))\n"
    )
    command = [sys.executable, os.fspath(program)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, env=environment) as run:
        try:
            assert _wait(lambda: all((tmp_path / str(number)).exists() for number in range(2)))
            os.kill(run.pid, how) if how != signal.SIGINT else os.killpg(run.pid, how)
            run.communicate(timeout=60)
        finally:
            run.kill()  # who waits for it would wait forever
    assert 0 != run.returncode
    assert _wait(lambda: not _of_group(run.pid))


def _of_group(group: int) -> list[int]:
    """The processes of a group that are alive."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of, *_ = stat.read_text().rpartition(")")[2].split()
            if int(of) == group and state != "Z":
                alive.append(int(stat.parent.name))
    return alive
