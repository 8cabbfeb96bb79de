"""What runs until it is stopped, for as long as a `with` block."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Running(ABC):
    """Something that has been started; the end of its `with` block stops it."""

    @abstractmethod
    def stop(self) -> None:
        """End it and all that it started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
