"""Remedies as CrossGuard policies: they mend a resource's inputs before it is made."""

from collections.abc import Iterable, Mapping

from pulumi_policy import EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy

from policy.control import Control, Remedy
from policy.graph import Graph
from policy.judge import judge
from policy.resource import Resource
from policy.settings import REMEDY, parameters_of


class RemedyPolicy(ResourceValidationPolicy):
    """A control's remedy under its own name: off unless the configuration says `remediate`."""

    def __init__(self, control: Control, remedy: Remedy) -> None:
        """Take over the control's parameters: what is wanted and what is set are one."""
        schemas = {name: dict(schema) for name, schema in parameters_of(control).items()}
        super().__init__(
            name=f"{REMEDY}{control.id}",
            description=f"Mends: {control.title}",
            enforcement_level=EnforcementLevel.DISABLED,
            config_schema=PolicyConfigSchema(schemas) if schemas else None,
            tags=[control.service],
        )
        self._control = control
        self._remedy = remedy

    def mended(
        self, resource: Resource, sent: Mapping[str, object], config: Mapping[str, object]
    ) -> Mapping[str, object] | None:
        """The inputs as they were sent, mended; None where the control holds or cannot tell.

        Args:
            resource: what is judged, in plain values.
            sent: its inputs in the form of the wire, whose secrets and unknowns are kept.
            config: the policy's parameters.
        """
        if resource.type not in self._control.judges:
            return None
        graph = Graph([resource])
        if not judge(self._control, graph, config).violations:
            return None
        return self._remedy(sent, self._control.context(graph, config))


def remedies(controls: Iterable[Control]) -> list[RemedyPolicy]:
    """A policy for each control that has a remedy."""
    return [RemedyPolicy(item, item.remedy) for item in controls if item.remedy is not None]
