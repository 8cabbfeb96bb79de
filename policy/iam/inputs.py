"""Where policy documents stand, for the controls that judge all of them."""

from collections.abc import Mapping
from typing import Final

from policy import types

DOCUMENT_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    types.ROLE_POLICY: ("policy",),
    types.MANAGED_POLICY: ("policy",),
    types.ROLE: ("inlinePolicies",),
    types.IDENTITY_DOCUMENT: ("grants",),
}
"""Documents of identities."""

RESOURCE_DOCUMENT_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    types.QUEUE_POLICY: ("policy",),
    types.TOPIC_POLICY: ("policy",),
    types.KEY_POLICY: ("policy",),
    types.REPOSITORY_POLICY: ("policy",),
    types.QUEUE: ("policy",),
    types.TOPIC: ("policy",),
    types.KEY: ("policy",),
    types.SECRET: ("policy",),
}
"""Documents of resources."""
