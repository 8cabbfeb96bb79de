"""One stack's settings and names, and what every component of ours has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pulumi
from pulumi.runtime import config as config_runtime

from components.configuration import read_settings
from components.names import PROJECT, Names
from components.services import SERVICES, Service, sized
from components.settings import Settings


@dataclass(frozen=True)
class Stage:
    """What a component needs to know of the stack that it is part of."""

    settings: Settings

    @cached_property
    def names(self) -> Names:
        """The names of everything in the stack."""
        settings = self.settings
        return Names(stack=settings.stack, account=settings.account_id, region=settings.region)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The services in the sizes of this stack."""
        return tuple(sized(service, self.settings.services) for service in SERVICES)


def read_stage() -> Stage:
    """The stack that the engine runs, with its settings read and checked.

    Raises:
        SettingsError: With every wrong setting at once.
    """
    config = {**config_runtime.get_config_env(), **config_runtime.CONFIG.get()}
    return Stage(read_settings(pulumi.get_stack(), str(config.get("aws:region", "")), config))


class Component(pulumi.ComponentResource):
    """A component of the project: its token follows from its class, its inputs are visible.

    Policies read the inputs where the children's own properties are not known yet.
    """

    def __init__(
        self,
        name: str,
        stage: Stage,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        super().__init__(f"{PROJECT}:index:{type(self).__name__}", name, dict(inputs), opts)
        self._protects = stage.settings.protect

    def child(
        self,
        *depends_on: pulumi.Resource,
        ignore_changes: Sequence[str] = (),
        protect: bool = False,
    ) -> pulumi.ResourceOptions:
        """The options of a child.

        Args:
            depends_on: What must exist first, where only its name is passed on.
            ignore_changes: Properties that somebody else owns once the child exists.
            protect: Whether it holds or carries data, so that the stack may not delete it.
        """
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=list(depends_on),
            ignore_changes=list(ignore_changes),
            protect=True if protect and self._protects else None,
        )
