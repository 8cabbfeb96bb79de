"""Tags, on everything that takes them, from one place."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

import pulumi

from components.names import PROJECT
from components.settings import Settings


def stack_tags(settings: Settings) -> dict[str, str]:
    """The tags of every resource; the stack's own come on top."""
    return {
        "Project": PROJECT,
        "Environment": settings.stack,
        "ManagedBy": "pulumi",
        **settings.tags,
    }


def tag_everything(tags: Mapping[str, str]) -> None:
    """Give the tags to every resource that is made from here on and takes tags.

    A resource's own tags win.
    """

    def transformation(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if not takes_tags(type(args.resource)):
            return None
        inputs: dict[str, Any] = dict(args.props or {})
        props = {**inputs, "tags": {**tags, **(inputs.get("tags") or {})}}
        return pulumi.ResourceTransformationResult(props, args.opts)

    pulumi.runtime.register_stack_transformation(transformation)


@cache
def takes_tags(kind: type[pulumi.Resource]) -> bool:
    """Whether the provider's class has an input `tags`."""
    constructor = getattr(kind, "_internal_init", None)
    return constructor is not None and "tags" in inspect.signature(constructor).parameters
