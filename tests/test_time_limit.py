"""Work that does not end is ended, also where the first alarm is not heard, and nothing is left of an alarm."""

from __future__ import annotations

import contextlib
import signal
import threading
import time

import pytest

from pipeline import time_limit as module
from pipeline.time_limit import OutOfTime, time_limit


def _work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_an_alarm_that_was_swallowed_rings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that catches whatever is raised in it would go on without end."""
    monkeypatch.setattr(module, "AGAIN", 0.01)
    heard = []

    def work_on() -> None:
        with contextlib.suppress(OutOfTime):
            _work(60)
        heard.append(1)
        _work(60)

    with pytest.raises(OutOfTime), time_limit(0.01):
        work_on()
    assert [1] == heard


def test_work_that_ends_in_time_leaves_no_alarm() -> None:
    """What comes behind it is not limited, and the next document has its own time."""
    for _ in range(2):
        with time_limit(60):
            assert signal.getitimer(signal.ITIMER_PROF)[0] > 0
        assert (0, 0) == signal.getitimer(signal.ITIMER_PROF)
        assert signal.SIG_DFL is signal.getsignal(signal.SIGPROF)


def test_an_alarm_at_the_very_end_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may ring while the limit is taken off, which is done nevertheless."""

    class Ringing(list[float]):
        def clear(self) -> None:
            if self:
                super().clear()
                raise OutOfTime

    monkeypatch.setattr(module, "_in_force", Ringing())
    with pytest.raises(OutOfTime), time_limit(60):
        pass
    assert (0, 0) == signal.getitimer(signal.ITIMER_PROF)
    assert signal.SIG_DFL is signal.getsignal(signal.SIGPROF)


def test_an_alarm_of_another_program_is_left_alone() -> None:
    """A profiler, say, that is at work in the same process."""
    rung = []
    signal.signal(signal.SIGPROF, lambda *_: rung.append(1))
    try:
        with time_limit(0.001):
            _work(0.01)
        signal.raise_signal(signal.SIGPROF)
    finally:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    assert [1] == rung


def test_a_thread_that_is_not_the_first_works_on() -> None:
    """Python hands signals to the first one."""
    done = []

    def work() -> None:
        with time_limit(0.001):
            _work(0.01)
        done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [1] == done
