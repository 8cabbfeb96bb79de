"""Where policy documents stand, for the controls that judge all of them."""

from collections.abc import Mapping
from typing import Final

from policy import tokens
from policy.iam.attachments import ATTACHING_INPUTS

DOCUMENT_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    tokens.ROLE_POLICY: ("policy",),
    tokens.MANAGED_POLICY: ("policy",),
    tokens.USER_POLICY: ("policy",),
    tokens.GROUP_POLICY: ("policy",),
    tokens.ROLE: ("inlinePolicies",),
    tokens.IDENTITY_DOCUMENT: ("grants",),
}
"""Documents of identities."""

ROLE_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    **DOCUMENT_INPUTS,
    **ATTACHING_INPUTS,
    tokens.ROLE_POLICY: ("policy", "role"),
    tokens.ROLE: ("inlinePolicies", "name", *ATTACHING_INPUTS[tokens.ROLE]),
}
"""Documents of identities, and the roles that have them."""

RESOURCE_DOCUMENT_INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    tokens.QUEUE_POLICY: ("policy",),
    tokens.TOPIC_POLICY: ("policy",),
    tokens.KEY_POLICY: ("policy",),
    tokens.REPOSITORY_POLICY: ("policy",),
    tokens.QUEUE: ("policy",),
    tokens.TOPIC: ("policy",),
    tokens.KEY: ("policy",),
    tokens.SECRET: ("policy",),
    tokens.SECRET_POLICY: ("policy",),
    tokens.TABLE_POLICY: ("policy",),
}
"""Documents of resources."""
