"""Which images run: one, or for a while the older and the newer."""


class Deploys:
    """`running` says of each image that runs whether it is the newer one."""

    def __init__(self) -> None:
        self.running = {False}

    def begin_or_end(self) -> None:
        """The newer image comes; the next time, the older one goes."""
        self.running = {False, True} if self.running == {False} else {True}

    @property
    def under_way(self) -> bool:
        """Whether there are two."""
        return len(self.running) > 1

    @property
    def oldest(self) -> bool:
        """Whether the oldest image that runs is the newer one."""
        return min(self.running)

    @property
    def newest(self) -> bool:
        """Whether the newest image that runs is the newer one."""
        return max(self.running)
