"""Which engine somebody asked for, and whether it is there.

Here belongs the choice; how each engine runs a function is said in its own module, and imported when it is asked for.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pipeline.options import ENGINE, RAY_ADDRESS, BadOption, EngineName

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Engine(NamedTuple):
    """An engine by its name, the cluster that it works with, or so many processes of this machine.

    >>> list(Engine().run(len, [["a", "b"], ["c"]]))
    [2, 1]

    The local one works in this process here: it is asked for others where that is worth it.
    """

    name: EngineName = "local"
    ray_address: str = ""
    workers: int = 0

    def checked(self) -> Engine:
        """The engine itself, where it can be had; nothing is started, and nothing heavy imported.

        Raises :class:`pipeline.options.BadOption` where it cannot.
        """
        ENGINE.checked(self.name, called=ENGINE.name)
        RAY_ADDRESS.checked(self.ray_address, called=RAY_ADDRESS.name)
        if self.name == "ray" and find_spec("ray") is None:
            message = (
                "the engine ray needs Ray, which is not installed: install it (pip install 'zhengwen[ray]'), or take "
                "--engine local"
            )
            raise BadOption(message)
        if self.ray_address.startswith("ray://"):
            message = (
                f"--ray-address is {self.ray_address!r}, which is for Ray's client: run this on a machine of the "
                "cluster, and give auto or host:port (see docs/cluster.md)"
            )
            raise BadOption(message)
        return self

    def run(
        self,
        function: Callable[[Batch], Result],
        batches: Iterable[Batch],
        *,
        rescue: Callable[[Batch, Callable[[Batch], bool]], Batch] | None = None,
    ) -> Generator[Result]:
        """The results of a function for each batch, in their order, as every engine gives them.

        Raises :class:`pipeline.options.BadOption` where the engine cannot be had.
        """
        self.checked()
        if self.name == "local":
            from pipeline.engines import local  # noqa: PLC0415  Arrow is heavy, and a command line asks for the choice

            return local.run(function, batches, rescue=rescue)
        from pipeline.engines import ray_data  # noqa: PLC0415  Ray is not in every environment, and takes seconds

        return ray_data.run(function, batches, address=self.ray_address, workers=self.workers, rescue=rescue)
